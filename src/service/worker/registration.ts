import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database } from '../../store/database.js';
import type { StepKind } from '../../store/job-queue.js';
import type { Pin } from '../../store/pins.js';
import { registerWorker, workerSeen, workerStopped } from '../../store/workers.js';

/** A worker's entry in the store. */
export interface Registration {
  /** Id of this worker: a UUID, new for each process. */
  readonly id: string;
  /** @throws WorkerRefusedError when program or keys are not those the store expects */
  register(): Promise<void>;
  /** Says that this worker lives. @throws WorkerRefusedError when the store expects others by now */
  seen(): Promise<void>;
  stopped(): Promise<void>;
}

/** This process as a worker. */
export function processRegistration(database: Database, pin: Pin, kinds: readonly StepKind[]): Registration {
  const worker = { id: randomUUID(), host: hostname(), process: process.pid, kinds, ...pin };
  return {
    id: worker.id,
    register: () => database.transaction((sql) => registerWorker(sql, worker)),
    seen: () => workerSeen(database, worker),
    stopped: () => workerStopped(database, worker.id),
  };
}
