import type { LogReader } from './log-reader.js';
import type { PinnedState } from './pinned-state.js';

/** The place that all parts of one reading share. */
export interface HistoryPlace {
  readonly registry: string;
  readonly venueId: bigint;
  readonly state: PinnedState;
  readonly logs: LogReader;
  readonly fromBlock: number;
}
