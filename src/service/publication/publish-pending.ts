import { ClearproofError } from '../../error/clearproof-error.js';
import type { OutboxEntry } from '../../store/outbox.js';
import { leaseNext, type LeasedEntry } from '../../store/outbox-lease.js';
import { OutboxLeaseLostError } from '../../store/outbox-errors.js';
import { advanceEntry } from './advance-entry.js';
import type { Publisher } from './publisher.js';
import { consequenceOf } from './refusals.js';

/**
 * One pass: every entry that is due is looked at once, one after another. Any number of processes may do so at once.
 *
 * @param ended asked between entries; true ends the pass
 * @returns the entries as they were left
 * @throws WrongChainError, NodeContradictionError, NoContractError, OnChainRecordError: nothing can be published through this node;
 * DatabaseUnavailableError, StorageError
 */
export async function publishPending(publisher: Publisher, ended: () => boolean = () => false): Promise<readonly OutboxEntry[]> {
  const { database, venue, signer, worker, settings: { leaseSeconds } } = publisher;
  const seen: OutboxEntry[] = [];
  while (!ended()) {
    const leased = await leaseNext(database, { venue, signer: signer.address, worker, leaseSeconds, except: seen.map(({ id }) => id) });
    if (leased === undefined) break;
    await publisher.reached('leased');
    try {
      await advanceEntry(publisher, leased);
    } catch (error) {
      await bear(publisher, leased, error);
    }
    seen.push(leased.entry);
    publisher.report(leased.entry);
  }
  return seen;
}

/** Stores what an error means for the entry. */
async function bear(publisher: Publisher, leased: LeasedEntry, error: unknown): Promise<void> {
  // Not one of ours is a defect, or the process dying: what is stored tells how to go on, once the lease ran out.
  if (!(error instanceof ClearproofError)) throw error;
  if (error instanceof OutboxLeaseLostError) return;
  const { retryMs, backoffLimitMs, refusalLimit } = publisher.settings;
  const { attempts } = leased.entry;
  const reason = { code: error.code, message: error.message };
  const consequence = consequenceOf(error);
  try {
    if (consequence === 'dead' || (consequence === 'refused' && attempts + 1 >= refusalLimit)) await leased.setDead(reason);
    else await leased.postpone(consequence === 'refused' ? Math.min(retryMs * 2 ** attempts, backoffLimitMs) : retryMs, reason, consequence === 'refused');
  } catch (cause) {
    if (cause instanceof OutboxLeaseLostError) return;
    // What stops the publisher is told even where the database is what fails.
    if (consequence !== 'stop') throw cause;
  }
  if (consequence === 'stop') throw error;
}
