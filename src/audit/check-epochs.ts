import type { HistoryEpoch, VenueHistory } from '../chain/history/venue-history.js';
import { finding, type AuditFinding } from './audit-finding.js';
import { checkCoverage } from './check-coverage.js';
import { isBefore, snapshotOf } from './epoch-snapshot.js';

/** That epochs follow one another, each within its windows and over a table that was accepted; and whether it was covered. */
export function checkEpochs(history: VenueHistory, from: number, to: number): AuditFinding[] {
  return history.epochs.filter(({ epoch }) => epoch >= from && epoch <= to).flatMap((epoch) => [
    ...checkOrder(epoch, history), ...checkSnapshot(epoch, history), ...checkTable(epoch, history), ...checkCircuits(epoch, history), ...checkCoverage(epoch, history),
  ]);
}

function checkOrder({ epoch, record }: HistoryEpoch, { epochs, config }: VenueHistory): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const age = record.acceptedAt - record.snapshotTime;
  if (age < 0 || age > config.maxSubmissionAge) {
    findings.push(finding('window-broken', epoch, `accepted ${age} s after its snapshot, the rules allow 0 to ${config.maxSubmissionAge} s`));
  }
  const before = epochs[epoch - 2];
  if (before === undefined) return findings;
  if (record.snapshotTime < before.record.acceptedAt || record.acceptedInBlock < before.record.acceptedInBlock) {
    findings.push(finding('epoch-order-broken', epoch, `its snapshot is of ${record.snapshotTime}, epoch ${epoch - 1} was accepted at ${before.record.acceptedAt}`));
  }
  const silence = record.acceptedAt - before.record.snapshotTime;
  if (silence > config.haltAfter) findings.push(finding('long-silence', epoch, `accepted ${silence} s after the snapshot of epoch ${epoch - 1}; the gate halts after ${config.haltAfter} s`));
  return findings;
}

function checkSnapshot(epoch: HistoryEpoch, history: VenueHistory): AuditFinding[] {
  const { record, announcement } = epoch;
  if (record.acceptedInBlock < history.fromBlock || announcement === undefined) return [];
  const replaced = history.snapshots.filter((one) => one.epoch === epoch.epoch && one.replaced).length;
  const findings = replaced === 0 ? [] : [finding('snapshot-replaced', epoch.epoch, `${replaced + 1} checkpoints were taken, the last one counts`)];
  const snapshot = snapshotOf(epoch, history);
  if (snapshot === undefined) {
    const told = history.gaps.some((gap) => gap.kind === 'snapshot-log-missing' && gap.epoch === epoch.epoch);
    return told ? findings : [...findings, finding('snapshot-log-missing', epoch.epoch, `no checkpoint of epoch ${epoch.epoch} stands before its acceptance`)];
  }
  if (snapshot.openedAt === record.snapshotTime) return findings;
  return [...findings, finding('snapshot-differs', epoch.epoch, `the epoch names ${record.snapshotTime}, its checkpoint was taken at ${snapshot.openedAt}`)];
}

function checkTable({ epoch, record, market, announcement }: HistoryEpoch, { config, markets }: VenueHistory): AuditFinding[] {
  if (market === undefined || market.level !== 'maintenance') {
    return [finding('table-not-accepted', epoch, `the table ${record.marketCommitment} is ${market === undefined ? 'not known to the market source' : `at ${market.level} level`}`)];
  }
  const findings: AuditFinding[] = [];
  const distance = Math.abs(market.snapshotTime - record.snapshotTime);
  if (distance > config.marketTolerance) {
    findings.push(finding('table-outside-tolerance', epoch, `its table is of ${market.snapshotTime}, ${distance} s from the snapshot; the rules allow ${config.marketTolerance} s`));
  }
  const accepted = markets.tables.find(({ commitment }) => commitment === record.marketCommitment);
  if (accepted !== undefined && announcement !== undefined && !isBefore(accepted.at, announcement.at)) {
    findings.push(finding('table-accepted-later', epoch, `the table was accepted in block ${accepted.at.block}, the epoch in block ${announcement.at.block}`));
  }
  return findings;
}

function checkCircuits({ epoch, announcement }: HistoryEpoch, { circuits }: VenueHistory): AuditFinding[] {
  if (announcement === undefined) return [];
  const { batches, parts, close } = announcement.circuits;
  const expected: readonly (readonly [bigint, string])[] = [
    ...batches.map((id) => [id, 'batch'] as const), ...parts.map((id) => [id, 'close-part'] as const), [close, parts.length === 0 ? 'close' : 'close-end'],
  ];
  const kinds = new Map(circuits.map(({ circuitId, kind }) => [circuitId, kind]));
  const wrong = expected.find(([id, kind]) => kinds.get(id) !== kind);
  return wrong === undefined ? [] : [finding('circuit-of-wrong-kind', epoch, `circuit ${wrong[0]} stands for a ${wrong[1]}, the registry lists it as ${kinds.get(wrong[0]) ?? 'nothing'}`)];
}
