import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { liquidationRulesToChange } from '../../chain/liquidation-changes.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { LiquidationRules } from '../../liquidation/liquidation-rules.js';
import { clearingRules, termsClient } from '../clearing/contracts.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { nextStep } from '../vault/next-step.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { liquidationsClient } from './contracts.js';
import { readRulesConfig } from './rules-config.js';

/** A slice at the end of the clock would be sold outside the band that every trade lies in: it would have no proof. */
export class RulesOutsideBandError extends ClearproofError {
  readonly code = 'RULES_OUTSIDE_BAND';
}

export function addLiquidationTerms(liquidation: Command, run: Runner): void {
  withChain(liquidation.command('terms').description('the venue: bonds, windows, prices and shares of liquidations: do the next step towards the file\'s rules. The first are active at once; later ones: propose, wait, activate. The house takes the contract by "clearing terms"'))
    .requiredOption('--config <file>', 'the rules (docs/formats.md)')
    .requiredOption('--table <file>', 'market table, for the rows of instruments')
    .addHelpText('after', `
Example:
  clearproof liquidation terms --config liquidation.json --table table.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { config: string; table: string }) => {
      const wanted = await readRulesConfig(options.config, await readMarketFile(options.table));
      await withSigner(options, async (signer, deployment) => {
        requireInBand(wanted, (await clearingRules(termsClient(signer, deployment))).band, options.config);
        const change = await liquidationRulesToChange(liquidationsClient(signer, deployment), wanted);
        output.result(await nextStep(output, await latestTimestamp(signer.provider), change));
      });
    }));
}

/** @throws RulesOutsideBandError */
export function requireInBand({ maxDiscount, penalty }: LiquidationRules, band: number, file: string): void {
  if (maxDiscount + penalty < band) return;
  throw new RulesOutsideBandError(`${file}: maxDiscount and penalty are ${maxDiscount + penalty} ppm together, and the clearing rules' band is ${band}: stay below it`, { file, band });
}
