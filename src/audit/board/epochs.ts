import type { HistoryEpoch, VenueHistory } from '../../chain/history/venue-history.js';
import type { AcceptedEpoch, EpochEntry, Gap } from './board.js';
import { assetCoverage, lossesOf, type EpochOnBoard } from './coverage.js';
import { attestationVerdict, type CheckedDocument } from './documents.js';
import { countOf, derived, SECONDS, UNIX_TIME, type Backed, type Fact, type Figure, type Unit } from './figure.js';
import { fact, figure, fromEvent, fromState } from './sources.js';
import { standingOf } from './standing.js';

const ACCOUNTS = countOf('accounts at most');

/** Every number from 1 to the latest epoch that anything is known of. */
export function epochEntries(history: VenueHistory, documents: readonly CheckedDocument[], unit: Unit): EpochEntry[] {
  const known = new Map(history.epochs.map((one) => [one.epoch, one]));
  const latest = Math.max(0, ...known.keys());
  return Array.from({ length: latest }, (_, place): EpochEntry => {
    const epoch = known.get(place + 1);
    if (epoch === undefined) return { state: 'missing', epoch: place + 1 };
    return acceptedEpoch(history, epoch, known.get(place), documents, unit);
  });
}

function acceptedEpoch(history: VenueHistory, epoch: HistoryEpoch, before: HistoryEpoch | undefined, documents: readonly CheckedDocument[], unit: Unit): AcceptedEpoch {
  const { record, announcement } = epoch;
  const number = epoch.epoch;
  const verdict = attestationVerdict(documents, number);
  const recorded = announcement === undefined ? fromState('registry', 'epochAt', number) : fromEvent('registry', 'EpochAccepted', announcement.at, number);
  const signal = (name: string): Backed => (verdict === 'verified'
    ? { standing: 'proven', source: [{ from: `attestation.${name}`, epoch: number }, ...recorded.source] } : recorded);
  const snapshot = history.snapshots.find((one) => one.epoch === number && !one.replaced && one.openedAt === record.snapshotTime);
  const opened = snapshot === undefined ? recorded : fromEvent('registry', 'SnapshotOpened', snapshot.at, number);
  const onBoard: EpochOnBoard = { epoch, snapshot, signal };
  const snapshotTime = figure(record.snapshotTime, UNIX_TIME, opened);
  const acceptedAt = figure(record.acceptedAt, UNIX_TIME, recorded);
  return {
    state: 'accepted', epoch: number, snapshotTime, acceptedAt,
    acceptanceDelay: derived(acceptedAt.value - snapshotTime.value, SECONDS, [acceptedAt, snapshotTime]),
    interval: before === undefined ? undefined : derived(snapshotTime.value - BigInt(before.record.snapshotTime), SECONDS, [snapshotTime, fromState('registry', 'epochAt', before.epoch)]),
    replacedSnapshots: figure(history.snapshots.filter((one) => one.epoch === number && one.replaced).length, countOf('snapshots'), fromState('registry', 'SnapshotOpened', number)),
    covered: fact(record.covered ? 'covered' : 'not covered', fromState('registry', 'epochAt', number)),
    disputed: disputeOf(history, number),
    stands: standingOf(history, epoch),
    table: tableOf(history, epoch),
    accountsBound: figure(record.accountsBound, ACCOUNTS, signal('accountsBound')),
    unhealthyBound: figure(record.unhealthyBound, ACCOUNTS, signal('unhealthyBound')),
    assets: assetCoverage(history, onBoard),
    losses: lossesOf(history, onBoard, unit),
    attestation: verdict ?? 'not-given',
  };
}

function disputeOf({ disputes }: VenueHistory, epoch: number): Fact | undefined {
  if (disputes === undefined) return undefined;
  const states = disputes.challenges.filter((one) => one.epoch === epoch).map(({ status }) => status);
  // A lost challenge that was made good leaves the epoch disputed: only the gate opens again.
  const words = states.includes('lost') || states.includes('cured') ? 'disputed' : states.includes('open') ? 'contested' : 'no';
  return fact(words, fromState('disputes', 'isContested', epoch));
}

function tableOf({ markets }: VenueHistory, { epoch, record }: HistoryEpoch): Fact {
  const accepted = markets.tables.find(({ commitment, level }) => commitment === record.marketCommitment && level === 'maintenance');
  const backed = accepted === undefined ? fromState('markets', 'market', epoch) : fromEvent('markets', markets.kind === 'stated' ? 'MarketStated' : 'MarketAccepted', accepted.at, epoch);
  if (markets.kind === 'stated') return { ...fact('stated by the parameter admin, prices unseen', backed), standing: 'stated' };
  if (markets.kind === 'other') return { ...fact('from a contract this version does not know', backed), standing: 'stated' };
  const acceptance = accepted?.acceptance;
  if (acceptance === undefined) return fact('accepted by the market board', backed);
  const volatilities = { none: '', signed: ', volatilities signed', bounded: ', volatilities the venue\'s within its bound' }[acceptance.volatilitySource];
  return fact(`from price round ${acceptance.round}${volatilities}`, backed);
}

/** Where the venue was late by its own deadline, what is missing, and what could not be read. */
export function gapsOf(history: VenueHistory, entries: readonly EpochEntry[]): Gap[] {
  const { config, readAt } = history;
  const late: Gap[] = [];
  const due = (epoch: AcceptedEpoch): Figure => derived(epoch.snapshotTime.value + BigInt(config.staleAfter), UNIX_TIME, [epoch.snapshotTime, fromState('registry', 'venue')]);
  const missing = entries.flatMap((one): Gap[] => (one.state === 'accepted' ? [] : [{
    kind: 'missing', epoch: one.epoch, from: undefined, to: undefined, seconds: undefined, words: `nothing of epoch ${one.epoch} could be read: the registry counts on past it`,
  }]));
  const addLate = (epoch: number, from: Figure, to: Figure, words: string): void => {
    if (to.value > from.value) late.push({ kind: 'late', epoch, from, to, seconds: derived(to.value - from.value, SECONDS, [from, to]), words });
  };
  entries.forEach((entry, place) => {
    if (entry.state !== 'accepted') return;
    const next = entries[place + 1];
    if (next?.state === 'accepted') addLate(next.epoch, due(entry), next.acceptedAt, `epoch ${next.epoch} came after the venue's own deadline: until then the gate let no new risk through`);
    if (next === undefined) addLate(entry.epoch + 1, due(entry), figure(readAt.time, UNIX_TIME, fromState('registry', 'mode')), `no epoch ${entry.epoch + 1} yet, past the venue's own deadline`);
  });
  const unread = history.gaps.map((gap): Gap => ({ kind: 'unread', epoch: gap.epoch, from: undefined, to: undefined, seconds: undefined, words: gap.detail }));
  return [...missing, ...late, ...unread];
}
