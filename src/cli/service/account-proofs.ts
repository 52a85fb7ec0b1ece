import type { Command } from 'commander';
import type { AccountProofSummary } from '../../service/operations.js';
import type { Output } from '../output.js';
import { wholeNumber } from '../options.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';

/** Proofs that need no owner's secret. */
export function addAccountProofCommands(service: Command, commands: ServiceCommands): void {
  const proofs = service.command('row-marks').description('proofs of what one unit of a market table\'s row is worth');
  withTarget(proofs.command('request').description('have a row\'s mark proven; asked again, the same proof'))
    .requiredOption('--market <commitment>', 'commitment of the market table')
    .requiredOption('--row <n>', 'row of the table, from 0', wholeNumber)
    .addHelpText('after', examples('row-marks request --market 1234 --row 0'))
    .action(commands.asking(async (operations, output, { market, row }: TargetOptions & { market: string; row: number }) => {
      show(output, await operations.requestAccountProof({ kind: 'row-mark', market, row }));
    }));
  withTarget(proofs.command('show').description('a proof that was requested, once it is made'))
    .requiredOption('--id <id>', 'as request showed it')
    .addHelpText('after', examples('row-marks show --id 0f0e…'))
    .action(commands.asking(async (operations, output, { id }: TargetOptions & { id: string }) => show(output, await operations.accountProof(id))));
}

function show(output: Output, proof: AccountProofSummary): void {
  output.say(`${proof.kind} ${proof.id} is ${proof.state}${proof.error === null ? '' : `; ${proof.error.code}: ${proof.error.message}`}`);
  if (proof.state === 'done') output.say(JSON.stringify(proof.result, undefined, 2));
  output.result(proof);
}
