import type { Command } from 'commander';
import { rulesToChange } from '../../chain/board-changes.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readBoardConfig } from './board-config.js';
import { proposeAll } from './proposals.js';
import { boardsOf } from './venue-boards.js';

export function addMarketRules(market: Command, run: Runner): void {
  withChain(market.command('rules')
    .description('propose the rules for prices and tables; the first ones are active at once'))
    .requiredOption('--config <file>', 'rules and feeds of the boards (docs/formats.md)')
    .addHelpText('after', '\nExample:\n  clearproof market rules --config boards.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions & { config: string }) => {
      const config = await readBoardConfig(options.config);
      await withSigner(options, async (signer, deployment) => {
        const changes = await rulesToChange(boardsOf(signer, deployment), { prices: config.priceRules, tables: config.tableRules });
        output.result({ changes: await proposeAll(output, signer, changes) });
      });
    }));
}
