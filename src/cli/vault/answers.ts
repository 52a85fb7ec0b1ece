import type { Command } from 'commander';
import { encryptReceipt } from '../../attestation/encrypted-receipt.js';
import { serializeReceipt } from '../../attestation/receipt-format.js';
import { vaultOf } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { orderSignerOf } from '../../chain/vault-signatures.js';
import { VaultVenueClient } from '../../chain/vault-venue-client.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { readReceipt, requireVenue } from '../account/account-input.js';
import { bytesOf, hexOf } from '../account/encryption-key-file.js';
import { bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readOrder } from './order-file.js';

/** A demand or request cannot be answered with what was named. */
export class AnswerError extends ClearproofError {
  readonly code = 'ANSWER';
}

/** What the operator shows in time: receipts that were demanded, and later orders against requests. */
export function addVaultAnswers(vault: Command, run: Runner): void {
  addAnswerDemand(vault, run);
  addDefer(vault, run);
}

function addAnswerDemand(vault: Command, run: Runner): void {
  withChain(vault.command('answer-demand').description('answer a demand with the receipt, encrypted to the key it names, and take its bond'))
    .requiredOption('--demand <n>', 'number of the demand', bigNumber)
    .requiredOption('--receipt <file>', 'the user\'s receipt of the epoch demanded')
    .addHelpText('after', `
Example:
  clearproof vault answer-demand --demand 2 --receipt epoch-5/receipts/00000017.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ChainOptions & { demand: bigint; receipt: string }) => {
      const receipt = await readReceipt(options.receipt);
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt }, deployment);
        const vaultAddress = vaultOf(deployment);
        const client = new CollateralVaultClient(vaultAddress, deployment.venueId, signer);
        const [demand, key] = [await client.demand(options.demand), await client.encryptionKeyOf(options.demand)];
        if (demand === undefined || key === undefined) throw new AnswerError(`the vault has no demand ${options.demand}`, { demand: options.demand });
        if (demand.epoch !== receipt.epoch) {
          throw new AnswerError(`demand ${options.demand} is for epoch ${demand.epoch}, the receipt is of epoch ${receipt.epoch}`, { epoch: demand.epoch });
        }
        const answer = encryptReceipt(serializeReceipt(receipt), bytesOf(key), { chainId: deployment.chainId, vault: vaultAddress, demandId: options.demand });
        const { gasUsed } = await new VaultVenueClient(vaultAddress, deployment.venueId, signer).answerDemand(options.demand, hexOf(answer));
        output.say(`demand ${options.demand} answered in ${answer.length} bytes (${gasUsed} gas)`);
        output.result({ demand: options.demand, bytes: answer.length, gasUsed });
      });
    }));
}

function addDefer(vault: Command, run: Runner): void {
  withChain(vault.command('defer').description('show an order that the owner signed on the same snapshot: the request then waits until the account is shown healthy in a later epoch'))
    .requiredOption('--request <n>', 'number of the request', bigNumber)
    .requiredOption('--order <file>', 'the signed order, as "account sign-order" wrote it')
    .addHelpText('after', '\nExample:\n  clearproof vault defer --request 3 --order order.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions & { request: bigint; order: string }) => {
      const { order, signature } = await readOrder(options.order);
      await withSigner(options, async (signer, deployment) => {
        const vaultAddress = vaultOf(deployment);
        const request = await new CollateralVaultClient(vaultAddress, deployment.venueId, signer).request(options.request);
        if (request === undefined) throw new AnswerError(`the vault has no request ${options.request}`, { request: options.request });
        if (order.venueId !== deployment.venueId || order.nullifier !== request.nullifier) {
          throw new AnswerError(`the order is of another account or snapshot than request ${options.request}`, { request: options.request });
        }
        if (orderSignerOf({ chainId: deployment.chainId, vault: vaultAddress }, order, signature) !== request.signer) {
          throw new AnswerError(`the order is not signed with the signing key of request ${options.request}, ${request.signer}`, { signer: request.signer });
        }
        const { gasUsed } = await new VaultVenueClient(vaultAddress, deployment.venueId, signer).deferRequest(options.request, order.sequence, order.orderDigest, signature);
        output.say(`request ${options.request} deferred (${gasUsed} gas)`);
        output.result({ request: options.request, status: 'deferred', gasUsed });
      });
    }));
}
