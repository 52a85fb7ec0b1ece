import { join } from 'node:path';
import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { agree } from '../../clearing/agree.js';
import { matchOrders } from '../../clearing/matching.js';
import type { SignedOrder } from '../../clearing/order.js';
import { requireHouse } from '../clearing/account-file.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { houseClient } from '../clearing/contracts.js';
import { amountOf, orderSentence } from './order.js';
import { requireSigned } from './order-signature.js';
import { readOrder, writeTrade } from './trade-files.js';

interface MatchOptions extends ReaderOptions {
  readonly orders: readonly string[];
  readonly table: string;
  readonly out: string;
}

export function addTradeMatch(trade: Command, run: Runner): void {
  withReader(trade.command('match').description('match signed orders by price, then time, and write what they trade: an example of how trades come about, no exchange'))
    .requiredOption('--orders <files...>', 'orders in the order they came')
    .requiredOption('--table <file>', 'market table, for the names and decimals of instruments')
    .requiredOption('--out <folder>', 'where trade-1.json and so on go; both sides get theirs, and prove it')
    .addHelpText('after', `
Example:
  clearproof trade match --orders first.json second.json third.json --table initial.json --out trades \\
    --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: MatchOptions) => {
      const table = await readMarketFile(options.table);
      const signed: SignedOrder[] = [];
      for (const file of options.orders) signed.push(await readOrder(file));
      await reading(options, async ({ provider }, deployment) => {
        const house = houseClient(provider, deployment);
        for (const [place, one] of signed.entries()) {
          requireHouse(one, deployment, options.orders[place] as string);
          await requireSigned(house, one, options.orders[place] as string);
        }
        const { matches, rest } = matchOrders(signed.map(({ order }) => order), await latestTimestamp(provider));
        const [{ venue, house: at }] = signed as [SignedOrder];
        const trades: object[] = [];
        for (const [place, { maker, taker, ...fill }] of matches.entries()) {
          const out = join(options.out, `trade-${place + 1}.json`);
          const terms = agree(maker, taker, fill);
          await writeTrade(out, { venue, house: at, terms });
          output.say(`account ${terms.buyer} buys ${amountOf(table.rows[terms.row], terms.quantity)} of account ${terms.seller} for ${amountOf(table.rows[terms.payRow], terms.payment)}: ${out}`);
          trades.push({ out, buyer: terms.buyer, seller: terms.seller, row: terms.row, quantity: terms.quantity, payRow: terms.payRow, payment: terms.payment });
        }
        rest.forEach(({ order, left }) => output.say(`left: ${amountOf(table.rows[order.row], left)} of "${orderSentence(table, order)}"`));
        output.result({ trades, left: rest.map(({ order, left }) => ({ handle: order.handle, left })) });
      });
    }));
}
