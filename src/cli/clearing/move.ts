import type { Command } from 'commander';
import { contextOf, moveAction } from '../../chain/account-actions.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { vaultOf } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { signMoveApproval } from '../../chain/vault-signatures.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { readAccount, readReceipt, readTable, requireVenue, withAccount as withTreeAccount, type AccountOptions as TreeAccountOptions } from '../account/account-input.js';
import { vaultNullifier, withAccountProver } from '../account/account-prover.js';
import { payingRow, quantaOf, settlementRowOf } from '../account/withdrawal.js';
import { bigNumber, unixSeconds } from '../options.js';
import type { Runner } from '../runner.js';
import { ApprovalError } from '../vault/approval-file.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { handleBytes, readMove, writeMove } from './move-approval-file.js';

interface ApproveOptions extends ChainOptions {
  readonly receipt: string;
  readonly instrument: string;
  readonly amount: string;
  readonly handle: bigint;
  readonly deadline?: number;
  readonly out: string;
}

interface MoveOptions extends ChainOptions, TreeAccountOptions {
  readonly approval: string;
  readonly table?: string;
}

const SECONDS_TO_SEND = 86_400;

/** From the tree to the clearing house. An account is in one of both: the venue signs, and debits the account with the next snapshot. */
export function addClearingMove(clearing: Command, run: Runner): void {
  addApprove(clearing, run);
  addMove(clearing, run);
}

function addApprove(clearing: Command, run: Runner): void {
  withChain(clearing.command('approve-move').description('the venue: let what an account of the tree holds move to the clearing house'))
    .requiredOption('--receipt <file>', 'the user\'s receipt of the newest standing epoch')
    .requiredOption('--instrument <id>', 'cash or spot instrument')
    .requiredOption('--amount <decimal>', 'quantity of it; debit the account with the next snapshot')
    .requiredOption('--handle <n>', 'account at the clearing house that it is for', bigNumber)
    .option('--deadline <seconds>', 'Unix time until which it is good (default: in a day)', unixSeconds)
    .requiredOption('--out <file>', 'where the approval goes; give it to the user')
    .addHelpText('after', `
Example:
  clearproof clearing approve-move --receipt receipt.json --instrument USD --amount 1000 --handle 3 --out move.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: ApproveOptions) => {
      const receipt = await readReceipt(options.receipt);
      const quanta = quantaOf(settlementRowOf(receipt.market, options.instrument), options.amount);
      const row = payingRow(receipt.market, receipt.holdings, options.instrument, quanta);
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt }, deployment);
        const target = { chainId: deployment.chainId, vault: vaultOf(deployment) };
        const deadline = options.deadline ?? (await latestTimestamp(signer.provider)) + SECONDS_TO_SEND;
        const move = { venueId: deployment.venueId, nullifier: vaultNullifier(receipt), row: row.index, amount: quanta, handle: options.handle, deadline };
        const signature = await signMoveApproval(signer, target, { ...move, handle: handleBytes(move.handle) });
        await writeMove(options.out, target, { ...move, signature });
        output.say(`${formatDecimal(quanta, row.quantityDecimals)} ${row.id} may move to account ${options.handle}, on epoch ${receipt.epoch}; in ${options.out}`);
        output.result({ out: options.out, epoch: receipt.epoch, ...move });
      });
    }));
}

function addMove(clearing: Command, run: Runner): void {
  withTreeAccount(withChain(clearing.command('move').description('move what your account of the tree holds to your account at the clearing house: it holds cash and spot alone, none borrowed; "clearing deposit" then takes it in')))
    .requiredOption('--approval <file>', 'the venue\'s approval, as "clearing approve-move" wrote it')
    .option('--table <file>', 'a table of initial level that came later (default: the epoch\'s own)')
    .addHelpText('after', `
Example:
  clearproof clearing move --receipt receipt.json --owner owner.json --approval move.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run(async (output, options: MoveOptions) => {
      const owned = await readAccount(options);
      const table = await readTable(options.table, owned.receipt);
      await withSigner(options, async (signer, deployment) => {
        requireVenue(owned, deployment);
        const vault = vaultOf(deployment);
        const { row, amount, handle, deadline, nullifier, signature } = await readMove(options.approval, { chainId: deployment.chainId, vault });
        if (nullifier !== vaultNullifier(owned.receipt)) throw new ApprovalError(`${options.approval} is for another account or epoch than the receipt of epoch ${owned.receipt.epoch}: ask the venue for one of this epoch`, { epoch: owned.receipt.epoch });
        const context = contextOf(vault, moveAction(handleBytes(handle), deadline));
        const claim = await withAccountProver(output, options.keys, (prover) => prover.margin(owned, table, { verdict: 'healthy', withdrawal: { row, amount }, unmargined: true, scope: 0n, context }));
        const payout = { claim, unmargined: true, row, amount, recipient: NOBODY, deadline };
        const { transactionHash, gasUsed } = await new CollateralVaultClient(vault, deployment.venueId, signer).moveToCleared(payout, handleBytes(handle), signature);
        output.say(`${amount} quanta of row ${row} are at the clearing house for account ${handle} (${gasUsed} gas): take them in with "clearing deposit"`);
        output.result({ handle, row, amount, transactionHash, gasUsed });
      });
    }));
}

const NOBODY = `0x${'0'.repeat(40)}`;
