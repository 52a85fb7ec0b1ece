import type { Sql } from '../../store/database.js';
import type { StepLease, Steps } from '../../store/steps.js';
import type { StepKind } from '../../store/job-queue.js';
import type { LogFields } from '../log.js';

/** Work that is held by leases: steps of epochs, proofs about rows. */
export interface LeaseQueue<Lease> {
  take(worker: string, leaseSeconds: number): Promise<Lease | undefined>;
  /** False: the lease is lost. */
  heartbeat(lease: Lease, leaseSeconds: number): Promise<boolean>;
  /** False: the lease is lost, nothing was stored. */
  finish(lease: Lease, store: (sql: Sql) => Promise<void>): Promise<boolean>;
  fail(lease: Lease, error: Error, again: boolean): Promise<'ready' | 'dead' | 'lost'>;
  release(lease: Lease): Promise<void>;
}

/** Piece of work as a worker sees it. */
export interface LeasedWork<Lease> {
  readonly lease: Lease;
  readonly worker: string;
  /** Aborted when the result is no longer wanted. */
  readonly signal: AbortSignal;
}

/** A kind of work and how many of it a worker does at once. */
export interface Lane<Lease> {
  readonly queue: LeaseQueue<Lease>;
  readonly atOnce: number;
  /** Does the work; what it returns is stored with the end of it. */
  readonly handle: (work: LeasedWork<Lease>) => Promise<(sql: Sql) => Promise<void>>;
  /** What follows once the end is stored; it may be lost, and nothing depends on it. */
  readonly after?: (lease: Lease) => Promise<void>;
  /** Public values that name the work in the log. */
  readonly describe: (lease: Lease) => LogFields;
  /** Whether an error will come again however often it is tried. */
  readonly isFinal: (error: Error) => boolean;
}

/** The steps of some kinds, the first kinds first. */
export function stepQueue(steps: Steps, kinds: readonly StepKind[]): LeaseQueue<StepLease> {
  return {
    take: (worker, leaseSeconds) => steps.take(kinds, worker, leaseSeconds),
    heartbeat: (lease, leaseSeconds) => steps.heartbeat(lease, leaseSeconds),
    finish: (lease, store) => steps.finish(lease, store),
    fail: (lease, error, again) => steps.fail(lease, error, again),
    release: (lease) => steps.release(lease),
  };
}
