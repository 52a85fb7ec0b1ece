import { WorkerRefusedError } from '../../store/pins.js';
import type { Log } from '../log.js';
import type { Registration } from './registration.js';
import { errorFields, type LeaseSettings, type RunnableLane } from './run-lease.js';
import { Backoff, Bell, pause } from './waiting.js';

export interface WorkerOptions {
  readonly registration: Registration;
  readonly lanes: readonly RunnableLane[];
  /** Give up leases of workers that went silent; each gives how many. */
  readonly sweeps: readonly (() => Promise<number>)[];
  readonly leaseSeconds: number;
  /** Between looks for work when there is none. */
  readonly pollMilliseconds: number;
  /** What is under way when the worker is told to stop may take so long to finish; then it is handed back. */
  readonly graceMilliseconds: number;
  readonly log: Log;
  /** Aborted to stop the worker. */
  readonly stop: AbortSignal;
  /** Removes what a killed run of this program left on disk; before any work is taken. */
  readonly recover: () => Promise<void>;
  /** Ends provers and the like, when all work has ended. */
  readonly close: () => Promise<void>;
}

const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 15_000;

/**
 * Takes work until it is told to stop. Survives a database that goes away: waits, and goes on.
 *
 * @throws WorkerRefusedError
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { registration, log, stop, graceMilliseconds } = options;
  try {
    await registration.register();
    await options.recover();
    log.info('worker-started', { worker: registration.id });
    await work(options);
    await registration.stopped().catch((cause: unknown) => log.warn('worker-not-signed-off', errorFields(cause)));
    log.info('worker-stopped', { worker: registration.id, asked: stop.aborted, graceMilliseconds });
  } finally {
    await options.close();
  }
}

async function work(options: WorkerOptions): Promise<void> {
  const { lanes, stop, graceMilliseconds, log, leaseSeconds, registration } = options;
  const handBack = new AbortController();
  const refused = new AbortController();
  const noMore = AbortSignal.any([stop, refused.signal]);
  const bell = new Bell();
  const settings: LeaseSettings = { worker: registration.id, leaseSeconds, log, handBack: handBack.signal };
  const ended = new AbortController();
  const upkeep = keepUp(options, bell, refused, ended.signal);
  const working = Promise.all(lanes.flatMap((lane) => Array.from({ length: lane.atOnce }, () => workLane(options, settings, lane, bell, noMore))));
  const grace = noMoreWork(noMore, graceMilliseconds, ended.signal).then(() => handBack.abort());
  await working;
  ended.abort();
  await Promise.all([upkeep, grace]);
  if (refused.signal.aborted) throw refused.signal.reason;
}

/** Ends when the time to finish is over, or all has ended. */
async function noMoreWork(noMore: AbortSignal, graceMilliseconds: number, ended: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (noMore.aborted || ended.aborted) return resolve();
    for (const signal of [noMore, ended]) signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await pause(graceMilliseconds, ended);
}

/** One piece of work after another. */
async function workLane(options: WorkerOptions, settings: LeaseSettings, lane: RunnableLane, bell: Bell, noMore: AbortSignal): Promise<void> {
  const { pollMilliseconds, log } = options;
  const backoff = new Backoff(FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
  while (!noMore.aborted) {
    const rung = bell.signal;
    try {
      const worked = await lane.next(settings);
      backoff.reset();
      // What was done may have made new work for others.
      if (worked) bell.ring();
      else await pause(pollMilliseconds, rung, noMore);
    } catch (cause) {
      log.warn('store-unavailable', errorFields(cause));
      await pause(backoff.next(), noMore);
    }
  }
}

/** Sweeps leases, and says that this worker lives. */
async function keepUp({ sweeps, leaseSeconds, log, registration }: WorkerOptions, bell: Bell, refused: AbortController, ended: AbortSignal): Promise<void> {
  const backoff = new Backoff(FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
  while (!ended.aborted) {
    try {
      await registration.seen();
      let swept = 0;
      for (const sweep of sweeps) swept += await sweep();
      if (swept > 0) {
        log.warn('leases-swept', { leases: swept });
        bell.ring();
      }
      backoff.reset();
      await pause((leaseSeconds * 1000) / 2, ended);
    } catch (cause) {
      if (cause instanceof WorkerRefusedError) return refused.abort(cause);
      log.warn('upkeep-failed', errorFields(cause));
      await pause(backoff.next(), ended);
    }
  }
}
