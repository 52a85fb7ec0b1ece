import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { fundRulesToChange } from '../../chain/liquidation-changes.js';
import { fundClient } from '../liquidation/contracts.js';
import type { Runner } from '../runner.js';
import { nextStep } from '../vault/next-step.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readFundConfig } from './rules-config.js';

export function addFundTerms(fund: Command, run: Runner): void {
  withChain(fund.command('terms').description('the venue: what one epoch may take of each step of the waterfall: do the next step towards the file\'s rules. The first are active at once; later ones: propose, wait, activate'))
    .requiredOption('--config <file>', 'the rules (docs/formats.md)')
    .addHelpText('after', '\nExample:\n  clearproof fund terms --config fund.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions & { config: string }) => {
      const wanted = await readFundConfig(options.config);
      await withSigner(options, async (signer, deployment) => {
        const change = await fundRulesToChange(fundClient(signer, deployment), wanted);
        output.result(await nextStep(output, await latestTimestamp(signer.provider), change));
      });
    }));
}
