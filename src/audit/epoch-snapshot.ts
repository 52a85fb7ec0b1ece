import type { EventPlace } from '../chain/history/event-place.js';
import type { HistoryEpoch, HistorySnapshot, VenueHistory } from '../chain/history/venue-history.js';

/** Whether one event stands before another on the chain. */
export function isBefore(one: EventPlace, other: EventPlace): boolean {
  return one.block < other.block || (one.block === other.block && one.logIndex < other.logIndex);
}

/** The checkpoint an epoch was accepted against: the last one of its number before acceptance. */
export function snapshotOf({ epoch, announcement }: HistoryEpoch, { snapshots }: Pick<VenueHistory, 'snapshots'>): HistorySnapshot | undefined {
  return snapshots.filter((one) => one.epoch === epoch && (announcement === undefined || isBefore(one.at, announcement.at))).at(-1);
}
