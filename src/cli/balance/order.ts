import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { disputesClient } from '../../chain/omission-client.js';
import { signAccountOrder, type AccountOrder } from '../../chain/omission-signatures.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { requireVenue } from '../account/account-input.js';
import { bigNumber, bytes32, unixSeconds } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { writeAccountOrder } from './account-order-file.js';
import { readBalance } from './balance-files.js';

/** An order that a receipt takes into account already, or that another key would sign. */
export class AccountOrderError extends ClearproofError {
  readonly code = 'ACCOUNT_ORDER';
}

interface OrderOptions extends ChainOptions {
  readonly balance: string;
  readonly sequence: bigint;
  readonly orderDigest: string;
  readonly orderedAt?: number;
  readonly out: string;
}

export function addBalanceOrder(balance: Command, run: Runner): void {
  withChain(balance.command('order').description('sign with your signing key, the key file, an order that takes something off your account: it is what the venue shows when the account has less than a receipt promised'))
    .requiredOption('--balance <file>', 'your balance receipt')
    .requiredOption('--sequence <n>', 'number of the order: one more than your last', bigNumber)
    .requiredOption('--order-digest <bytes32>', 'hash of the order', bytes32)
    .option('--ordered-at <seconds>', 'Unix time of the order (default: the chain\'s now)', unixSeconds)
    .requiredOption('--out <file>', 'where the signed order goes; the venue needs it with the order')
    .addHelpText('after', `
Example:
  clearproof balance order --balance alice-btc.json --sequence 7 --order-digest 0x6f1c…11ab --out order-7.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file signing.key`)
    .action(run(async (output, options: OrderOptions) => {
      const signed = await readBalance(options.balance);
      const { receipt } = signed;
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt: signed }, deployment);
        const { chainId, venueId } = deployment;
        const { disputes } = await disputesClient(signer, deployment);
        if (signer.address !== receipt.signer) {
          throw new AccountOrderError(`the receipt names the signing key ${receipt.signer}, the key file is of ${signer.address}: an order of this key would show nothing`, { signer: receipt.signer });
        }
        if (options.sequence <= receipt.sequence) {
          throw new AccountOrderError(`the receipt takes your orders up to ${receipt.sequence} into account: number this one higher`, { sequence: options.sequence });
        }
        const order: AccountOrder = {
          venueId, account: receipt.account, sequence: options.sequence, orderedAt: options.orderedAt ?? (await latestTimestamp(signer.provider)), orderDigest: options.orderDigest,
        };
        await writeAccountOrder(options.out, { order, signature: await signAccountOrder(signer, { chainId, disputes }, order) });
        output.say(`order ${order.sequence} signed by ${signer.address}; in ${options.out}`);
        output.result({ file: options.out, signer: signer.address, ...order });
      });
    }));
}
