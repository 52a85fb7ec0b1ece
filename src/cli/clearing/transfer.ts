import type { Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { NO_BENEFICIARY, type TransitionPurpose } from '../../clearing/proven-transition.js';
import { unixSeconds } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { openAccount, proveChange, requireSendable, type OpenedAccount } from './account-input.js';
import { houseClient, termsClient } from './contracts.js';
import { instrumentRow, quantaIn } from './rows.js';

interface TransferOptions extends ReaderOptions {
  readonly from: string;
  readonly to: string;
  readonly owner: string;
  readonly toOwner?: string;
  readonly table: string;
  readonly instrument: string;
  readonly amount: string;
  readonly deadline?: number;
  readonly keys?: string;
  readonly outFrom: string;
  readonly outTo: string;
}

const SECONDS_TO_SEND = 86_400;

export function addClearingTransfer(clearing: Command, run: Runner): void {
  withReader(clearing.command('transfer').description('prove that collateral goes from one account to another: between sub-accounts, or to somebody else\'s'))
    .requiredOption('--from <file>', 'the account that gives, mode 600')
    .requiredOption('--to <file>', 'the account that gets, mode 600')
    .requiredOption('--owner <file>', 'owner file of the first, mode 600')
    .option('--to-owner <file>', 'owner file of the second (default: the same)')
    .requiredOption('--table <file>', 'table of initial level; any, where the first account is unmargined afterwards')
    .requiredOption('--instrument <id>', 'cash or spot instrument')
    .requiredOption('--amount <decimal>', 'quantity of it')
    .option('--deadline <seconds>', 'Unix time until which the proofs are good (default: in a day)', unixSeconds)
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .requiredOption('--out-from <file>', 'where the giving side goes')
    .requiredOption('--out-to <file>', 'where the getting side goes')
    .addHelpText('after', `
Example:
  clearproof clearing transfer --from main.json --to sub.json --owner owner.json --table initial.json --instrument USD --amount 100 \\
    --out-from from.json --out-to to.json --deployment deployment.json --rpc http://127.0.0.1:8545
  clearproof clearing submit --transitions from.json to.json --receipt receipt.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file anybody.key`)
    .action(run(async (output, options: TransferOptions) => {
      await reading(options, async ({ provider }, deployment) => {
        const house = houseClient(provider, deployment);
        const { table: tableFile, keys, owner } = options;
        const giving = await openAccount({ account: options.from, owner, table: tableFile }, house, deployment);
        const getting = await openAccount({ account: options.to, owner: options.toOwner ?? owner, table: tableFile }, house, deployment);
        const row = instrumentRow(giving.table, options.instrument);
        const amount = { row: row.index, amount: quantaIn(row, options.amount) };
        const deadline = options.deadline ?? (await latestTimestamp(provider)) + SECONDS_TO_SEND;
        const between = { from: giving.handle, to: getting.handle };
        const context = await house.transferContext({ ...between, ...amount, deadline });
        const period = await termsClient(provider, deployment).period();
        const side = async (opened: OpenedAccount, moved: { readonly in: typeof amount } | { readonly out: typeof amount }, out: string): Promise<bigint> => {
          const wish = { act: { kind: 'collateral', opens: false, ...moved, context }, owned: true, period } as const;
          requireSendable(opened, wish, out);
          const purpose: TransitionPurpose = { kind: 'transfer', handle: opened.handle, ...between, collateral: { ...moved, beneficiary: NO_BENEFICIARY, deadline } };
          return (await proveChange(output, { ...(keys === undefined ? {} : { keys }) }, opened, { wish, purpose, out })).newCommitment;
        };
        const commitments = [await side(giving, { out: amount }, options.outFrom), await side(getting, { in: amount }, options.outTo)];
        output.say(`${options.amount} ${row.id} from account ${giving.handle} to ${getting.handle}: proven, in ${options.outFrom} and ${options.outTo}`);
        output.result({ ...between, out: [options.outFrom, options.outTo], newCommitments: commitments });
      });
    }));
}
