import type { Command } from 'commander';
import type { ClearingHouseClient } from '../../chain/clearing-client.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { requireHouse } from './account-file.js';
import { houseClient } from './contracts.js';
import { readOpeningsReceipt, receiptFor, type OpeningsReceipt } from './receipt-file.js';
import { SubmissionError, openingsOf, readTransition, submissionOf, type NamedTransition, type SinglePurpose, type Submission } from './submission.js';
import type { ProvenTransition } from '../../clearing/proven-transition.js';

interface SubmitOptions extends ChainOptions {
  readonly transitions: readonly string[];
  readonly receipt?: string;
}

export function addClearingSubmit(clearing: Command, run: Runner): void {
  withChain(clearing.command('submit').description('send what was proven: by anybody, but collateral that comes in is paid by the account it was proven for'))
    .requiredOption('--transitions <files...>', 'one proven transition, both sides of a transfer, or sides of trades')
    .option('--receipt <file>', 'the venue\'s receipt of the openings, for accounts that are margined afterwards')
    .addHelpText('after', `
Example:
  clearproof clearing submit --transitions withdrawal.json --receipt receipt.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run(async (output, options: SubmitOptions) => {
      const { submission, receipt } = await readSubmission(options);
      await withSigner(options, async (signer, deployment) => {
        requireAt(submission.files, receipt, options, deployment);
        const { transactionHash, gasUsed } = await submit(houseClient(signer, deployment), submission.call, receipt);
        output.say(`${describe(submission.call)} done (${gasUsed} gas), transaction ${transactionHash}`);
        output.result({ what: submission.call.kind, transactionHash, gasUsed });
      });
    }));
}

/** Files put together, and the receipt that goes with them. */
export interface ReadSubmission {
  readonly submission: { readonly files: readonly NamedTransition[]; readonly call: Submission };
  readonly receipt: OpeningsReceipt | undefined;
}

/** @throws SubmissionError, and what reading throws */
export async function readSubmission(options: Pick<SubmitOptions, 'transitions' | 'receipt'>): Promise<ReadSubmission> {
  const files: NamedTransition[] = [];
  for (const file of options.transitions) files.push(await readTransition(file));
  return { submission: { files, call: submissionOf(files) }, receipt: options.receipt === undefined ? undefined : await readOpeningsReceipt(options.receipt) };
}

/** @throws OtherHouseError */
export function requireAt(
  files: readonly NamedTransition[], receipt: OpeningsReceipt | undefined, options: Pick<SubmitOptions, 'receipt'>, deployment: Parameters<typeof requireHouse>[1],
): void {
  files.forEach((one) => requireHouse(one, deployment, one.file));
  if (receipt !== undefined) requireHouse(receipt, deployment, options.receipt ?? 'the receipt');
}

/** Sends one call. @throws OpeningsReceiptError, ContractRevertedError */
export async function submit(house: ClearingHouseClient, call: Submission, receipt: OpeningsReceipt | undefined): Promise<ChainReceipt> {
  const signature = receiptFor(openingsOf(call), receipt);
  switch (call.kind) {
    case 'trades': {
      const [first, ...others] = call.settlements;
      if (first === undefined) throw new SubmissionError('no trade is named');
      return others.length === 0 ? house.settle(first, signature) : house.settleBatch(call.settlements, signature);
    }
    case 'transfer': return house.transfer(call.moved, call.fromSide, call.toSide, signature);
    case 'single': return submitSingle(house, call.purpose, call.transition, signature);
  }
}

function submitSingle(house: ClearingHouseClient, purpose: SinglePurpose, transition: ProvenTransition, signature: string): Promise<ChainReceipt> {
  switch (purpose.kind) {
    case 'open': throw new SubmissionError('an account is opened by "clearing open" itself, which keeps its number');
    case 'adjust': return house.adjust(purpose.handle, purpose.collateral, transition, signature);
    case 'expiry': return house.settleExpiry(purpose.handle, purpose.row, transition, signature);
    case 'funding': return house.settleFunding(purpose.handle, purpose.fromPeriod, transition, signature);
  }
}

function describe(call: Submission): string {
  switch (call.kind) {
    case 'trades': return call.settlements.length === 1 ? 'one trade' : `${call.settlements.length} trades`;
    case 'transfer': return `the transfer from account ${call.moved.from} to ${call.moved.to}`;
    case 'single': return { open: 'the opening', adjust: 'the move of collateral', expiry: 'the expiry', funding: 'the funding' }[call.purpose.kind];
  }
}
