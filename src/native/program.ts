import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { AnswerReader, requestHeader, type Answer } from './frames.js';

/** The native program cannot be started, does not speak its frames, took too long, or refused a request. */
export class NativeProgramError extends ClearproofError {
  readonly code = 'NATIVE_PROGRAM';
}

/** The native program ended in the middle of a request: the same request may succeed with another one. */
export class NativeProgramDiedError extends ClearproofError {
  readonly code = 'NATIVE_PROGRAM_DIED';
}

/** What is asked of the program. */
export interface NativeRequest {
  readonly kind: number;
  /** One after another they are the body. Secret: only the pipe sees them. */
  readonly body: readonly Uint8Array[];
  /** Longest body of an answer, bytes: whoever sends more is another program. */
  readonly mostBytes: number;
  readonly timeoutMilliseconds: number;
}

interface Waiting extends NativeRequest {
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: ClearproofError) => void;
}

/** Longest part of the program's complaint that is shown. */
const MOST_CHARACTERS = 200;
/** How long it may take to leave once its input ends. */
const LEAVE_MILLISECONDS = 5000;
/** Longest JSON of a refusal, bytes. */
const MOST_REFUSAL = 65_536;

/**
 * One running `clearproof-prover serve` or `poseidon`: frames over its input and output (docs/decisions/0011). One request is written
 * after another, so that a body waits in the pipe and not in memory twice; answers come in the same order. It ends with its input: when
 * this process dies, of whatever, the program sees the end of it and leaves.
 */
export class NativeProgram {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly waiting: Waiting[] = [];
  private readonly reader: AnswerReader;
  private readonly gone: Promise<void>;
  private written: Promise<void> = Promise.resolve();
  /** Of the request that was made last: those before it are answered with it. */
  private last: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private complaint = '';
  private failure: ClearproofError | undefined;
  private closing = false;

  constructor(readonly path: string, args: readonly string[]) {
    this.child = start(path, args);
    this.reader = new AnswerReader(() => Math.max(MOST_REFUSAL, this.waiting[0]?.mostBytes ?? 0));
    const { stdin, stdout, stderr } = this.child;
    // A pipe that breaks is followed by `close`, which tells who waits.
    stdin.on('error', () => undefined);
    stdout.on('data', (chunk: Buffer) => this.read(chunk));
    stderr.on('data', (chunk: Buffer) => (this.complaint = (this.complaint + chunk.toString()).slice(-4 * MOST_CHARACTERS)));
    // A program that is busy sees the end of its input late; a process that leaves waits for nothing.
    const leave = (): void => void this.child.kill('SIGKILL');
    process.once('exit', leave);
    this.gone = new Promise((resolve) => {
      const end = (error: ClearproofError): void => {
        process.off('exit', leave);
        this.fail(error);
        resolve();
      };
      this.child.on('error', (cause) => end(notStarted(path, cause)));
      this.child.on('close', (code, signal) => end(this.died(code, signal)));
    });
  }

  /** Of the program; undefined when it could not be started. */
  get processId(): number | undefined {
    return this.child.pid;
  }

  /** Whether it may be asked: once it failed, another one must be started. */
  get usable(): boolean {
    return this.failure === undefined && !this.closing;
  }

  /** @throws NativeProgramError, NativeProgramDiedError, NativeRefusal */
  request(request: NativeRequest): Promise<Uint8Array> {
    const answered = new Promise<Uint8Array>((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.waiting.push({ ...request, resolve, reject });
      if (this.waiting.length === 1) this.watch();
      this.written = this.written.then(() => this.write(request));
    });
    this.last = answered.catch(() => undefined);
    return answered;
  }

  /** Lets what was asked be answered, then ends the program. */
  async close(): Promise<void> {
    this.closing = true;
    await this.last;
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), LEAVE_MILLISECONDS);
    await this.gone;
    clearTimeout(timer);
  }

  private async write({ kind, body }: NativeRequest): Promise<void> {
    for (const piece of [requestHeader(kind, body), ...body]) {
      if (this.failure !== undefined) return;
      await new Promise<void>((resolve) => this.child.stdin.write(piece, () => resolve()));
    }
  }

  private read(chunk: Buffer): void {
    try {
      for (const answer of this.reader.add(chunk)) this.answer(answer);
    } catch (cause) {
      this.end(new NativeProgramError(`${this.path} does not answer as this project's prover does (${messageOf(cause)}): build it with "make native", or name another prover`, { program: this.path }));
    }
  }

  private answer({ status, body }: Answer): void {
    const request = this.waiting.shift();
    if (request === undefined) throw new Error('an answer that nobody asked for');
    this.watch();
    if (status === 'done') request.resolve(body);
    else request.reject(refusalOf(this.path, body));
  }

  /** The time of a request begins when those before it are answered. */
  private watch(): void {
    clearTimeout(this.timer);
    const [next] = this.waiting;
    if (next === undefined) return;
    const { timeoutMilliseconds } = next;
    this.timer = setTimeout(() => this.end(new NativeProgramError(`${this.path} took longer than ${timeoutMilliseconds} ms and was stopped`, { program: this.path })), timeoutMilliseconds);
  }

  private end(error: ClearproofError): void {
    this.fail(error);
    this.child.kill('SIGKILL');
  }

  private fail(error: ClearproofError): void {
    const failure = this.failure ??= error;
    clearTimeout(this.timer);
    for (const { reject } of this.waiting.splice(0)) reject(failure);
  }

  private died(code: number | null, signal: string | null): NativeProgramDiedError {
    const lastLine = this.complaint.trim().split('\n').at(-1)?.slice(-MOST_CHARACTERS) ?? '';
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    return new NativeProgramDiedError(`${this.path} ${how}${lastLine === '' ? '' : `: ${lastLine}`}`, { program: this.path, exitCode: code ?? -1, lastLine });
  }
}

function start(path: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  try {
    return spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (cause) {
    // Some failures to start are thrown, others come as an event.
    throw notStarted(path, cause);
  }
}

function notStarted(path: string, cause: unknown): NativeProgramError {
  return new NativeProgramError(`${path} cannot be started (${messageOf(cause)}): run "make native" again, or name another prover`, { program: path }, { cause });
}

/** The program took a request in and refuses it. `details.refusal` is the program's own code. */
export class NativeRefusal extends ClearproofError {
  readonly code = 'NATIVE_REFUSED';
}

function refusalOf(program: string, body: Uint8Array): ClearproofError {
  let said: { readonly code?: unknown; readonly message?: unknown };
  try {
    said = JSON.parse(new TextDecoder().decode(body)) as typeof said;
  } catch {
    said = {};
  }
  const [refusal, message] = [said.code, said.message].map((value) => (typeof value === 'string' ? value.slice(0, 4 * MOST_CHARACTERS) : 'without a reason'));
  return new NativeRefusal(`${program} refuses: ${message}`, { program, refusal: refusal as string });
}
