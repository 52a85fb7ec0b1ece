import type { Command } from 'commander';
import { handleChanges } from '../../chain/clearing-trace.js';
import { clearingOf } from '../../chain/deployment.js';
import { soldSlices } from '../../chain/liquidation-history.js';
import type { MarketTable } from '../../risk/market-table.js';
import { liquidationsOf } from '../liquidation/contracts.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { readClearedAccount, requireHouse, writeClearedAccount } from './account-file.js';
import { followAccount, tablesByCommitment } from './follow-account.js';
import { requireOpen } from './handle.js';

interface FollowOptions extends ReaderOptions {
  readonly account: string;
  readonly tables: readonly string[];
}

/** What somebody settled, sold or paid of an account without its owner follows from the chain and what the account was. */
export function addClearingFollow(clearing: Command, run: Runner): void {
  withReader(clearing.command('follow').description('bring an account file up to what others did to it: expiries and funding that anybody may settle, slices that were sold, debts that were paid'))
    .requiredOption('--account <file>', 'the account, mode 600')
    .requiredOption('--tables <files...>', 'market tables that it was changed under; the chain says which')
    .addHelpText('after', `
Example:
  clearproof clearing follow --account account.json --tables initial.json --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: FollowOptions) => {
      const before = await readClearedAccount(options.account);
      const tables: MarketTable[] = [];
      for (const file of options.tables) tables.push(await readMarketFile(file));
      await reading(options, async ({ provider }, deployment) => {
        requireHouse(before, deployment, options.account);
        const handle = requireOpen(before, options.account);
        const changes = await handleChanges(provider, clearingOf(deployment).house, handle, deployment.deployedInBlock);
        const liquidations = liquidationsOf(deployment);
        const sold = liquidations === undefined ? [] : await soldSlices(provider, liquidations, handle, deployment.deployedInBlock);
        const { account, followed } = followAccount(before, { changes, sold }, tablesByCommitment(tables));
        if (followed > 0) await writeClearedAccount(options.account, account);
        output.say(followed === 0 ? `${options.account} has all that was done without its owner` : `${followed} changes followed`);
        output.result({ handle, followed });
      });
    }));
}
