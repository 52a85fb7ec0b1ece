import { ClearproofError } from '../error/clearproof-error.js';

/** Runs a tool of the build with the command line's arguments. Its own errors are one line and exit code 1; unforeseen ones show where. */
export async function runTool(main: (args: readonly string[]) => Promise<void>): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (thrown) {
    console.error(thrown instanceof ClearproofError ? `error: ${thrown.message}` : thrown);
    process.exitCode = 1;
  }
}
