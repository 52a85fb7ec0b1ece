import { CommanderError } from 'commander';
import { Output } from './output.js';

/** Wraps a command's work: makes its output, turns a thrown error into a message and an exit code. */
export type Runner = <Options>(
  work: (output: Output, options: Options, args: readonly string[]) => Promise<number | void>,
  /** Exit code when the command fails; 1 unless told. */
  failed?: number,
) => (...commanderArgs: unknown[]) => Promise<void>;

const FAILED = 1;

/**
 * @param json whether --json was given, asked when the command runs
 * @param finish what must happen before the process can end (workers of the curve library)
 * @param open where a command speaks to; this process's streams unless told
 */
export function runner(json: () => boolean, finish: () => Promise<void>, open = (asJson: boolean): Output => new Output(asJson)): Runner {
  return (work, failed = FAILED) => async (...commanderArgs) => {
    const output = open(json());
    // Commander passes the positional arguments, then the options, then the command.
    const options = commanderArgs[commanderArgs.length - 2];
    const args = commanderArgs.slice(0, -2) as string[];
    try {
      process.exitCode = (await work(output, options as never, args)) ?? 0;
    } catch (error) {
      // Wrong usage that a command found out itself: told like any other.
      if (error instanceof CommanderError) throw error;
      output.progressDone();
      output.fail(error);
      process.exitCode = failed;
    } finally {
      await finish();
    }
  };
}
