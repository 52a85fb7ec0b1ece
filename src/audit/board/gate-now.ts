import type { GateModeName, GateReason, VenueHistory } from '../../chain/history/venue-history.js';
import type { GateNow } from './board.js';
import { derived, SECONDS, UNIX_TIME, type Figure } from './figure.js';
import { fact, figure, fromState } from './sources.js';

const MODES: Readonly<Record<GateModeName, string>> = { open: 'OPEN', 'reduce-only': 'REDUCE_ONLY', 'withdraw-only': 'WITHDRAW_ONLY', halt: 'HALT' };

const REASONS: Readonly<Record<GateReason, string>> = {
  'no-epoch': 'no epoch was ever accepted: nothing is known of the venue\'s solvency',
  'circuit-retired': 'the latest epoch was proven in a circuit that the registry\'s owner has retired since: if its key is broken the epoch proves nothing',
  'snapshot-past-halt': 'the latest snapshot is too old to say anything',
  'reserves-closed': 'the vault is closed: the venue is being wound up',
  'not-covered': 'reserves or fund did not cover what the latest epoch shows',
  disputed: 'a challenge about an omitted account was lost, and the venue has not made it good',
  'snapshot-stale': 'the latest snapshot is older than the venue\'s own deadline',
  'reserves-paused': 'the venue has paused its vault',
};

/** What the gate allows at the board's block, and why. */
export function gateNow({ gate, config, epochs, readAt }: VenueHistory): GateNow {
  const latest = epochs.at(-1);
  const mode = fact(MODES[gate.mode], fromState('registry', 'mode'));
  const reasons = gate.reasons.map((reason) => ({ reason, words: REASONS[reason] }));
  if (latest === undefined) return { mode, reasons, age: undefined, staleFrom: undefined, haltFrom: undefined };
  const opened = figure(latest.record.snapshotTime, UNIX_TIME, fromState('registry', 'epochAt', latest.epoch));
  const limits = fromState('registry', 'venue');
  const after = (seconds: number): Figure => derived(opened.value + BigInt(seconds) + 1n, UNIX_TIME, [opened, limits]);
  return {
    mode, reasons,
    age: derived(BigInt(readAt.time) - opened.value, SECONDS, [opened]),
    staleFrom: after(config.staleAfter), haltFrom: after(config.haltAfter),
  };
}
