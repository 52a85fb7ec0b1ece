import type { Command } from 'commander';
import { clearedBook, type BookEntry } from '../../clearing/book.js';
import type { ClearedAccountFile } from '../../clearing/opening-file.js';
import { openingOfCommitment } from '../../clearing/opening-file.js';
import { OpeningUnknownError } from '../../clearing/clearing-errors.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { readClearedAccount, requireHouse } from './account-file.js';
import { houseClient } from './contracts.js';

interface BookOptions extends ReaderOptions {
  readonly accounts: readonly string[];
  readonly table: string;
}

/** Longs do not equal shorts, or an account's opening is missing. */
const NOT_MATCHED = 1;

export function addClearingBook(clearing: Command, run: Runner): void {
  withReader(clearing.command('book').description('the venue: what all its accounts hold, held against the chain; ends with 1 where an opening is missing or longs do not equal shorts'))
    .requiredOption('--accounts <files...>', 'every account file the venue has, mode 600')
    .requiredOption('--table <file>', 'market table, for the names of rows')
    .addHelpText('after', `
Example:
  clearproof clearing book --accounts accounts/*.json --table table.json --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: BookOptions) => {
      const table = await readMarketFile(options.table);
      return reading(options, async ({ provider }, deployment) => {
        const files = new Map<bigint, ClearedAccountFile>();
        for (const file of options.accounts) {
          const account = await readClearedAccount(file);
          requireHouse(account, deployment, file);
          files.set(account.handle, account);
        }
        const house = houseClient(provider, deployment);
        const entries: BookEntry[] = [];
        for (let handle = 1n; handle <= await house.handleCount(); handle += 1n) {
          const found = await house.account(handle);
          if (found === undefined || found.venueId !== deployment.venueId) continue;
          entries.push({ handle, commitment: found.commitment, opening: openingIn(files.get(handle), found.commitment) });
        }
        const { accounts, lines, unopened, unmatched } = clearedBook(portablePoseidon, table, entries);
        output.say(`${accounts} accounts`);
        for (const { row, net, long, short, holders } of lines) {
          const [longs, shorts, sum] = [long, short, net].map((quanta) => formatDecimal(quanta, row.quantityDecimals)) as [string, string, string];
          output.say(`  ${row.id}: long ${longs}, short ${shorts}, net ${sum}, in ${holders} accounts`);
        }
        if (unopened.length > 0) output.say(`no opening of account ${unopened.join(', ')}: ask their owners for what they became, the sums lack them`);
        if (unmatched.length > 0) output.say(`longs do not equal shorts: ${unmatched.map(({ row }) => row.id).join(', ')}`);
        output.result({
          accounts, unopened, unmatched: unmatched.map(({ row }) => row.id), rows: lines.map(({ row, net, long, short, holders }) => ({ id: row.id, long, short, net, holders })),
        });
        return unopened.length > 0 || unmatched.length > 0 ? NOT_MATCHED : 0;
      });
    }));
}

function openingIn(file: ClearedAccountFile | undefined, commitment: bigint): ClearedOpening | undefined {
  if (file === undefined) return undefined;
  try {
    return openingOfCommitment(portablePoseidon, file, commitment);
  } catch (error) {
    if (error instanceof OpeningUnknownError) return undefined;
    throw error;
  }
}
