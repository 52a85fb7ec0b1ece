import { ClearproofError } from '../error/clearproof-error.js';

/** How a command speaks: sentences for people, or one JSON value for programs. Progress always goes to standard error. */
export class Output {
  constructor(
    readonly json: boolean,
    private readonly stdout: NodeJS.WritableStream = process.stdout,
    private readonly stderr: NodeJS.WritableStream = process.stderr,
  ) {}

  /** A line for people; nothing under --json. */
  say(line = ''): void {
    if (!this.json) this.stdout.write(`${warning(harmless(line), this.stdout)}\n`);
  }

  /** The command's result; printed only under --json. Integers beyond 2^53 are strings. */
  result(value: unknown): void {
    if (this.json) this.stdout.write(`${JSON.stringify(value, bigintAsText, 2)}\n`);
  }

  /** Progress of long work, rewritten in place on a terminal. */
  progress(line: string): void {
    const terminal = 'isTTY' in this.stderr && this.stderr.isTTY === true;
    const text = harmless(line);
    this.stderr.write(terminal ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  /** Ends a line that `progress` rewrote. */
  progressDone(): void {
    if ('isTTY' in this.stderr && this.stderr.isTTY === true) this.stderr.write('\n');
  }

  fail(error: unknown): void {
    if (this.json) {
      this.result({ error: error instanceof ClearproofError ? error.toJSON() : { code: 'INTERNAL', message: String(error) } });
      return;
    }
    if (error instanceof ClearproofError) this.stderr.write(`error: ${harmless(error.message)} [${error.code}]\n`);
    else this.stderr.write(`unexpected error: ${harmless(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  }
}

/** What commands a terminal, or turns the direction of what it shows; line ends and tabs are a command's own. */
const COMMANDS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text in which nothing commands a terminal: errors and reports quote files, and answers of nodes, that strangers wrote. */
function harmless(text: string): string {
  return text.replace(COMMANDS, (found) => (found === '\n' || found === '\t' ? found : `\\u{${found.codePointAt(0)?.toString(16) ?? ''}}`));
}

/** On a terminal the word INSECURE is red: nobody shall read over it. https://no-color.org turns that off. */
function warning(line: string, stream: NodeJS.WritableStream): string {
  if (!('isTTY' in stream) || stream.isTTY !== true || (process.env.NO_COLOR ?? '') !== '') return line;
  return line.replaceAll(/\bINSECURE\b/g, '\x1b[1;31m$&\x1b[0m');
}

/** JSON replacer: bigint as decimal text. */
export function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Rows as columns of equal width, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row
    .map((cell, column) => (/^[-\d.,]+$/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
    .join('  ').trimEnd());
}
