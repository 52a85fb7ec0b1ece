import type { Command } from 'commander';
import { signOrder } from '../../chain/trade-signatures.js';
import { agree, limitOf } from '../../clearing/agree.js';
import type { Order } from '../../clearing/order.js';
import { randomFieldElement } from '../../proving/random.js';
import { readClearedAccount, requireHouse } from '../clearing/account-file.js';
import { houseClient } from '../clearing/contracts.js';
import { requireOpen } from '../clearing/handle.js';
import { quantaIn } from '../clearing/rows.js';
import { rowAt } from '../../risk/tiers.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { orderSentence } from './order.js';
import { requireSigned } from './order-signature.js';
import { readOrder, writeOrder, writeTrade } from './trade-files.js';

interface AcceptOptions extends ChainOptions {
  readonly order: string;
  readonly account: string;
  readonly table: string;
  readonly quantity?: string;
  readonly outOrder: string;
  readonly out: string;
}

export function addTradeAccept(trade: Command, run: Runner): void {
  withChain(trade.command('accept').description('take the other side of an order: writes an order of yours at its price, and the trade that the two make'))
    .requiredOption('--order <file>', 'the other side\'s order')
    .requiredOption('--account <file>', 'your account, mode 600')
    .requiredOption('--table <file>', 'market table, for the names and decimals of instruments')
    .option('--quantity <decimal>', 'how much of it, where it allows a part (default: all)')
    .requiredOption('--out-order <file>', 'where your order goes; send it to the other side, who runs "trade match" on both')
    .requiredOption('--out <file>', 'where the trade goes')
    .addHelpText('after', `
Example:
  clearproof trade accept --order order.json --account account.json --table initial.json --out-order mine.json --out trade.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file controller.key`)
    .action(run(async (output, options: AcceptOptions) => {
      const maker = await readOrder(options.order);
      const account = await readClearedAccount(options.account);
      const table = await readMarketFile(options.table);
      await withSigner(options, async (signer, deployment) => {
        requireHouse(maker, deployment, options.order);
        requireHouse(account, deployment, options.account);
        await requireSigned(houseClient(signer.provider, deployment), maker, options.order);
        const { order } = maker;
        const quantity = options.quantity === undefined ? order.quantity : quantaIn(rowAt(table, order.row), options.quantity);
        const taker: Order = {
          ...order, handle: requireOpen(account, options.account), seller: !order.seller, quantity, payment: limitOf(order, quantity), partial: false, nonce: randomFieldElement(),
        };
        const terms = agree(order, taker);
        const { venue, house } = maker;
        const signature = await signOrder(signer, { chainId: venue.chainId, house }, venue.venueId, taker);
        await writeOrder(options.outOrder, { venue, house, order: taker, signature });
        await writeTrade(options.out, { venue, house, terms });
        output.say(`${orderSentence(table, taker)}: the trade is in ${options.out}; send ${options.outOrder} to the other side`);
        output.result({ out: options.out, order: options.outOrder, buyer: terms.buyer, seller: terms.seller, expiry: terms.expiry });
      });
    }));
}
