import type { Command } from 'commander';
import { handleChanges } from '../../chain/clearing-trace.js';
import { clearingOf } from '../../chain/deployment.js';
import { followChange } from '../../clearing/follow-change.js';
import { openingOfCommitment, withOpening, type ClearedAccountFile } from '../../clearing/opening-file.js';
import { OpeningUnknownError } from '../../clearing/clearing-errors.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { MarketTable } from '../../risk/market-table.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { readClearedAccount, requireHouse, writeClearedAccount } from './account-file.js';
import { requireOpen } from './handle.js';

interface FollowOptions extends ReaderOptions {
  readonly account: string;
  readonly tables: readonly string[];
}

/** What somebody settled of an account without its owner follows from the chain and what the account was. */
export function addClearingFollow(clearing: Command, run: Runner): void {
  withReader(clearing.command('follow').description('bring an account file up to what others settled of it: expiries and funding that anybody may settle'))
    .requiredOption('--account <file>', 'the account, mode 600')
    .requiredOption('--tables <files...>', 'market tables that it was settled under; the chain says which')
    .addHelpText('after', `
Example:
  clearproof clearing follow --account account.json --tables initial.json --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: FollowOptions) => {
      let account = await readClearedAccount(options.account);
      const tables = new Map<bigint, MarketTable>();
      for (const file of options.tables) {
        const table = await readMarketFile(file);
        tables.set(marketCommitment(portablePoseidon, table), table);
      }
      await reading(options, async ({ provider }, deployment) => {
        requireHouse(account, deployment, options.account);
        const handle = requireOpen(account, options.account);
        let followed = 0;
        for (const change of await handleChanges(provider, clearingOf(deployment).house, handle, deployment.deployedInBlock)) {
          const before = known(account, change.oldCommitment);
          if (before === undefined || known(account, change.newCommitment) !== undefined) continue;
          const table = tables.get(change.marketCommitment);
          if (table === undefined) throw new OpeningUnknownError(`account ${handle} was changed in block ${change.block} under the table ${change.marketCommitment}, which is not among --tables: ask the venue for it`, { handle });
          account = withOpening(account, followChange(portablePoseidon, table, before, change));
          followed += 1;
        }
        if (followed > 0) await writeClearedAccount(options.account, account);
        output.say(followed === 0 ? `${options.account} has all that was settled without its owner` : `${followed} changes followed`);
        output.result({ handle, followed });
      });
    }));
}

function known(account: ClearedAccountFile, commitment: bigint): ReturnType<typeof openingOfCommitment> | undefined {
  try {
    return openingOfCommitment(portablePoseidon, account, commitment);
  } catch (error) {
    if (error instanceof OpeningUnknownError) return undefined;
    throw error;
  }
}
