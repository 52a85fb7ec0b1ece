import type { Command } from 'commander';
import { CollateralVaultClient, type WithdrawalRequest } from '../../chain/vault-client.js';
import { confirmAction, contextOf } from '../../chain/account-actions.js';
import { vaultOf, type Deployment } from '../../chain/deployment.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { moment } from '../market/change-state.js';
import { address, bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withChain, withReader, withSigner, type ChainOptions, type ReaderOptions } from '../with-chain.js';
import { readAccount, readTable, requireVenue, withAccount, type AccountOptions } from './account-input.js';
import { isOwnTable, withAccountProver } from './account-prover.js';

/** There is no such request, or it is another account's. */
export class RequestError extends ClearproofError {
  readonly code = 'REQUEST';
}

type Numbered = { readonly request: bigint };
type ConfirmOptions = ChainOptions & AccountOptions & Numbered & { readonly table?: string; readonly signer: string };

const EXAMPLE = '--request 3 --deployment deployment.json --rpc http://127.0.0.1:8545';

/** `clearproof account request …`: a withdrawal the venue did not sign, on its way. */
export function addRequestCommands(account: Command, run: Runner): void {
  const request = account.command('request').description('a withdrawal that the venue did not sign: where it stands, and what moves it on');
  addStatus(request, run);
  addStep(request, run, 'pay', 'have a request paid that is due; anybody may', (client, id) => client.payRequest(id));
  addStep(request, run, 'cancel', 'take a request back; the key file must be the recipient\'s', (client, id) => client.cancelRequest(id));
  addConfirm(request, run);
}

function addStatus(request: Command, run: Runner): void {
  withReader(numbered(request.command('status').description('where a request stands')))
    .addHelpText('after', `\nExample:\n  clearproof account request status ${EXAMPLE}`)
    .action(run(async (output, options: ReaderOptions & Numbered) => {
      await reading(options, async ({ provider }, deployment) => {
        const found = await requestOf(new CollateralVaultClient(vaultOf(deployment), deployment.venueId, provider), options.request);
        output.say(`request ${options.request}: ${found.status}, ${found.amount} units of asset ${found.asset} for ${found.recipient}, proven on epoch ${found.epoch}`);
        if (found.status === 'pending') output.say(`due when an epoch after ${found.latestEpoch} is accepted and ${moment(found.answerBy)} is past, or at ${moment(found.dueAt)}`);
        if (found.status === 'deferred') output.say('the venue showed a later order: confirm it in an epoch whose snapshot follows the request');
        output.result(found);
      });
    }));
}

function addStep(
  request: Command, run: Runner, name: string, description: string, step: (client: CollateralVaultClient, id: bigint) => ReturnType<CollateralVaultClient['payRequest']>,
): void {
  withChain(numbered(request.command(name).description(description)))
    .addHelpText('after', `\nExample:\n  clearproof account request ${name} ${EXAMPLE} --key-file user.key`)
    .action(run(async (output, options: ChainOptions & Numbered) => {
      await withSigner(options, async (signer, deployment) => {
        const client = clientOf(signer, deployment);
        await requestOf(client, options.request);
        const receipt = await step(client, options.request);
        const { status } = await requestOf(client, options.request);
        output.say(`request ${options.request} is ${status} (${receipt.gasUsed} gas)`);
        output.result({ request: options.request, status, gasUsed: receipt.gasUsed });
      });
    }));
}

function addConfirm(request: Command, run: Runner): void {
  withChain(withAccount(numbered(request.command('confirm').description('have a deferred request paid: prove that the account is healthy in a later epoch'))))
    .option('--table <file>', 'table of initial level that the venue\'s market source accepted')
    .requiredOption('--signer <address>', 'address of your signing key', address)
    .addHelpText('after', `
Example:
  clearproof account request confirm ${EXAMPLE} --key-file user.key \\
    --receipt receipt-5.json --owner owner.json --table initial.json --signer 0xf39F…2266

The receipt is of an epoch whose snapshot follows the request, and that stands.`)
    .action(run(async (output, options: ConfirmOptions) => {
      const owned = await readAccount(options);
      const table = await readTable(options.table, owned.receipt);
      await withSigner(options, async (signer, deployment) => {
        requireVenue(owned, deployment);
        const client = clientOf(signer, deployment);
        const { epoch, nullifier } = await requestOf(client, options.request);
        // Without a newer table the contract asks for an account whose table does not matter.
        const { claim, link } = await withAccountProver(output, options.keys, async (prover) => {
          const context = contextOf(vaultOf(deployment), confirmAction(options.request));
          const proven = await prover.margin(owned, table, { verdict: 'healthy', unmargined: isOwnTable(owned.receipt, table), scope: 0n, context });
          return { claim: proven, link: await prover.signer(owned, { epoch, laterEpoch: owned.receipt.epoch }, options.signer) };
        });
        if (link.nullifier !== nullifier) throw new RequestError(`request ${options.request} is of another account than the receipt`, { request: options.request });
        const { gasUsed } = await client.confirmRequest(options.request, claim, link);
        output.say(`request ${options.request} is paid (${gasUsed} gas)`);
        output.result({ request: options.request, status: 'paid', gasUsed });
      });
    }));
}

function numbered(command: Command): Command {
  return command.requiredOption('--request <n>', 'number of the request', bigNumber);
}

function clientOf(signer: ConnectedSigner, deployment: Deployment): CollateralVaultClient {
  return new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer);
}

/** @throws RequestError */
async function requestOf(client: CollateralVaultClient, id: bigint): Promise<WithdrawalRequest> {
  const found = await client.request(id);
  if (found === undefined) throw new RequestError(`the vault has no request ${id}: the number stands in the output of "account withdraw"`, { request: id });
  return found;
}
