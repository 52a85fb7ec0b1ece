import type { HistoryEpoch, VenueHistory } from '../../chain/history/venue-history.js';
import type { Fact } from './figure.js';
import { fact, fromState } from './sources.js';

/**
 * Whether the vault pays from an epoch, in words. Undefined without a vault: then no user can be paid from an epoch at all.
 * What the vault says of its newest standing epoch comes first; of older ones it says nothing any more, and what decided is told.
 */
export function standingOf(history: VenueHistory, { epoch, record }: HistoryEpoch): Fact | undefined {
  const { vault } = history.reserves;
  if (vault === undefined) return undefined;
  const said = (words: string, view = 'stands'): Fact => fact(words, fromState('reserves', view, epoch));
  const contested = history.disputes?.challenges.filter((one) => one.epoch === epoch) ?? [];
  if (contested.some(({ status }) => status === 'lost' || status === 'cured')) return said('never: disputed');
  const demands = vault.demands.filter((one) => one.epoch === epoch);
  const { time } = history.readAt;
  if (demands.some(({ answeredAt, answerBy }) => answeredAt === undefined && time > answerBy)) return said('never: a demand for a receipt was not answered');
  if (epoch === vault.newestStanding) return said('stands', 'newestStanding');
  if (epoch < vault.newestStanding) return said('stood, then a newer one did');
  if (contested.some(({ status }) => status === 'open') || demands.some(({ answeredAt }) => answeredAt === undefined)) return said('waits for an answer');
  const settlesAt = settlingTime(history, record.acceptedAt, record.snapshotTime);
  return said(settlesAt === undefined || time < settlesAt ? 'not yet: its time for demands runs' : 'does not stand');
}

/** First second at which an epoch can stand, by the rules when its snapshot was opened. */
function settlingTime({ reserves }: VenueHistory, acceptedAt: number, snapshotTime: number): number | undefined {
  const inForce = reserves.vault?.ruleChanges.filter(({ at }) => at.time <= snapshotTime).at(-1)?.rules;
  return inForce === undefined ? undefined : acceptedAt + inForce.demandWindow + inForce.answerWindow;
}
