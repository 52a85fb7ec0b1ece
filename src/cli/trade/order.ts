import { Option, type Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { signOrder } from '../../chain/trade-signatures.js';
import type { Order } from '../../clearing/order.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { randomFieldElement } from '../../proving/random.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { houseOf, readClearedAccount, requireHouse } from '../clearing/account-file.js';
import { requireOpen } from '../clearing/handle.js';
import { instrumentRow, quantaIn } from '../clearing/rows.js';
import { readMarketFile } from '../market-file.js';
import { unixSeconds } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { writeOrder } from './trade-files.js';

interface OrderOptions extends ChainOptions {
  readonly account: string;
  readonly table: string;
  readonly buy?: string;
  readonly sell?: string;
  readonly instrument: string;
  readonly pay: string;
  readonly payment: string;
  readonly partial?: boolean;
  readonly expiry?: number;
  readonly out: string;
}

/** An order stands so long, unless told. */
const ORDER_SECONDS = 3_600;

export function addTradeOrder(trade: Command, run: Runner): void {
  const order = trade.command('order');
  withChain(order.description('sign what an account is willing to trade; nothing goes on chain'))
    .requiredOption('--account <file>', 'the account, mode 600')
    .requiredOption('--table <file>', 'market table, for the names and decimals of instruments')
    .addOption(new Option('--buy <decimal>', 'quantity to buy').conflicts('sell'))
    .option('--sell <decimal>', 'quantity to sell')
    .requiredOption('--instrument <id>', 'what is traded')
    .requiredOption('--pay <id>', 'what it is paid in: cash, spot or an entry')
    .requiredOption('--payment <decimal>', 'for the whole quantity, in it: at most this when buying, at least this when selling')
    .option('--partial', 'let a part be traded, at the same price')
    .option('--expiry <seconds>', 'last Unix second at which it may be traded and settle (default: in an hour)', unixSeconds)
    .requiredOption('--out <file>', 'where the order goes; show it to whom you want to trade with, nobody else')
    .addHelpText('after', `
Example:
  clearproof trade order --account account.json --table initial.json --buy 1 --instrument BTC-29JAN27-100000-C --pay USD --payment 4000 \\
    --out order.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file controller.key`)
    .action(run(async (output, options: OrderOptions) => {
      const quantity = options.buy ?? options.sell;
      if (quantity === undefined) return order.error('error: one of --buy and --sell is needed');
      const account = await readClearedAccount(options.account);
      const table = await readMarketFile(options.table);
      const [traded, paid] = [instrumentRow(table, options.instrument), instrumentRow(table, options.pay)];
      await withSigner(options, async (signer, deployment) => {
        requireHouse(account, deployment, options.account);
        const wanted: Order = {
          handle: requireOpen(account, options.account), seller: options.sell !== undefined, row: traded.index, payRow: paid.index,
          quantity: quantaIn(traded, quantity), payment: quantaIn(paid, options.payment, 0n), partial: options.partial === true,
          expiry: options.expiry ?? (await latestTimestamp(signer.provider)) + ORDER_SECONDS, nonce: randomFieldElement(),
        };
        const house = houseOf(deployment);
        const signature = await signOrder(signer, { chainId: deployment.chainId, house: house.house }, deployment.venueId, wanted);
        await writeOrder(options.out, { ...house, order: wanted, signature });
        output.say(`${orderSentence(table, wanted)}; signed by ${signer.address}, in ${options.out}`);
        output.result({ out: options.out, signer: signer.address, handle: wanted.handle, seller: wanted.seller, expiry: wanted.expiry });
      });
    }));
}

/** An order for people. */
export function orderSentence(table: MarketTable, { handle, seller, row, payRow, quantity, payment, partial }: Order): string {
  const limit = seller ? 'at least' : 'at most';
  return `account ${handle} ${seller ? 'sells' : 'buys'} ${partial ? 'up to ' : ''}${amountOf(table.rows[row], quantity)} for ${limit} ${amountOf(table.rows[payRow], payment)}`;
}

/** An amount of a row, for people. */
export function amountOf(row: MarketRow | undefined, quanta: bigint): string {
  return row === undefined ? `${quanta} quanta of a row that the table lacks` : `${formatDecimal(quanta, row.quantityDecimals)} ${row.id}`;
}
