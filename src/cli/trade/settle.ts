import type { Command } from 'commander';
import { houseClient } from '../clearing/contracts.js';
import { SubmissionError } from '../clearing/submission.js';
import { readSubmission, requireAt, submit } from '../clearing/submit.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';

interface SettleOptions extends ChainOptions {
  readonly sides: readonly string[];
  readonly receipt?: string;
}

/** Settlement of one trade, and of many at once. */
export function addTradeSettle(trade: Command, run: Runner): void {
  addSettle(trade, run, 'settle', 'settle a trade by the proofs of its two sides; either party or anybody else sends them', 'buyer.json seller.json', (trades) => trades === 1);
  addSettle(
    trade, run, 'settle-batch', 'settle many trades in one transaction, in the order in which each is first named: all or none',
    'buyer-1.json seller-1.json buyer-2.json seller-2.json', () => true,
  );
}

function addSettle(trade: Command, run: Runner, name: string, description: string, example: string, takes: (trades: number) => boolean): void {
  withChain(trade.command(name).description(description))
    .requiredOption('--sides <files...>', 'both sides, as "trade prove" wrote them')
    .option('--receipt <file>', 'the venue\'s receipt of what the accounts become')
    .addHelpText('after', `
Example:
  clearproof trade ${name} --sides ${example} --receipt receipt.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`)
    .action(run(async (output, options: SettleOptions) => {
      const { submission: { files, call }, receipt } = await readSubmission({ ...options, transitions: options.sides });
      if (call.kind !== 'trades') throw new SubmissionError('these files are no sides of trades: take "clearing submit"');
      if (!takes(call.settlements.length)) throw new SubmissionError(`these are sides of ${call.settlements.length} trades: take "trade settle-batch"`);
      await withSigner(options, async (signer, deployment) => {
        requireAt(files, receipt, options, deployment);
        const { transactionHash, gasUsed } = await submit(houseClient(signer, deployment), call, receipt);
        const [count, each] = [call.settlements.length, gasUsed / BigInt(call.settlements.length)];
        output.say(`${count === 1 ? 'settled' : `${count} trades settled`} for ${gasUsed} gas${count === 1 ? '' : `, ${each} each`}; transaction ${transactionHash}`);
        output.result({ trades: count, transactionHash, gasUsed, tradeCommitments: call.settlements.map((one) => one.trade.commitment) });
      });
    }));
}
