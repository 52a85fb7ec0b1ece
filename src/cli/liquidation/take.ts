import type { Command } from 'commander';
import { penaltyOf } from '../../liquidation/auction-price.js';
import { checkBidPrice } from '../../liquidation/assemble-bid.js';
import { isAtPar } from '../../liquidation/auction-price.js';
import { requireHouse } from '../clearing/account-file.js';
import { readOpeningsReceipt, receiptFor } from '../clearing/receipt-file.js';
import { openingsOf, submissionOf } from '../clearing/submission.js';
import { readMarketFile } from '../market-file.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { auctionNow, feeAsset } from './auction-now.js';
import { sidesOfBid } from './bid-sides.js';
import { liquidationRules, liquidationsClient } from './contracts.js';
import { readBid } from './opened-file.js';

type TakeOptions = ChainOptions & { readonly bid: string; readonly table: string; readonly receipt?: string };

export function addLiquidationTake(liquidation: Command, run: Runner): void {
  withChain(liquidation.command('take').description('settle a bid, in one transaction that does all of it or nothing; the controller of the bidder\'s account sends it, and pays the penalty'))
    .requiredOption('--bid <file>', 'the bid, mode 600, as "liquidation bid" wrote it')
    .requiredOption('--table <file>', 'the auction\'s table')
    .option('--receipt <file>', 'the venue\'s receipt of what your account becomes, as "clearing receipt --bid" wrote it; none where it is unmargined')
    .addHelpText('after', `
Example:
  clearproof liquidation take --bid bid.json --receipt receipt.json --table initial.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run(async (output, options: TakeOptions) => {
      const file = await readBid(options.bid);
      const table = await readMarketFile(options.table);
      const receipt = options.receipt === undefined ? undefined : await readOpeningsReceipt(options.receipt);
      const signature = receiptFor(openingsOf(submissionOf(sidesOfBid(file, options.bid))), receipt);
      await withSigner(options, async (signer, deployment) => {
        requireHouse(file, deployment, options.bid);
        const liquidations = liquidationsClient(signer, deployment);
        const { bid, bid: { lot, quantity } } = file;
        const rules = await liquidationRules(liquidations);
        const { auction, clock } = await auctionNow(liquidations, lot);
        const { token, unitsPerQuantum } = await feeAsset(signer, deployment, table, rules);
        const penalty = isAtPar(table, lot.row) ? 0 : rules.penalty;
        // The clock runs on until the block: what is too early now the contract refuses too, but after the approval.
        checkBidPrice(bid, auction, isAtPar(table, lot.row) ? { discount: 0, subsidy: 0, penalty } : { ...clock, penalty }, unitsPerQuantum);
        const fee = penaltyOf({ accountSells: lot.accountSells, quantity, marks: auction }, { penalty }) * unitsPerQuantum;
        await liquidations.approve({ signer, token, amount: fee });
        const { transactionHash, gasUsed } = await liquidations.send.take(bid, signature);
        output.say(`${quantity} quanta of row ${lot.row} of account ${lot.handle} ${lot.accountSells ? 'bought' : 'sold to it'}, a penalty of ${fee} token units paid (${gasUsed} gas)`);
        output.result({ ...lot, quantity, payment: bid.payment, penalty: fee, transactionHash, gasUsed });
      });
    }));
}
