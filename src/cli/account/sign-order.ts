import type { Command } from 'commander';
import { vaultOf } from '../../chain/deployment.js';
import { signLaterOrder } from '../../chain/vault-signatures.js';
import { bigNumber, bytes32, positiveNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { writeOrder } from '../vault/order-file.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readReceipt, requireVenue } from './account-input.js';
import { vaultNullifier } from './account-prover.js';

interface SignOptions extends ChainOptions {
  readonly receipt: string;
  readonly epoch?: number;
  readonly sequence: bigint;
  readonly orderDigest: string;
  readonly out: string;
}

export function addSignOrder(account: Command, run: Runner): void {
  withChain(account.command('sign-order').description('sign with your signing key, the key file, that you gave an order since a snapshot: the venue can defer requests with it'))
    .requiredOption('--receipt <file>', 'your latest receipt')
    .option('--epoch <n>', 'epoch of a snapshot that the order follows, also one you have no receipt of yet (default: the receipt\'s)', positiveNumber)
    .requiredOption('--sequence <n>', 'number of the order', bigNumber)
    .requiredOption('--order-digest <bytes32>', 'hash of the order', bytes32)
    .requiredOption('--out <file>', 'where the signed order goes')
    .addHelpText('after', `
Example:
  clearproof account sign-order --receipt receipt.json --sequence 7 --order-digest 0x6f1c…11ab --out order.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file signing.key`)
    .action(run(async (output, options: SignOptions) => {
      const receipt = await readReceipt(options.receipt);
      const epoch = options.epoch ?? receipt.epoch;
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt }, deployment);
        const { venueId, chainId } = deployment;
        const order = { venueId, nullifier: vaultNullifier(receipt, epoch), sequence: options.sequence, orderDigest: options.orderDigest };
        await writeOrder(options.out, { order, signature: await signLaterOrder(signer, { chainId, vault: vaultOf(deployment) }, order) });
        output.say(`order ${options.sequence} on the snapshot of epoch ${epoch} signed by ${signer.address}; in ${options.out}`);
        output.result({ file: options.out, signer: signer.address, ...order });
      });
    }));
}
