import type { Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { emptyAccount } from '../../clearing/apply-transition.js';
import { withOpening, type ClearedAccountFile } from '../../clearing/opening-file.js';
import { NO_BENEFICIARY, type CollateralRequest } from '../../clearing/proven-transition.js';
import { keyOf } from '../../commitment/identity.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { refuseExisting } from '../files.js';
import { readMarketFile } from '../market-file.js';
import { address, positiveNumber, unixSeconds, wholeNumber } from '../options.js';
import { readOwnerFile } from '../owner-file.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { houseOf, writeClearedAccount } from './account-file.js';
import { houseClient, termsClient } from './contracts.js';
import { paymentOf } from './payment.js';
import { instrumentRow, quantaIn } from './rows.js';
import { slotsFor, withTransitionProver } from './transition-prover.js';

interface OpenOptions extends ChainOptions {
  readonly owner: string;
  readonly user: string;
  readonly subAccount: number;
  readonly table: string;
  readonly instrument?: string;
  readonly amount?: string;
  readonly controller?: string;
  readonly slots?: number;
  readonly deadline?: number;
  readonly keys?: string;
  readonly out: string;
}

const SECONDS_TO_SEND = 3_600;

export function addClearingOpen(clearing: Command, run: Runner): void {
  const open = clearing.command('open');
  withChain(open.description('open an account at the clearing house; what it holds stands on chain as one commitment'))
    .requiredOption('--owner <file>', 'your owner file, mode 600, as "owner new" wrote it')
    .requiredOption('--user <id>', 'the venue\'s name for you')
    .option('--sub-account <n>', 'sub-account number: each is margined by itself', wholeNumber, 0)
    .requiredOption('--table <file>', 'market table that the venue\'s market source accepted')
    .option('--instrument <id>', 'cash or spot that it opens with')
    .option('--amount <decimal>', 'quantity of it, paid from the key file\'s address; nothing unless told')
    .option('--controller <address>', 'who signs orders and agreements of it (default: the key file\'s address)', address)
    .option('--slots <n>', 'most instruments it can hold (default: that of the deployment\'s only circuit)', positiveNumber)
    .option('--deadline <seconds>', 'Unix time until which the proof is good (default: in an hour)', unixSeconds)
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .requiredOption('--out <file>', 'where the account goes; it is secret, and without it the account cannot be used')
    .addHelpText('after', `
Example:
  clearproof clearing open --owner owner.json --user alice --table initial.json --instrument USD --amount 50000 --out account.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run(async (output, options: OpenOptions) => {
      if ((options.instrument === undefined) !== (options.amount === undefined)) open.error('error: --instrument and --amount go together');
      await refuseExisting(options.out);
      const [owner, table] = [await readOwnerFile(options.owner), await readMarketFile(options.table)];
      const row = options.instrument === undefined ? undefined : instrumentRow(table, options.instrument);
      const coming = row === undefined ? undefined : { row: row.index, amount: quantaIn(row, options.amount ?? '') };
      await withSigner(options, async (signer, deployment) => {
        const [house, terms] = [houseClient(signer, deployment), termsClient(signer, deployment)];
        const controller = checksumAddress(options.controller ?? signer.address);
        const deadline = options.deadline ?? (await latestTimestamp(signer.provider)) + SECONDS_TO_SEND;
        const collateral: CollateralRequest = { ...(coming === undefined ? {} : { in: coming }), beneficiary: NO_BENEFICIARY, deadline };
        const context = await house.collateralContext({ controller, payer: signer.address }, collateral);
        const period = await terms.period();
        const empty: ClearedAccountFile = { ...houseOf(deployment), handle: 0n, owner: owner.owner, userId: options.user, subAccount: options.subAccount, openings: [] };
        const { transition, opening } = await withTransitionProver(output, options.keys, async (prover) => prover.prove({
          account: empty, table, owner, before: emptyAccount(keyOf(portablePoseidon, empty), options.slots ?? slotsFor(prover.catalogue, deployment, table), period),
          wish: { act: { kind: 'collateral', opens: true, ...(coming === undefined ? {} : { in: coming }), context }, owned: true, period },
        }));
        // Kept before it is sent: an account whose opening is lost is lost.
        await writeClearedAccount(options.out, withOpening(empty, opening));
        const payment = coming === undefined ? undefined : await paymentOf(signer, deployment, { house, handle: 0n, table, ...coming });
        const { handle, receipt: { transactionHash, gasUsed } } = await house.open(controller, collateral, transition, payment);
        await writeClearedAccount(options.out, withOpening({ ...empty, handle }, opening));
        output.say(`account ${handle} opened${row === undefined ? '' : ` with ${options.amount ?? ''} ${row.id}`} (${gasUsed} gas); keep ${options.out} as you keep the owner file`);
        output.result({ handle, out: options.out, controller, commitment: transition.newCommitment, transactionHash, gasUsed });
      });
    }));
}
