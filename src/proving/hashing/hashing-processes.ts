import type { ChildProcess } from 'node:child_process';
import { startProcess } from '../../groth16/child-module.js';
import { HashingProcessError, type FromHashingProcess, type HashingJob, type HashingResults, type ToHashingProcess } from './hashing-messages.js';
import type { HashingFrame } from './hashing-work.js';

/** Jobs that lie at a process: one under way, one that it can begin at once. */
const JOBS_A_PROCESS = 2;

interface Waiting {
  readonly job: HashingJob;
  readonly resolve: (result: HashingResults[keyof HashingResults]) => void;
  readonly reject: (error: HashingProcessError) => void;
}

interface Member {
  readonly child: ChildProcess;
  readonly gone: Promise<void>;
  readonly jobs: Map<number, Waiting>;
}

/**
 * Processes that work on pieces of one epoch: the curve library behind Poseidon's WebAssembly cannot be loaded in a thread.
 * Jobs begin in the order they are given. After the first failure all jobs fail.
 */
export class HashingProcesses {
  private readonly members: readonly Member[];
  private readonly queue: Waiting[] = [];
  private nextId = 0;
  private failed: HashingProcessError | undefined;

  /** @param native path of the native program, if it is to hash: one beside each process */
  constructor(count: number, frame: HashingFrame, native?: string) {
    this.members = Array.from({ length: count }, () => this.start(frame, native));
  }

  /** Of those that were started. */
  get processIds(): readonly number[] {
    return this.members.flatMap(({ child }) => child.pid ?? []);
  }

  run<Job extends HashingJob>(job: Job): Promise<HashingResults[Job['kind']]> {
    return new Promise((resolve, reject) => {
      this.queue.push({ job, resolve: (result) => resolve(result as HashingResults[Job['kind']]), reject });
      this.assign();
    });
  }

  /** Ends the processes; jobs under way fail. */
  async close(): Promise<void> {
    this.fail('it was closed');
    await Promise.all(this.members.map(async ({ child, gone }) => {
      child.kill('SIGKILL');
      await gone;
    }));
  }

  private start(frame: HashingFrame, native: string | undefined): Member {
    const child = startProcess(import.meta.url, 'hashing-process', { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const gone = new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      child.on('error', () => resolve());
    });
    const member: Member = { child, gone, jobs: new Map() };
    child.on('message', (message: FromHashingProcess) => this.finish(member, message));
    child.on('error', (cause) => this.fail(`a process could not be reached (${cause.message})`, cause));
    child.on('exit', (code, signal) => this.fail(`a process ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`));
    send(member, { kind: 'frame', frame, native });
    return member;
  }

  private assign(): void {
    const { failed } = this;
    if (failed !== undefined) this.queue.splice(0).forEach(({ reject }) => reject(failed));
    while (this.queue.length > 0) {
      const member = this.members.reduce((least, one) => (one.jobs.size < least.jobs.size ? one : least));
      if (member.jobs.size >= JOBS_A_PROCESS) return;
      const waiting = this.queue.shift() as Waiting;
      const id = this.nextId++;
      member.jobs.set(id, waiting);
      send(member, { kind: 'job', id, job: waiting.job });
    }
  }

  private finish(member: Member, message: FromHashingProcess): void {
    const waiting = member.jobs.get(message.id);
    member.jobs.delete(message.id);
    if ('failure' in message) {
      const failure = new HashingProcessError(`an epoch's batches could not be hashed: ${message.failure}`);
      this.failed ??= failure;
      waiting?.reject(failure);
    } else waiting?.resolve(message.result);
    this.assign();
  }

  private fail(how: string, cause?: Error): void {
    const failed = this.failed ??= new HashingProcessError(`hashing of an epoch broke off: ${how}; look for lack of memory, then start again`, {}, { cause });
    for (const { jobs } of this.members) {
      jobs.forEach(({ reject }) => reject(failed));
      jobs.clear();
    }
    this.assign();
  }
}

function send({ child }: Member, message: ToHashingProcess): void {
  // A channel that breaks here is followed by `exit`, which takes care of the job.
  child.send(message, () => undefined);
}
