import { join } from 'node:path';
import { writeFileAtomically } from '../../../file/atomic-file.js';
import { ClearproofError } from '../../../error/clearproof-error.js';
import { bigintAsText, type Output } from '../../output.js';

/** A step of the demo did not do what it is there to show. `details.check`. */
export class DemoCheckError extends ClearproofError {
  readonly code = 'DEMO_CHECK';
}

/** Figures of a run, as build/report/crosschain.json holds them. */
export interface CrossChainFigures {
  readonly gas: Readonly<Record<string, bigint>>;
  /** Of wall time, by step. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Taken by their recipients, by kind. */
  readonly messages: Readonly<Record<string, number>>;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

/** Collects what a run shows; the first check that fails ends it, and stands in the report. */
export class CrossChainReport {
  private readonly gas: Record<string, bigint> = {};
  private readonly seconds: Record<string, number> = {};
  private readonly checks: { readonly name: string; readonly ok: boolean }[] = [];
  private messages: Readonly<Record<string, number>> = {};

  constructor(private readonly output: Output, private readonly folder: string) {}

  spent(name: string, gas: bigint): void {
    this.gas[name] = gas;
  }

  taken(messages: Readonly<Record<string, number>>): void {
    this.messages = messages;
  }

  /** @throws DemoCheckError */
  check(name: string, ok: boolean, found = ''): void {
    this.checks.push({ name, ok });
    this.output.say(`${ok ? 'ok' : 'FAILED'}: ${name}`);
    if (!ok) throw new DemoCheckError(`the demo failed to show: ${name}${found === '' ? '' : ` (${found})`}`, { check: name });
  }

  async timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.seconds[step] = Math.round((performance.now() - started) / 100) / 10;
    }
  }

  figures(): CrossChainFigures {
    return { gas: this.gas, seconds: this.seconds, messages: this.messages, checks: this.checks };
  }

  /** @returns the file */
  async write(): Promise<string> {
    const file = join(this.folder, 'crosschain.json');
    await writeFileAtomically(file, `${JSON.stringify(this.figures(), bigintAsText, 2)}\n`);
    return file;
  }
}
