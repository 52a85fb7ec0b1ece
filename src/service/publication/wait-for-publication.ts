import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../store/database.js';
import { OutboxEntryError } from '../../store/outbox-errors.js';
import { findEntry, type OutboxEntry, type OutboxKind } from '../../store/outbox.js';
import { PublicationGivenUpError } from './publication-errors.js';

/** Which entry is waited for. */
export interface AwaitedEntry {
  /** Row of the venue. */
  readonly venue: number;
  readonly epoch: number;
  readonly kind: OutboxKind;
}

/**
 * Resolves once an entry is final, whichever process publishes it. Rejects with the signal's reason when aborted.
 *
 * @param pollMs milliseconds between looks at the database
 * @throws PublicationGivenUpError when the entry is dead; OutboxEntryError when there is none
 */
export async function waitForPublication(database: Database, { venue, epoch, kind }: AwaitedEntry, pollMs: number, signal: AbortSignal): Promise<OutboxEntry> {
  for (;;) {
    signal.throwIfAborted();
    const entry = await findEntry(database, venue, epoch, kind);
    if (entry === undefined) throw new OutboxEntryError(`${kind} of epoch ${epoch} is not in the outbox`, { epoch, kind });
    if (entry.state === 'final') return entry;
    if (entry.state === 'dead') {
      throw new PublicationGivenUpError(`${kind} of epoch ${epoch} was given up (${entry.error?.code ?? 'no reason kept'}): ${entry.error?.message ?? 'see the log'}`, { epoch, kind });
    }
    // An abort ends the sleep early; the loop's first line tells of it.
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
