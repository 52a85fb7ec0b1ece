import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServiceLogLine, ServiceProcessConfig } from '../harness/service-process.js';
import { CIRCUITS } from './epoch-rows.js';

export const KEYS = 'build/keys';
export const PROGRAM = 'clearproof-test 1';

/** Short, so that tests of lost leases do not take long; long enough for a loaded machine to send its heartbeats. */
const LEASE_SECONDS = 3;

/** A process of test/harness/service-process.ts and what it has said. */
export class ServiceProcess {
  readonly lines: ServiceLogLine[] = [];
  /** All it wrote, standard error included. */
  output = '';
  private readonly child: ChildProcess;
  private readonly listeners = new Set<() => void>();
  private over = false;

  /** @param temporary folder for its temporary files, where that of the machine will not do: any service that starts removes what dead ones left there */
  constructor(config: Pick<ServiceProcessConfig, 'database'> & Partial<ServiceProcessConfig>, temporary?: string) {
    const whole: ServiceProcessConfig = {
      keys: KEYS, circuits: CIRCUITS, kinds: ['plan', 'prove', 'attest', 'receipts', 'retire'], program: PROGRAM, proofs: 1, tries: 5,
      times: { leaseSeconds: LEASE_SECONDS, pollMilliseconds: 50, graceMilliseconds: 500 }, prover: { kind: 'stand-in', milliseconds: 0 }, ...config,
    };
    this.child = spawn(process.execPath, ['--import', 'tsx', 'test/harness/service-process.ts'], {
      env: { ...process.env, ...(temporary === undefined ? {} : { TMPDIR: temporary }), SERVICE_PROCESS: JSON.stringify(whole) }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      const whole_ = (rest + text).split('\n');
      rest = whole_.pop() ?? '';
      this.lines.push(...whole_.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as ServiceLogLine));
      this.tell();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.once('close', () => {
      this.over = true;
      this.tell();
    });
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Resolves with the first line of this event that has these fields; fails when the process ends without it. */
  async said(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<ServiceLogLine> {
    for (;;) {
      const line = this.lines.find((one) => one.event === event && Object.entries(fields).every(([name, value]) => one[name] === value));
      if (line !== undefined) return line;
      if (this.over) throw new Error(`the process ended without saying ${event}: ${this.output}`);
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
      });
    }
  }

  events(event: string): ServiceLogLine[] {
    return this.lines.filter((line) => line.event === event);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** How it ended. */
  async ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    if (!this.over) await once(this.child, 'close');
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  /** Asks it to stop, and waits. */
  async stop(): Promise<void> {
    this.kill('SIGTERM');
    await this.ended();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
