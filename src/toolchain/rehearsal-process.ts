import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';

/** A command of the rehearsal ended otherwise than it has to. */
export class RehearsalCommandError extends ClearproofError {
  readonly code = 'REHEARSAL_COMMAND';
}

/** The program as everybody in a ceremony runs it: in a process of its own. */
export class RehearsalProgram {
  /** @param entry the compiled main.js @param shown whether its words go to this process's own output */
  constructor(private readonly entry: string, private readonly shown: boolean) {}

  /** Runs a command. @returns standard output @throws RehearsalCommandError unless it ends with 0 */
  async run(...args: readonly string[]): Promise<string> {
    const { child, said } = this.start(args);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return said.out;
    const last = said.err.trim().split('\n').at(-1) ?? '';
    throw new RehearsalCommandError(`clearproof ${args.slice(0, 2).join(' ')} ended with ${code ?? 'a signal'}: ${last}`, { code: code ?? -1 });
  }

  /**
   * Runs a command that is killed right after it has written a file, as the end of its machine would.
   *
   * @returns whether it was: false where it ended without writing the file
   */
  async runUntil(file: string, ...args: readonly string[]): Promise<boolean> {
    const { child } = this.start(args, { flags: ['--import', killer(this.entry)], env: { KILLED_ONCE_WRITTEN: file } });
    const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return signal === 'SIGKILL';
  }

  private start(args: readonly string[], { flags = [], env = {} }: NodeRun = {}): { readonly child: ChildProcess; readonly said: { out: string; err: string } } {
    const child = spawn(process.execPath, [...flags, this.entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
      if (this.shown) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err = `${said.err}${text}`.slice(-LONGEST_ERROR);
      if (this.shown) process.stderr.write(text);
    });
    return { child, said };
  }
}

interface NodeRun {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Compiled beside the program: what it imports first must be plain JavaScript. */
function killer(entry: string): string {
  return new URL('../toolchain/killed-once-written.js', pathToFileURL(entry)).href;
}

const LONGEST_ERROR = 2_000;
