import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailableError, StorageError } from '../../store/database.js';
import { publishPending } from './publish-pending.js';
import type { Publisher } from './publisher.js';

/** A publisher at work. */
export interface RunningPublication {
  /** Ends when it was stopped; rejects with what makes publishing through this node impossible. */
  readonly done: Promise<void>;
  /** Lets the entry in hand come to rest, begins no other, and resolves when all has ended. Harmless when repeated. */
  stop(): Promise<void>;
}

/** Publishes what is due, again and again. An outage of the database is waited out. */
export function startPublication(publisher: Publisher): RunningPublication {
  const ending = new AbortController();
  const done = run(publisher, ending.signal);
  // Whoever awaits `done` hears of it; nobody need to.
  done.catch(() => undefined);
  return {
    done,
    stop: async () => {
      ending.abort();
      await done.catch(() => undefined);
    },
  };
}

async function run(publisher: Publisher, ending: AbortSignal): Promise<void> {
  const { pollMs, retryMs } = publisher.settings;
  while (!ending.aborted) {
    let pauseMs = pollMs;
    try {
      await publishPending(publisher, () => ending.aborted);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError) && !(error instanceof StorageError)) throw error;
      pauseMs = retryMs;
    }
    // Aborting a sleep rejects it, which is what a stop is for.
    await sleep(pauseMs, undefined, { signal: ending }).catch(() => undefined);
  }
}
