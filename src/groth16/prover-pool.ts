import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { ClearproofError } from '../error/clearproof-error.js';
import { startProcess } from './child-module.js';
import { ProverClosedError, type ProvenStatement, type Prover, type WitnessInput } from './prover.js';
import type { ProverConfig } from './prover-config.js';
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
}

/** Proves in worker processes, each with its own keys in memory. Jobs wait in one queue, first come first served. */
export class ProverPool implements Prover {
  private readonly queue: Job[] = [];
  private readonly workers = new Set<Worker>();
  private readonly settled = new Set<Promise<unknown>>();
  private readonly oneThread: boolean;
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
  }

  /** Process ids of the workers that are alive. They start with the first jobs. */
  get processIds(): readonly number[] {
    return [...this.workers].flatMap(({ process }) => process.pid ?? []);
  }

  async prove(circuit: string, input: WitnessInput): Promise<ProvenStatement> {
    if (this.closed) throw new ProverClosedError('this prover was closed: make another one');
    const proven = new Promise<ProvenStatement>((resolve, reject) => {
      this.queue.push({ circuit, input, attempts: 0, resolve, reject });
    });
    this.settled.add(proven);
    this.assign();
    try {
      return await proven;
    } finally {
      this.settled.delete(proven);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.settled);
    await Promise.all(
      [...this.workers].map(async (worker) => {
        if (worker.process.connected) worker.process.disconnect();
        const timer = setTimeout(() => worker.process.kill('SIGKILL'), LEAVE_MILLISECONDS);
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
      this.send(worker, { kind: 'prove', id: this.nextId++, circuit: job.circuit, input: job.input });
    }
  }

  private start(): Worker {
    const child = startProcess(import.meta.url, 'prover-process', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let leave: () => void = () => undefined;
    const worker: Worker = { process: child, job: undefined, gone: new Promise((resolve) => (leave = resolve)) };
    this.workers.add(worker);
    let ended = false;
    const end = (how: string): void => {
      if (ended) return;
      ended = true;
      leave();
      this.bury(worker, how);
    };
    child.on('message', (message: FromWorker) => this.finish(worker, message));
    child.on('error', (cause) => end(cause.message));
    child.on('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
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
    if (message.kind === 'proven') job?.resolve(message.statement);
    else job?.reject(fromErrorMessage(message.failure));
    this.assign();
  }

  /** A worker is gone: its job goes back to the head of the queue or fails, and another worker may take the place. */
  private bury(worker: Worker, how: string): void {
    this.workers.delete(worker);
    const { job } = worker;
    if (job !== undefined) {
      if (job.attempts < ATTEMPTS) this.queue.unshift(job);
      else job.reject(died(`twice at a proof for ${job.circuit}`, how));
    }
    if (this.restartsLeft > 0) this.restartsLeft -= 1;
    else this.capacity -= 1;
    this.assign();
  }
}

function died(when: string, how: string): ProverProcessDiedError {
  return new ProverProcessDiedError(`a prover process died ${when} (${how}): look for lack of memory, then start again`, { how });
}
