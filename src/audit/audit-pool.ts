import type { ChildProcess } from 'node:child_process';
import { startProcess } from '../groth16/child-module.js';
import { AuditInterruptedError, AuditWorkerError } from './audit-errors.js';
import type { FromAuditWorker } from './audit-worker.js';
import type { EpochJob, EpochOutcome } from './epoch-outcome.js';

export interface PoolOptions {
  /** Processes at once. */
  readonly concurrency: number;
  readonly onProof: () => void;
  readonly onOutcome: (outcome: EpochOutcome) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Verifies epochs in processes of their own, each job made only when a process is free for it.
 *
 * @throws AuditWorkerError when a process dies; AuditInterruptedError when the signal comes: outcomes told until then are final
 */
export async function runEpochJobs(jobs: readonly (() => Promise<EpochJob>)[], options: PoolOptions): Promise<void> {
  const waiting = [...jobs];
  const workers: ChildProcess[] = [];
  const work = async (): Promise<void> => {
    const worker = startProcess(import.meta.url, 'audit-worker', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    workers.push(worker);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const job = await next();
      requireGoingOn(options.signal);
      await options.onOutcome(await verifyIn(worker, job, options));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(options.concurrency, jobs.length) }, work));
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
  }
}

function verifyIn(worker: ChildProcess, job: EpochJob, { onProof, signal }: PoolOptions): Promise<EpochOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      worker.off('error', onError);
      signal?.removeEventListener('abort', onAbort);
      end();
    };
    const onMessage = (message: FromAuditWorker): void => {
      if (message.kind === 'proof') onProof();
      else if (message.kind === 'done') settle(() => resolve(message.outcome));
      else settle(() => reject(new AuditWorkerError(`verifying epoch ${job.epoch} failed: ${message.message}`, { epoch: job.epoch })));
    };
    const onExit = (code: number | null, by: string | null): void => settle(() => reject(new AuditWorkerError(
      `the process that verified epoch ${job.epoch} ended (${by ?? code ?? 'unknown'}): run the audit again, it goes on where it stopped`, { epoch: job.epoch },
    )));
    const onError = (cause: Error): void => settle(() => reject(new AuditWorkerError(`epoch ${job.epoch} could not be handed to a process: run the audit again`, { epoch: job.epoch }, { cause })));
    const onAbort = (): void => settle(() => reject(interrupted()));
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.on('error', onError);
    signal?.addEventListener('abort', onAbort);
    worker.send(job, (error) => {
      if (error !== null) onError(error);
    });
  });
}

function requireGoingOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted();
}

function interrupted(): AuditInterruptedError {
  return new AuditInterruptedError('the audit was interrupted: epochs that are verified are kept; run it again with the same --out to go on');
}
