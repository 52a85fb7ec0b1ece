import { Option, type Command } from 'commander';
import { signOpenings } from '../../chain/trade-signatures.js';
import { openingOfCommitment, type ClearedAccountFile } from '../../clearing/opening-file.js';
import { requireExpiredSettled, requireRoomToSettle } from '../../clearing/room-to-settle.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { sidesOfBid } from '../liquidation/bid-sides.js';
import { readBid } from '../liquidation/opened-file.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { houseOf, readClearedAccount, requireHouse } from './account-file.js';
import { termsClient } from './contracts.js';
import { OpeningsReceiptError, writeOpeningsReceipt } from './receipt-file.js';
import { settledRowsOf } from './settled-rows.js';
import { openingsOf, readTransition, submissionOf, takesRiskOrCollateralOut, type NamedTransition } from './submission.js';

interface ReceiptOptions extends ChainOptions {
  readonly transitions?: readonly string[];
  readonly bid?: string;
  readonly accounts: readonly string[];
  readonly out: string;
}

/** The venue's part: without what stands behind a commitment nobody could liquidate the account. */
export function addClearingReceipt(clearing: Command, run: Runner): void {
  const receipt = clearing.command('receipt');
  withChain(receipt.description('the venue: sign that it holds what accounts become, in the order in which it will be submitted'))
    .option('--transitions <files...>', 'what will be submitted together, in that order')
    .addOption(new Option('--bid <file>', 'in their place: a bid for a slice, as "liquidation bid" wrote it').conflicts('transitions'))
    .requiredOption('--accounts <files...>', 'files of the accounts, as their owners sent them, mode 600')
    .requiredOption('--out <file>', 'where the receipt goes; it is public')
    .addHelpText('after', `
Example:
  clearproof clearing receipt --transitions buyer.json seller.json --accounts alice.json bob.json --out receipt.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key

Nothing is signed for an account with no slot for what it would be settled in, which nobody could ever make pay, nor for one that
trades or takes collateral out while it holds a row that expired.

Keep the account files: from them "clearing book" computes what the venue's accounts hold, and with them what an account owes is settled when its owner does not.`)
    .action(run(async (output, options: ReceiptOptions) => {
      const files = await filesToSign(receipt, options);
      const accounts = new Map<bigint, ClearedAccountFile>();
      await withSigner(options, async (signer, deployment) => {
        for (const file of options.accounts) {
          const account = await readClearedAccount(file);
          requireHouse(account, deployment, file);
          accounts.set(account.handle, account);
        }
        files.forEach((one) => requireHouse(one, deployment, one.file));
        const submission = submissionOf(files);
        const openings = openingsOf(submission);
        const terms = termsClient(signer, deployment);
        for (const { handle, commitment } of openings) {
          const account = accounts.get(handle);
          if (account === undefined) throw new OpeningsReceiptError(`the file of account ${handle} is not among --accounts: ask its owner for it`, { handle });
          const opening = openingOfCommitment(portablePoseidon, account, commitment);
          const settledRows = await settledRowsOf(terms, opening);
          requireRoomToSettle(opening, settledRows);
          if (takesRiskOrCollateralOut(submission)) requireExpiredSettled(opening, settledRows);
        }
        if (openings.length === 0) {
          output.say('nothing to sign: these transitions need no receipt');
          return output.result({ openings });
        }
        const house = houseOf(deployment);
        const signature = await signOpenings(signer, { chainId: deployment.chainId, house: house.house }, deployment.venueId, openings);
        await writeOpeningsReceipt(options.out, { ...house, openings, signature });
        output.say(`openings of account ${openings.map(({ handle }) => handle).join(', ')} signed for, in ${options.out}`);
        output.result({ out: options.out, openings });
      });
    }));
}

/** What is asked of the operator. */
async function filesToSign(receipt: Command, { transitions, bid }: ReceiptOptions): Promise<readonly NamedTransition[]> {
  if (bid !== undefined) return sidesOfBid(await readBid(bid), bid);
  if (transitions === undefined) return receipt.error('error: one of --transitions and --bid is needed: what the receipt is for');
  const files: NamedTransition[] = [];
  for (const file of transitions) files.push(await readTransition(file));
  return files;
}
