import { ClearproofError } from '../../error/clearproof-error.js';
import { DatabaseUnavailableError, type Sql } from '../../store/database.js';
import type { Log, LogFields } from '../log.js';
import type { Lane } from './lease-queue.js';
import { Backoff, pause } from './waiting.js';

/** What a worker needs to hold leases. */
export interface LeaseSettings {
  readonly worker: string;
  /** How long a silent worker keeps its work; a heartbeat is sent three times as often. */
  readonly leaseSeconds: number;
  readonly log: Log;
  /** Aborted when work under way is to be handed back now. */
  readonly handBack: AbortSignal;
}

const FIRST_PAUSE_MILLISECONDS = 200;
const LONGEST_PAUSE_MILLISECONDS = 5000;
/** Tries to store a result while the database is away: a proof of minutes is not thrown away for a restart of the database. */
const FINISH_TRIES = 20;

/** A lane whose leases only it knows. */
export interface RunnableLane {
  readonly atOnce: number;
  /** Takes a piece of work and does it. False: there is none. @throws what taking throws */
  next(settings: LeaseSettings): Promise<boolean>;
}

export function runnableLane<Lease>(lane: Lane<Lease>): RunnableLane {
  return {
    atOnce: lane.atOnce,
    next: async (settings) => {
      const lease = await lane.queue.take(settings.worker, settings.leaseSeconds);
      if (lease === undefined) return false;
      await runLease(settings, lane, lease);
      return true;
    },
  };
}

/** Does one piece of work under its lease. Throws nothing: what goes wrong is noted with the work. */
export async function runLease<Lease>(settings: LeaseSettings, lane: Lane<Lease>, lease: Lease): Promise<void> {
  const { worker, log, handBack } = settings;
  const fields = lane.describe(lease);
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, handBack]);
  const beating = keepLease(settings, lane, lease, lost);
  try {
    log.info('work-taken', fields);
    const store = await lane.handle({ lease, worker, signal });
    if (lost.signal.aborted) log.warn('lease-lost', fields);
    else await finish(settings, lane, lease, store);
  } catch (thrown) {
    if (lost.signal.aborted) log.warn('lease-lost', fields);
    else await giveUp(settings, lane, lease, thrown).catch((cause: unknown) => log.warn('work-left', { ...fields, ...errorFields(cause) }));
  } finally {
    beating.stop();
  }
}

function keepLease<Lease>({ leaseSeconds, log }: LeaseSettings, { queue, describe }: Lane<Lease>, lease: Lease, lost: AbortController): { stop(): void } {
  let asking = false;
  const beat = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      if (!(await queue.heartbeat(lease, leaseSeconds))) lost.abort();
    } catch (cause) {
      // The lease may still hold: whether it does is asked again, and at the latest when the result is stored.
      log.warn('heartbeat-failed', { ...describe(lease), ...errorFields(cause) });
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void beat(), (leaseSeconds * 1000) / 3);
  return { stop: () => clearInterval(timer) };
}

async function finish<Lease>({ log }: LeaseSettings, { queue, describe, after }: Lane<Lease>, lease: Lease, store: (sql: Sql) => Promise<void>): Promise<void> {
  const backoff = new Backoff(FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
  for (let tried = 1; ; tried += 1) {
    try {
      if (await queue.finish(lease, store)) {
        log.info('work-done', describe(lease));
        await after?.(lease).catch((cause: unknown) => log.warn('aftermath-failed', { ...describe(lease), ...errorFields(cause) }));
        return;
      }
      // After a lost connection it may have been stored by the try before.
      log.warn(tried === 1 ? 'lease-lost' : 'work-done-or-lost', describe(lease));
      return;
    } catch (cause) {
      if (!(cause instanceof DatabaseUnavailableError) || tried === FINISH_TRIES) throw cause;
      log.warn('store-failed', { ...describe(lease), ...errorFields(cause) });
      await pause(backoff.next());
    }
  }
}

async function giveUp<Lease>({ log, handBack }: LeaseSettings, lane: Lane<Lease>, lease: Lease, thrown: unknown): Promise<void> {
  const fields = lane.describe(lease);
  // The database went away, or this worker stops: neither is the work's fault.
  if (handBack.aborted || thrown instanceof DatabaseUnavailableError) {
    await lane.queue.release(lease);
    log.info('work-handed-back', fields);
    return;
  }
  const error = thrown instanceof Error ? thrown : new Error('something that is no error was thrown');
  const outcome = await lane.queue.fail(lease, error, !lane.isFinal(error));
  log[outcome === 'dead' ? 'error' : 'warn']('work-failed', { ...fields, ...errorFields(error), outcome });
}

/** What a log may show of an error: of those that are not this project's own, the class and the place only. */
export function errorFields(thrown: unknown): LogFields {
  if (thrown instanceof ClearproofError) return { code: thrown.code, message: thrown.message };
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  return { code: 'INTERNAL', error: name, place: thrown instanceof Error ? (/\n\s+at (.*)/.exec(thrown.stack ?? '')?.[1] ?? 'unknown') : 'unknown' };
}
