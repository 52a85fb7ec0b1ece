import type { Command } from 'commander';
import type { Receipt } from '../../attestation/receipt.js';
import { ContractRevertedError } from '../../chain/errors.js';
import { vaultOf, type Deployment } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { VaultHatchClient } from '../../chain/vault-hatch-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { settlementRows } from '../../risk/tiers.js';
import { moment } from '../market/change-state.js';
import { address, bigNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { reading, withChain, withReader, withSigner, type ChainOptions, type ReaderOptions } from '../with-chain.js';
import { readAccount, readReceipt, requireVenue, withAccount, type AccountOptions } from './account-input.js';
import { vaultNullifier, withAccountProver } from './account-prover.js';

/** The hatch is not open, or a receipt is of another epoch than its base. */
export class ExitError extends ClearproofError {
  readonly code = 'EXIT';
}

type ReceiptOption = { readonly receipt: string };

const ON_CHAIN = '--deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key';

/** `clearproof account exit …`: out of a venue that went silent, at one factor for everybody. */
export function addExitCommands(account: Command, run: Runner): void {
  const exit = account.command('exit').description('leave a venue that went silent: open the hatch, register, report marks, settle, collect');
  addOpen(exit, run);
  addRegister(exit, run);
  addMarks(exit, run);
  addSettle(exit, run);
  addCollect(exit, run);
  addRefund(exit, run);
  addStatus(exit, run);
}

function addOpen(exit: Command, run: Runner): void {
  withChain(exit.command('open').description('close a venue for good whose newest standing epoch is too old; anybody may'))
    .addHelpText('after', `\nExample:\n  clearproof account exit open ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const base = await new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer).newestStanding();
        const client = hatchOf(signer, deployment);
        const { gasUsed } = await client.openHatch(base);
        const hatch = await client.hatch();
        output.say(base === 0 ? `the hatch is open; no epoch ever stood, deposits are refunded (${gasUsed} gas)` : `the hatch is open on epoch ${base} (${gasUsed} gas)`);
        if (hatch !== undefined && base !== 0) output.say(`round ${hatch.round} takes claims until ${moment(hatch.roundClosesAt)}`);
        output.result({ ...hatch, gasUsed });
      });
    }));
}

function addRegister(exit: Command, run: Runner): void {
  withChain(withAccount(exit.command('register').description('register what the base epoch owes you')))
    .option('--recipient <address>', 'who is to be paid (default: the key file\'s account)', address)
    .addHelpText('after', `\nExample:\n  clearproof account exit register --receipt receipt-5.json --owner owner.json ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & AccountOptions & { recipient?: string }) => {
      const owned = await readAccount(options);
      await withSigner(options, async (signer, deployment) => {
        requireVenue(owned, deployment);
        const client = hatchOf(signer, deployment);
        await requireBase(client, owned.receipt);
        const claim = await withAccountProver(output, options.keys, (prover) => prover.exit(owned, options.recipient ?? signer.address));
        const { gasUsed } = await client.registerExit(claim);
        const registered = await client.exit(claim.nullifier);
        if (registered === undefined) throw new ExitError('the exit was registered but is not to be found: ask the node for its state');
        const { market } = owned.receipt;
        output.say(`${formatDecimal(registered.amount, market.valueScale)} ${market.currency} registered in round ${registered.round} for ${registered.recipient} (${gasUsed} gas)`);
        output.result({ nullifier: claim.nullifier, ...registered, gasUsed });
      });
    }));
}

function addMarks(exit: Command, run: Runner): void {
  withChain(exit.command('marks').description('report what each asset was worth in the base epoch, where nobody has yet'))
    .requiredOption('--receipt <file>', 'any receipt of the base epoch, for its market table')
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `\nExample:\n  clearproof account exit marks --receipt receipt-5.json ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & ReceiptOption & { keys?: string }) => {
      const receipt = await readReceipt(options.receipt);
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt }, deployment);
        const client = hatchOf(signer, deployment);
        await requireBase(client, receipt);
        const reported = await withAccountProver(output, options.keys, async (prover) => {
          const rows: { readonly asset: number; readonly instrument: string; readonly gasUsed: bigint }[] = [];
          for (const [asset, row] of settlementRows(receipt.market).entries()) {
            const claim = await prover.mark(receipt.venue, receipt.market, row.index);
            const receiptOf = await unlessReported(client.reportMark(asset, claim));
            if (receiptOf !== undefined) rows.push({ asset, instrument: row.id, gasUsed: receiptOf.gasUsed });
          }
          return rows;
        });
        reported.forEach(({ asset, instrument, gasUsed }) => output.say(`mark of asset ${asset}, ${instrument}, reported (${gasUsed} gas)`));
        if (reported.length === 0) output.say('every mark was reported before');
        output.result({ reported });
      });
    }));
}

function addSettle(exit: Command, run: Runner): void {
  withChain(exit.command('settle').description('fix the factor of a round whose time is over; anybody may'))
    .addHelpText('after', `\nExample:\n  clearproof account exit settle ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const client = hatchOf(signer, deployment);
        const { round } = await requireHatch(client);
        const { gasUsed } = await client.settleRound();
        const { claims, denominator } = await client.round(round);
        output.say(`round ${round} settled: claims of ${claims} value units over ${denominator} (${gasUsed} gas)`);
        output.result({ round, claims, denominator, gasUsed });
      });
    }));
}

function addCollect(exit: Command, run: Runner): void {
  withChain(exit.command('collect').description('have a settled exit paid, asset by asset'))
    .requiredOption('--receipt <file>', 'your receipt of the base epoch')
    .addHelpText('after', `\nExample:\n  clearproof account exit collect --receipt receipt-5.json ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & ReceiptOption) => {
      const receipt = await readReceipt(options.receipt);
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt }, deployment);
        const client = hatchOf(signer, deployment);
        const collected = await collectAll(output, client, receipt);
        if (collected.length === 0) output.say('every asset was collected before');
        output.result({ collected });
      });
    }));
}

function addRefund(exit: Command, run: Runner): void {
  withChain(exit.command('refund').description('take back a deposit made since the base epoch\'s snapshot; the key file must be its depositor\'s'))
    .requiredOption('--deposit <n>', 'number of the deposit', bigNumber)
    .option('--to <address>', 'who gets the tokens (default: the key file\'s account)', address)
    .addHelpText('after', `\nExample:\n  clearproof account exit refund --deposit 12 ${ON_CHAIN}`)
    .action(run(async (output, options: ChainOptions & { deposit: bigint; to?: string }) => {
      await withSigner(options, async (signer, deployment) => {
        const { gasUsed } = await hatchOf(signer, deployment).refundDeposit(options.deposit, options.to ?? signer.address);
        output.say(`deposit ${options.deposit} refunded (${gasUsed} gas)`);
        output.result({ deposit: options.deposit, gasUsed });
      });
    }));
}

function addStatus(exit: Command, run: Runner): void {
  withReader(exit.command('status').description('whether the hatch is open, and where your exit stands'))
    .option('--receipt <file>', 'your receipt of the base epoch')
    .addHelpText('after', '\nExample:\n  clearproof account exit status --receipt receipt-5.json --deployment deployment.json --rpc http://127.0.0.1:8545')
    .action(run(async (output, options: ReaderOptions & Partial<ReceiptOption>) => {
      const receipt = options.receipt === undefined ? undefined : await readReceipt(options.receipt);
      await reading(options, async ({ provider }, deployment) => {
        const client = new VaultHatchClient(vaultOf(deployment), deployment.venueId, provider);
        const hatch = await client.hatch();
        const exit = receipt === undefined ? undefined : await client.exit(vaultNullifier(receipt));
        output.say(hatch === undefined ? 'the hatch is closed' : `the hatch is open on epoch ${hatch.baseEpoch}; round ${hatch.round} until ${moment(hatch.roundClosesAt)}`);
        if (receipt !== undefined) output.say(exit === undefined ? 'no exit registered for this receipt' : `${exit.amount} value units registered in round ${exit.round} for ${exit.recipient}`);
        output.result({ hatch: hatch ?? null, exit: exit ?? null });
      });
    }));
}

/** One by one, so that a token that refuses a transfer keeps no other. */
async function collectAll(output: Output, client: VaultHatchClient, receipt: Receipt): Promise<{ asset: number; instrument: string; gasUsed: bigint }[]> {
  const nullifier = vaultNullifier(receipt);
  const collected: { asset: number; instrument: string; gasUsed: bigint }[] = [];
  for (const [asset, { id: instrument }] of settlementRows(receipt.market).entries()) {
    try {
      const { gasUsed } = await client.collectExit(nullifier, [asset]);
      output.say(`share of ${instrument} collected (${gasUsed} gas)`);
      collected.push({ asset, instrument, gasUsed });
    } catch (error) {
      if (!(error instanceof ContractRevertedError && error.errorName === 'CollectedBefore')) throw error;
    }
  }
  return collected;
}

/** Undefined when somebody was faster. */
async function unlessReported<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ContractRevertedError && error.errorName === 'MarkReportedBefore') return undefined;
    throw error;
  }
}

function hatchOf(signer: ConnectedSigner, deployment: Deployment): VaultHatchClient {
  return new VaultHatchClient(vaultOf(deployment), deployment.venueId, signer);
}

/** @throws ExitError */
async function requireHatch(client: VaultHatchClient): Promise<{ readonly baseEpoch: number; readonly round: number }> {
  const hatch = await client.hatch();
  if (hatch === undefined) throw new ExitError('the venue is not being wound up: "account exit open" closes it once it has been silent for long enough');
  return hatch;
}

/** @throws ExitError */
async function requireBase(client: VaultHatchClient, { epoch }: Receipt): Promise<void> {
  const { baseEpoch } = await requireHatch(client);
  if (epoch === baseEpoch) return;
  throw new ExitError(`the hatch is open on epoch ${baseEpoch}, the receipt is of epoch ${epoch}: take your receipt of epoch ${baseEpoch}`, { base: baseEpoch, epoch });
}
