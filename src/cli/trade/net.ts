import { join } from 'node:path';
import type { Command } from 'commander';
import { netTrades } from '../../clearing/netting.js';
import { isInBand } from '../../clearing/price-band.js';
import type { TradeFile } from '../../clearing/trade-format.js';
import { requireHouse } from '../clearing/account-file.js';
import { clearingRules, termsClient } from '../clearing/contracts.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { amountOf } from './order.js';
import { readTrade, writeTrade } from './trade-files.js';

interface NetOptions extends ReaderOptions {
  readonly trades: readonly string[];
  readonly table: string;
  readonly out: string;
}

export function addTradeNet(trade: Command, run: Runner): void {
  withReader(trade.command('net').description('make one trade of two parties\' trades in one instrument, before anything is proven; the other side gets the same'))
    .requiredOption('--trades <files...>', 'agreed trades that are not settled')
    .requiredOption('--table <file>', 'table of initial level that they will be proven under')
    .requiredOption('--out <folder>', 'where net-1.json and so on go')
    .addHelpText('after', `
Example:
  clearproof trade net --trades trade-1.json trade-2.json --table initial.json --out net --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: NetOptions) => {
      const table = await readMarketFile(options.table);
      const files: TradeFile[] = [];
      for (const file of options.trades) files.push(await readTrade(file));
      await reading(options, async ({ provider }, deployment) => {
        files.forEach((one, place) => requireHouse(one, deployment, options.trades[place] as string));
        const { band } = await clearingRules(termsClient(provider, deployment));
        const [{ venue, house }] = files as [TradeFile];
        const trades: object[] = [];
        for (const [place, { trade: net, replaces }] of netTrades(files.map(({ terms }) => terms), (one) => isInBand(table, one, band)).entries()) {
          const out = join(options.out, `net-${place + 1}.json`);
          await writeTrade(out, { venue, house, terms: net });
          output.say(`account ${net.buyer} buys ${amountOf(table.rows[net.row], net.quantity)} of account ${net.seller} for ${amountOf(table.rows[net.payRow], net.payment)}, in place of ${replaces.length}: ${out}`);
          trades.push({ out, replaces: replaces.length, buyer: net.buyer, seller: net.seller, quantity: net.quantity, payment: net.payment });
        }
        output.result({ trades });
      });
    }));
}
