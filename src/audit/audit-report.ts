import { canonicalText, type JsonValue } from '../attestation/canonical-json.js';
import type { BlockPlace } from '../chain/history/event-place.js';
import type { GateState, HistoryAsset, VenueHistory } from '../chain/history/venue-history.js';
import type { VerificationStep } from '../verification/report.js';
import type { AuditedCircuits } from './audit-circuits.js';
import { FINDINGS, type AuditFinding, type Severity } from './audit-finding.js';
import { coverOf, type AssetCover } from './check-coverage.js';
import type { EpochOutcome, ProofSource, StressOutcome } from './epoch-outcome.js';
import { toJsonValue } from './plain-json.js';

/** `right`: all was checked and is as it must be. `fault`: something is not. `incomplete`: nothing is wrong, something could not be checked. */
export type AuditVerdict = 'right' | 'fault' | 'incomplete';

const EXIT_CODES: Readonly<Record<AuditVerdict, 0 | 1 | 2>> = { right: 0, fault: 1, incomplete: 2 };

export interface AuditedEpoch {
  readonly epoch: number;
  readonly snapshotTime: number;
  readonly acceptedAt: number;
  readonly block: number;
  /** Undefined where the node gave no event. */
  readonly transaction: string | undefined;
  readonly covered: boolean;
  readonly accountsBound: bigint;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  /** Empty where words, checkpoint or limits are not known. */
  readonly assets: readonly AssetCover[];
  /** Fund token base units; undefined likewise. */
  readonly fund: bigint | undefined;
  readonly source: ProofSource;
  readonly proofs: number;
  readonly steps: readonly VerificationStep[];
  readonly stress: readonly StressOutcome[];
}

export interface AuditReport extends AuditedCircuits {
  readonly venue: { readonly chainId: bigint; readonly registry: string; readonly venueId: bigint };
  readonly readAt: BlockPlace;
  readonly fromBlock: number;
  readonly program: string;
  /** First and last epoch looked at; 0 and 0 where the venue has none. */
  readonly range: { readonly first: number; readonly last: number };
  readonly verdict: AuditVerdict;
  readonly summary: string;
  /** Epochs whose verification was taken over from an earlier run that was stopped. */
  readonly resumed: number;
  /** Whether keys were held against a list of the reader's own. */
  readonly trustedKeys: boolean;
  readonly gate: GateState;
  readonly assets: readonly Pick<HistoryAsset, 'index' | 'token'>[];
  readonly epochs: readonly AuditedEpoch[];
  /** Faults first, then what could not be checked, then warnings; in the order of epochs. */
  readonly findings: readonly AuditFinding[];
}

const ORDER: readonly Severity[] = ['fault', 'unchecked', 'warning'];

export function exitCodeOfAudit(verdict: AuditVerdict): 0 | 1 | 2 {
  return EXIT_CODES[verdict];
}

export function countOf(findings: readonly AuditFinding[], severity: Severity): number {
  return findings.filter((one) => one.severity === severity).length;
}

/** Puts history, outcomes and findings together. */
export function reportOfAudit(
  history: VenueHistory, outcomes: readonly EpochOutcome[], found: readonly AuditFinding[], about: Pick<AuditReport, 'program' | 'range' | 'resumed' | 'trustedKeys' | 'circuits' | 'proposedCircuits'>,
): AuditReport {
  const { chainId, registry, venueId, readAt, fromBlock, gate } = history;
  const findings = [...found].sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity) || (one.epoch ?? 0) - (other.epoch ?? 0));
  const verdict = countOf(findings, 'fault') > 0 ? 'fault' : countOf(findings, 'unchecked') > 0 ? 'incomplete' : 'right';
  return Object.freeze({
    venue: { chainId, registry, venueId }, readAt, fromBlock, ...about, verdict, gate, findings,
    summary: summaryOf(verdict, findings, outcomes),
    assets: history.settlementAssets.map(({ index, token }) => ({ index, token })),
    epochs: outcomes.flatMap((outcome) => epochOf(history, outcome)),
  });
}

function epochOf(history: VenueHistory, { epoch, source, proofs, steps, stress }: EpochOutcome): AuditedEpoch[] {
  const found = history.epochs[epoch - 1];
  if (found === undefined) return [];
  const { snapshotTime, acceptedAt, acceptedInBlock, covered, accountsBound, unhealthyBound, shortfall } = found.record;
  const cover = coverOf(found, history);
  return [{
    epoch, snapshotTime, acceptedAt, block: acceptedInBlock, transaction: found.announcement?.at.transaction, covered, accountsBound, unhealthyBound, shortfall,
    assets: cover?.assets ?? [], fund: cover?.fund, source, proofs, steps, stress,
  }];
}

function summaryOf(verdict: AuditVerdict, findings: readonly AuditFinding[], outcomes: readonly EpochOutcome[]): string {
  const proofs = outcomes.reduce((sum, one) => sum + one.proofs, 0);
  const done = `${proofs} proofs of ${outcomes.length} epochs verify`;
  const warnings = countOf(findings, 'warning');
  const also = warnings === 0 ? '' : `; ${warnings} warnings`;
  if (verdict === 'right') return `RIGHT: ${done}, and everything else that was looked at is as it must be${also}`;
  const [faults, unchecked] = [countOf(findings, 'fault'), countOf(findings, 'unchecked')];
  if (verdict === 'fault') return `FAULT: ${faults} found, the first: ${findings[0]?.code ?? ''}${findings[0]?.epoch === undefined ? '' : ` in epoch ${findings[0].epoch}`}; ${done}${also}`;
  return `INCOMPLETE: nothing is wrong, ${unchecked} things could not be checked; ${done}${also}`;
}

/** audit.json as docs/formats.md has it. */
export function auditToJson(report: AuditReport): JsonValue {
  const findings = report.findings.map((one) => ({ ...one, meaning: FINDINGS[one.code].meaning }));
  return { ...toJsonValue({ ...report, findings }) as Readonly<Record<string, JsonValue>>, format: 'clearproof-audit', version: 1 };
}

export function serializeAudit(report: AuditReport): string {
  return `${canonicalText(auditToJson(report))}\n`;
}
