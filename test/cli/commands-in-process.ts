import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { Output } from '../../src/cli/output.js';
import { runner, type Runner } from '../../src/cli/runner.js';
import type { Ended } from './program.js';

/**
 * Runs commands as `clearproof` does, in this process: curves and their threads stay for the next one, which a process of its own would
 * spend more time on than on a small command.
 */
export function inProcess(add: (program: Command, run: Runner) => void): (...args: readonly string[]) => Promise<Ended> {
  return async (...args) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const said = Promise.all([text(stdout), text(stderr)]);
    const program = new Command('clearproof').exitOverride().configureOutput({ writeErr: (words) => stderr.write(words) });
    add(program, runner(() => args.includes('--json'), () => Promise.resolve(), (json) => new Output(json, stdout, stderr)));
    const before = process.exitCode;
    let code: number;
    try {
      await program.parseAsync(args.filter((arg) => arg !== '--json'), { from: 'user' });
      code = Number(process.exitCode);
    } finally {
      process.exitCode = before;
      stdout.end();
      stderr.end();
    }
    const [out, err] = await said;
    return { code, stdout: out, stderr: err };
  };
}
