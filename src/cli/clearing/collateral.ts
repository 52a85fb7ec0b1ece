import { Option, type Command } from 'commander';
import { latestTimestamp } from '../../chain/chain-time.js';
import { NO_RECEIPT } from '../../chain/clearing-client.js';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { NO_BENEFICIARY, type CollateralRequest } from '../../clearing/proven-transition.js';
import { address, bytes32, unixSeconds } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { openAccount, proveChange, requireSendable, withAccount, type AccountOptions } from './account-input.js';
import { houseClient, termsClient } from './contracts.js';
import { paymentOf } from './payment.js';
import { instrumentRow, quantaIn } from './rows.js';

interface MoveOptions extends ChainOptions, AccountOptions {
  readonly owner: string;
  readonly instrument: string;
  readonly amount: string;
  readonly recipient?: string;
  readonly toTree?: string;
  readonly deadline?: number;
  readonly out?: string;
}

/** The user has the time to get a receipt and send. */
const SECONDS_TO_SEND = 86_400;

/** Collateral in and out of an account. */
export function addClearingCollateral(clearing: Command, run: Runner): void {
  moveCommand(clearing, 'deposit', 'put collateral into an account: what was moved from the tree for it first, the rest from the key file\'s address')
    .addHelpText('after', help('deposit', '--amount 1000'))
    .action(run((output, options: MoveOptions) => move(output, options, true)));
  moveCommand(clearing, 'withdraw', 'take collateral out of an account')
    .addOption(new Option('--recipient <address>', 'who gets it (default: the key file\'s address)').argParser(address).conflicts('toTree'))
    .option('--to-tree <bytes32>', 'move it back to the tree instead, for the account that the venue gave you this reference of', bytes32)
    .addHelpText('after', help('withdraw', '--amount 250 --out withdrawal.json'))
    .action(run((output, options: MoveOptions) => move(output, options, false)));
}

function moveCommand(clearing: Command, name: string, description: string): Command {
  return withAccount(withChain(clearing.command(name).description(description)))
    .requiredOption('--owner <file>', 'the owner file, mode 600, that the account was opened with')
    .requiredOption('--instrument <id>', 'cash or spot instrument')
    .requiredOption('--amount <decimal>', 'quantity of it')
    .option('--deadline <seconds>', 'Unix time until which the proof is good (default: in a day)', unixSeconds)
    .option('--out <file>', 'leave the proof there in place of sending it: an account that is margined afterwards needs the venue\'s receipt first');
}

function help(name: string, amount: string): string {
  return `
Example:
  clearproof clearing ${name} --account account.json --owner owner.json --table initial.json --instrument USD ${amount} \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`;
}

async function move(output: Output, options: MoveOptions, incoming: boolean): Promise<void> {
  await withSigner(options, async (signer, deployment) => {
    const house = houseClient(signer, deployment);
    const opened = await openAccount(options, house, deployment);
    const { handle, table } = opened;
    const row = instrumentRow(table, options.instrument);
    const amount = { row: row.index, amount: quantaIn(row, options.amount) };
    const recipient = incoming || options.toTree !== undefined ? undefined : checksumAddress(options.recipient ?? signer.address);
    const collateral: CollateralRequest = {
      ...(incoming ? { in: amount } : { out: amount }), ...(recipient === undefined ? {} : { recipient }), beneficiary: options.toTree ?? NO_BENEFICIARY,
      deadline: options.deadline ?? (await latestTimestamp(signer.provider)) + SECONDS_TO_SEND,
    };
    const payer = incoming ? { payer: signer.address } : {};
    const context = await house.collateralContext({ handle, ...payer }, collateral);
    const wish = { act: { kind: 'collateral', opens: false, ...(incoming ? { in: amount } : { out: amount }), context }, owned: true, period: await termsClient(signer, deployment).period() } as const;
    requireSendable(opened, wish, options.out);
    const payment = incoming ? await paymentOf(signer, deployment, { house, handle, table, ...amount }) : undefined;
    const purpose = { kind: 'adjust', handle, payer: payer.payer ?? NOBODY, collateral } as const;
    const transition = await proveChange(output, options, opened, { wish, purpose, out: options.out });
    const what = `${options.amount} ${row.id} ${incoming ? 'into' : 'out of'} account ${handle}`;
    if (options.out !== undefined) {
      output.say(`${what}: proven, in ${options.out}${payment === undefined || payment.amount === 0n ? '' : `; approve ${payment.amount} units of ${payment.token} for ${house.house} before it is sent`}`);
      return output.result({ handle, out: options.out, newCommitment: transition.newCommitment });
    }
    const { transactionHash, gasUsed } = await house.adjust(handle, collateral, transition, NO_RECEIPT, payment);
    output.say(`${what} (${gasUsed} gas)`);
    output.result({ handle, transactionHash, gasUsed });
  });
}

const NOBODY = `0x${'0'.repeat(40)}`;
