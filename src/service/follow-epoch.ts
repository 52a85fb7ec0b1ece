import { setTimeout as delay } from 'node:timers/promises';
import type { EpochEvent, EpochProgress, EpochState, ServiceOperations } from './operations.js';

/** What is seen while an epoch is followed. `quiet`: nothing new since the last look. */
export type Sighting =
  | { readonly kind: 'event'; readonly event: EpochEvent }
  | { readonly kind: 'progress'; readonly progress: EpochProgress }
  | { readonly kind: 'quiet' };

export interface FollowOptions {
  /** Id of the last event seen; `'0'` for all. */
  readonly after: string;
  /** Milliseconds between looks. */
  readonly poll: number;
  readonly signal: AbortSignal;
}

/** Nothing more happens to an epoch in these. */
const LAST: readonly EpochState[] = ['final', 'failed'];

/**
 * Events and progress of an epoch, each once and in order, until it is final or failed or the signal fires.
 * Events are read before progress, so that the last progress is never older than the last event.
 */
export async function* followEpoch(operations: Pick<ServiceOperations, 'events' | 'progress'>, epoch: number, options: FollowOptions): AsyncGenerator<Sighting> {
  let { after } = options;
  let lastProgress = '';
  while (!options.signal.aborted) {
    const events = await operations.events(epoch, after);
    for (const event of events) {
      yield { kind: 'event', event };
      after = event.id;
    }
    const progress = await operations.progress(epoch);
    const text = JSON.stringify(progress);
    if (text !== lastProgress) yield { kind: 'progress', progress };
    else if (events.length === 0) yield { kind: 'quiet' };
    lastProgress = text;
    if (events.length > 0) continue;
    if (LAST.includes(progress.state)) return;
    await delay(options.poll, undefined, { signal: options.signal }).catch(() => undefined);
  }
}
