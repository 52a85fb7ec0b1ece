import { chooseProver } from '../groth16/prover-choice.js';
import { ProverPool, type ProverPoolOptions } from '../groth16/prover-pool.js';
import type { Output } from './output.js';
import { buildPath } from './project.js';

/** What was told already: a command that proves in several steps says it once. */
const told = new Set<string>();

/** For commands that make one proof after another. */
const ONE_AFTER_ANOTHER: ProverPoolOptions = { workers: 1, threads: 'all' };

/**
 * Processes that prove, and a line that says by what.
 *
 * @param keys folder of proving keys; the project's unless told
 * @param asked what --prover names
 * @throws NativeProgramError, NativeProgramDiedError when the native prover was asked for and does not work
 */
export async function openProver(output: Output, keys: string | undefined, options = ONE_AFTER_ANOTHER, asked?: string): Promise<ProverPool> {
  const { config, says } = await chooseProver(keys ?? buildPath('keys'), asked);
  if (!told.has(says)) {
    told.add(says);
    output.progress(says);
    output.progressDone();
  }
  return new ProverPool(config, options);
}
