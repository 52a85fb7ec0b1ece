import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { ClearproofError } from '../error/clearproof-error.js';
import { startProcess } from './child-module.js';
import { ProofCancelledError, ProverClosedError, type ProvenStatement, type Prover, type WitnessInput } from './prover.js';
import type { ProverConfig } from './prover-config.js';
import { NativeProgramDiedError } from '../native/program.js';
import { heapFlags, isHeapLimit, memoryLimit, watchProof, type ProverLimits } from './prover-limits.js';
import { removeDeadWitnessFolders } from './witness-folder.js';
import { fromErrorMessage, type FromWorker, type ToWorker } from './prover-messages.js';

/** A worker process ended in the middle of a job, twice, or too many did. */
export class ProverProcessDiedError extends ClearproofError {
  readonly code = 'PROVER_PROCESS_DIED';
}

export interface ProverPoolOptions {
  /** Number of processes; by default `defaultWorkers()`. */
  readonly workers?: number;
  /** Threads in each process for snarkjs: one, or one for each core. By default one when there are several workers. */
  readonly threads?: 'one' | 'all';
  /** How many processes may be started in place of dead ones over the pool's life; by default 3. */
  readonly restarts?: number;
  /** What each process may take. A proof that takes more fails at once: it is not tried again, and costs no restart. */
  readonly limits?: ProverLimits;
}

/** Ways a job may end with its process before it is given up: a first death may be the machine's fault, a second one is the job's. */
const ATTEMPTS = 2;
const DEFAULT_RESTARTS = 3;
/** How long a worker may take to leave by itself. */
const LEAVE_MILLISECONDS = 5000;

/** Two on two or more cores: measured there, two processes of one thread each make more proofs than one of two threads. */
export function defaultWorkers(): number {
  return Math.max(1, Math.min(availableParallelism(), 2));
}

interface Job {
  readonly circuit: string;
  readonly input: WitnessInput;
  attempts: number;
  readonly resolve: (statement: ProvenStatement) => void;
  readonly reject: (error: Error) => void;
}

interface Worker {
  readonly process: ChildProcess;
  readonly gone: Promise<void>;
  job: Job | undefined;
  /** Of the job's limits. */
  watch: { stop(): void } | undefined;
  /** Why the pool itself ended the process. */
  stopped: ClearproofError | undefined;
}

/** Proves in worker processes, each with its own keys in memory. Jobs wait in one queue, first come first served. */
export class ProverPool implements Prover {
  private readonly queue: Job[] = [];
  private readonly workers = new Set<Worker>();
  private readonly settled = new Set<Promise<unknown>>();
  private readonly oneThread: boolean;
  private readonly limits: ProverLimits;
  /** Most workers at once; sinks when a worker dies and no restart is left. */
  private capacity: number;
  private restartsLeft: number;
  private nextId = 0;
  private closed = false;

  constructor(
    private readonly config: ProverConfig,
    options: ProverPoolOptions = {},
  ) {
    this.capacity = Math.max(1, options.workers ?? defaultWorkers());
    this.oneThread = options.threads === undefined ? this.capacity > 1 : options.threads === 'one';
    this.restartsLeft = options.restarts ?? DEFAULT_RESTARTS;
    this.limits = options.limits ?? {};
  }

  /** Process ids of the workers that are alive. They start with the first jobs. */
  get processIds(): readonly number[] {
    return [...this.workers].flatMap(({ process }) => process.pid ?? []);
  }

  async prove(circuit: string, input: WitnessInput, signal?: AbortSignal): Promise<ProvenStatement> {
    if (this.closed) throw new ProverClosedError('this prover was closed: make another one');
    if (signal?.aborted === true) throw cancelled(circuit);
    let cancel: () => void = () => undefined;
    const proven = new Promise<ProvenStatement>((resolve, reject) => {
      const job: Job = { circuit, input, attempts: 0, resolve, reject };
      this.queue.push(job);
      cancel = () => this.cancel(job);
    });
    this.settled.add(proven);
    signal?.addEventListener('abort', cancel, { once: true });
    this.assign();
    try {
      return await proven;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.settled.delete(proven);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.settled);
    await Promise.all(
      [...this.workers].map(async (worker) => {
        if (worker.process.connected) worker.process.disconnect();
        const timer = setTimeout(() => killGroup(worker.process), LEAVE_MILLISECONDS);
        await worker.gone;
        clearTimeout(timer);
      }),
    );
  }

  /** Gives waiting jobs to idle workers, starting workers as long as jobs wait and the pool is not full. */
  private assign(): void {
    if (this.capacity === 0) for (const { reject, circuit } of this.queue.splice(0)) reject(died(`before a proof for ${circuit}`, 'no restart is left'));
    while (this.queue.length > 0) {
      const idle = [...this.workers].find(({ job }) => job === undefined);
      const worker = idle ?? (this.workers.size < this.capacity ? this.start() : undefined);
      if (worker === undefined) return;
      const job = this.queue.shift() as Job;
      worker.job = job;
      job.attempts += 1;
      const { pid } = worker.process;
      if (pid !== undefined) worker.watch = watchProof(pid, job.circuit, this.limits, (error) => this.end(worker, error));
      this.send(worker, { kind: 'prove', id: this.nextId++, circuit: job.circuit, input: job.input });
    }
  }

  private cancel(job: Job): void {
    const place = this.queue.indexOf(job);
    if (place >= 0) {
      this.queue.splice(place, 1);
      job.reject(cancelled(job.circuit));
      return;
    }
    const worker = [...this.workers].find((one) => one.job === job);
    if (worker !== undefined) this.end(worker, cancelled(job.circuit));
  }

  /** Ends a process whose proof must not go on; `bury` fails the proof when the process is gone. */
  private end(worker: Worker, why: ClearproofError): void {
    worker.stopped ??= why;
    killGroup(worker.process);
  }

  private start(): Worker {
    // A group of its own, so that the program an external back-end runs is ended with its process.
    const child = startProcess(import.meta.url, 'prover-process', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true }, heapFlags(this.limits));
    let leave: () => void = () => undefined;
    const worker: Worker = { process: child, job: undefined, watch: undefined, stopped: undefined, gone: new Promise((resolve) => (leave = resolve)) };
    this.workers.add(worker);
    let ended = false;
    const end = (how: string): void => {
      if (ended) return;
      ended = true;
      // It may have been in the middle of a proof by a program, whose witness lies in a folder then.
      void removeDeadWitnessFolders().then(leave);
      this.bury(worker, how);
    };
    child.on('message', (message: FromWorker) => this.finish(worker, message));
    child.on('error', (cause) => end(cause.message));
    child.on('exit', (code, signal) => {
      const { memoryBytes } = this.limits;
      if (worker.job !== undefined && memoryBytes !== undefined && isHeapLimit(this.limits, code, signal)) worker.stopped ??= memoryLimit(worker.job.circuit, memoryBytes);
      end(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    this.send(worker, { kind: 'start', config: this.config, oneThread: this.oneThread });
    return worker;
  }

  private send(worker: Worker, message: ToWorker): void {
    // A channel that breaks here is followed by `exit`, which takes care of the job.
    worker.process.send(message, () => undefined);
  }

  private finish(worker: Worker, message: FromWorker): void {
    const { job } = worker;
    worker.job = undefined;
    worker.watch?.stop();
    // It is being ended: it takes no other job, and this answer came too late to be told from none.
    if (worker.stopped !== undefined) this.workers.delete(worker);
    if (message.kind === 'proven') job?.resolve(message.statement);
    else if (job !== undefined) this.retryOrReject(job, fromErrorMessage(message.failure));
    this.assign();
  }

  /** A native program that died may have done so by the machine's fault, as a worker may. */
  private retryOrReject(job: Job, failure: ClearproofError): void {
    if (failure instanceof NativeProgramDiedError && job.attempts < ATTEMPTS) this.queue.unshift(job);
    else job.reject(failure);
  }

  /** A worker is gone: its job goes back to the head of the queue or fails, and another worker may take the place. */
  private bury(worker: Worker, how: string): void {
    this.workers.delete(worker);
    worker.watch?.stop();
    const { job, stopped } = worker;
    if (job !== undefined) {
      if (stopped !== undefined) job.reject(stopped);
      else if (job.attempts < ATTEMPTS) this.queue.unshift(job);
      else job.reject(died(`twice at a proof for ${job.circuit}`, how));
    }
    if (stopped === undefined) {
      if (this.restartsLeft > 0) this.restartsLeft -= 1;
      else this.capacity -= 1;
    }
    this.assign();
  }
}

/** A process and all that it started. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone, or the system has none.
    child.kill('SIGKILL');
  }
}

function cancelled(circuit: string): ProofCancelledError {
  return new ProofCancelledError(`a proof for ${circuit} was given up: nobody waits for it any more`, { circuit });
}

function died(when: string, how: string): ProverProcessDiedError {
  return new ProverProcessDiedError(`a prover process died ${when} (${how}): look for lack of memory, then start again`, { how });
}
