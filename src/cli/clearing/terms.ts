import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { termsToChange } from '../../chain/clearing-changes.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { nextStep, type Step } from '../vault/next-step.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { termsClient } from './contracts.js';
import { readTermsConfig } from './terms-config.js';

export function addClearingTerms(clearing: Command, run: Runner): void {
  withChain(clearing.command('terms').description('the venue: rules, expiries and perpetuals of its clearing house: do the next step towards the file\'s. The first rules are active at once; the rest: propose, wait, activate, one of a kind at a time'))
    .requiredOption('--config <file>', 'rules, expiries and perpetuals (docs/formats.md)')
    .requiredOption('--table <file>', 'market table, for the rows of instruments')
    .addHelpText('after', `
Example:
  clearproof clearing terms --config clearing.json --table table.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { config: string; table: string }) => {
      const wanted = await readTermsConfig(options.config, await readMarketFile(options.table));
      await withSigner(options, async (signer, deployment) => {
        const changes = await termsToChange(termsClient(signer, deployment), wanted);
        const steps: Step[] = [];
        for (const change of changes) steps.push(await nextStep(output, await latestTimestamp(signer.provider), change));
        if (changes.length === 0) output.say('active as they stand in the file: nothing to do');
        output.result({ steps });
      });
    }));
}
