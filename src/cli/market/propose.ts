import type { Command } from 'commander';
import { listsToChange } from '../../chain/board-changes.js';
import { NO_PARAMETERS } from '../../chain/market-board-client.js';
import { parameterWords } from '../../risk/build/parameter-words.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readBoardConfig } from './board-config.js';
import { proposeAll } from './proposals.js';
import { boardsOf } from './venue-boards.js';
import { readParameterSet, setWords, wantedLists } from './wanted-lists.js';

interface ProposeOptions extends ChainOptions {
  readonly config: string;
  readonly parameters: string;
  readonly current?: string;
}

export function addMarketPropose(market: Command, run: Runner): void {
  withChain(market.command('propose')
    .description('propose the feeds, instruments and parameters that differ from those on chain, and say when each can be activated'))
    .requiredOption('--config <file>', 'rules and feeds of the boards (docs/formats.md)')
    .requiredOption('--parameters <file>', 'parameter set')
    .option('--current <file>', 'parameter set that is active, unless these are the first')
    .addHelpText('after', `
Example:
  clearproof market propose --config boards.json --parameters parameters-2.json --current parameters-1.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ProposeOptions) => {
      const wanted = wantedLists(await readBoardConfig(options.config), await readParameterSet(options.parameters));
      const current = options.current === undefined ? NO_PARAMETERS : setWords(parameterWords(await readParameterSet(options.current)));
      await withSigner(options, async (signer, deployment) => {
        const changes = await listsToChange(boardsOf(signer, deployment), { ...wanted, current });
        output.result({ changes: await proposeAll(output, signer, changes) });
      });
    }));
}
