import { NodeContradictionError } from './history-errors.js';
import type { MarketHistory } from './market-history.js';
import type { ReserveHistory } from './reserve-history.js';
import type { BlockPlace } from './event-place.js';
import type { GateModeName, GateReason, GateState, HistoryEpoch, HistoryGap, VenueHistory } from './venue-history.js';

/** Names of GateMode in the order of its codes. */
const MODES: readonly GateModeName[] = ['open', 'reduce-only', 'withdraw-only', 'halt'];

/** What each reason makes of the gate. */
const MODE_OF: Readonly<Record<GateReason, GateModeName>> = {
  'no-epoch': 'halt', 'circuit-retired': 'halt', 'snapshot-past-halt': 'halt', 'reserves-closed': 'halt', 'not-covered': 'withdraw-only', disputed: 'withdraw-only',
  'snapshot-stale': 'reduce-only', 'reserves-paused': 'reduce-only',
};

/** The registry's mode, and the reasons for it as its rules have them. A gap where the two do not fit: then the mode is the registry's. */
export function gateOf(
  code: bigint, { config, circuits }: Pick<VenueHistory, 'config' | 'circuits'>, latest: HistoryEpoch | undefined, markets: MarketHistory,
  reserves: ReserveHistory['state'], disputedSince: number | undefined, now: BlockPlace,
): { readonly gate: GateState; readonly gaps: readonly HistoryGap[] } {
  const mode = MODES[Number(code)];
  if (mode === undefined) throw new NodeContradictionError(`the registry's mode is ${code}, which there is not: ask another node`, { code });
  const age = latest === undefined ? undefined : now.time - latest.record.snapshotTime;
  const holds: readonly (readonly [GateReason, boolean])[] = [
    ['no-epoch', latest === undefined],
    ['circuit-retired', latest !== undefined && restsOn(latest, markets).some((id) => circuits.some(({ circuitId, retiredAt }) => circuitId === id && retiredAt !== undefined))],
    ['snapshot-past-halt', age !== undefined && age > config.haltAfter],
    ['reserves-closed', reserves === 'closed'],
    ['not-covered', latest?.record.covered === false],
    ['disputed', disputedSince !== undefined],
    ['snapshot-stale', age !== undefined && age > config.staleAfter],
    ['reserves-paused', reserves === 'paused'],
  ];
  const reasons = holds.filter(([, holding]) => holding).map(([reason]) => reason);
  const expected = reasons[0] === undefined ? 'open' : MODE_OF[reasons[0]];
  const gaps: HistoryGap[] = expected === mode ? [] : [{
    kind: 'gate-mode-differs', epoch: undefined, detail: `the registry's mode is ${mode}, its rules give ${expected} at block ${now.number}: the node answers for another time`,
  }];
  return { gate: { mode, reasons, age }, gaps };
}

/** Circuits that an epoch was proven in, its table's too, as far as the node told. */
export function restsOn({ announcement, record }: HistoryEpoch, { tables }: MarketHistory): readonly bigint[] {
  const proven = announcement === undefined ? [] : [...announcement.circuits.batches, ...announcement.circuits.parts, announcement.circuits.close];
  const table = tables.find(({ commitment }) => commitment === record.marketCommitment)?.acceptance?.circuitId;
  return table === undefined ? proven : [...proven, table];
}
