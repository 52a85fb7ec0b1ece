import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { compiledProgram } from '../harness/compiled-program.js';

/** A process of the service that is killed and started again; all it ever writes goes into one log. */
export class AttackedProcess {
  private child: ChildProcess | undefined;
  kills = 0;

  /** @param args of `clearproof` */
  constructor(
    readonly args: readonly string[],
    readonly log: string,
  ) {}

  start(): void {
    const output = createWriteStream(this.log, { flags: 'a' });
    // A process group of its own, so that killing it takes its provers along, as the end of a machine would.
    const child = spawn(process.execPath, [compiledProgram(), ...this.args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    this.child = child;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** How it ended by itself, or undefined. */
  get ended(): string | undefined {
    const { child } = this;
    return child === undefined || this.running ? undefined : `exit code ${child.exitCode}, signal ${child.signalCode}`;
  }

  async kill(): Promise<void> {
    this.kills += 1;
    await this.signal('SIGKILL');
  }

  /** Asks it to stop, as a service manager would. */
  async stop(): Promise<void> {
    await this.signal('SIGTERM');
  }

  private async signal(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || !this.running) return;
    const gone = once(child, 'exit');
    if (signal === 'SIGKILL') process.kill(-child.pid, signal);
    else child.kill(signal);
    await gone;
  }
}

/** Tries until it succeeds, for what a service that is being killed cannot answer at once. */
export async function patiently<Result>(what: string, deadline: number, attempt: () => Promise<Result | undefined>): Promise<Result> {
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (cause) {
      last = cause;
    }
    await pause(150);
  }
  throw new Error(`${what} did not happen in time`, { cause: last });
}
