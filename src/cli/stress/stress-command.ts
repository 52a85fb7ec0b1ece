import type { Command } from 'commander';
import type { Runner } from '../runner.js';
import { addStressProve } from './prove.js';
import { addStressRun } from './run.js';
import { addStressVerify } from './verify.js';

/** `clearproof stress …`; without a subcommand it runs. */
export function addStressCommands(program: Command, run: Runner): void {
  const stress = program.command('stress')
    .description('what public shocks would do to a snapshot; prove it for an epoch; verify such a proof')
    .addHelpText('after', '\nExample:\n  clearproof stress --snapshot epoch-1/snapshot --fund 2500000 --out stress\n\n"clearproof stress run --help" has its options.');
  addStressRun(stress, run);
  addStressProve(stress, run);
  addStressVerify(stress, run);
}
