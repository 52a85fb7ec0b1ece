import { Option, type Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { contextOf, payoutAction, requestAction } from '../../chain/account-actions.js';
import type { Payout } from '../../chain/account-claims.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { vaultOf, type Deployment } from '../../chain/deployment.js';
import { disputesOfVenue } from '../../chain/omission-client.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { WithdrawalError } from '../../proving/account-errors.js';
import type { OwnedAccount } from '../../proving/prove-account.js';
import type { MarketTable } from '../../risk/market-table.js';
import { address, unixSeconds } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { ApprovalError, readApproval, type SignedApproval } from '../vault/approval-file.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { readAccount, readTable, requireVenue, withAccount, type AccountOptions } from './account-input.js';
import { vaultNullifier, withAccountProver, type AccountProver } from './account-prover.js';
import { payingRow, quantaOf, settlementRowOf } from './withdrawal.js';

interface WithdrawOptions extends ChainOptions, AccountOptions {
  readonly table?: string;
  readonly instrument?: string;
  readonly amount?: string;
  readonly recipient?: string;
  readonly deadline?: number;
  readonly venueSignature?: string;
  readonly signer?: string;
  readonly unmargined?: boolean;
}

/** What leaves the account and where it goes; the terms that owner and venue agree on. */
type Wanted = Pick<Payout, 'row' | 'amount' | 'recipient' | 'deadline'>;

/** A proof that goes unused for longer is worth nothing. */
const SECONDS_TO_SEND = 3_600;

export function addWithdraw(account: Command, run: Runner): void {
  withChain(withAccount(account.command('withdraw').description('take collateral out of the vault: at once with the venue\'s signature, else by a request that is paid later')))
    .option('--table <file>', 'table of initial level that the venue\'s market source accepted (default: the receipt\'s, for --unmargined)')
    .option('--instrument <id>', 'cash or spot instrument, as the table names it')
    .option('--amount <decimal>', 'quantity of it')
    .option('--recipient <address>', 'who gets the tokens (default: the key file\'s account)', address)
    .option('--deadline <seconds>', 'Unix time until which the proof is good (default: in an hour)', unixSeconds)
    .addOption(new Option('--venue-signature <file>', 'the venue\'s approval, as "vault approve" wrote it: pays at once what it names')
      .conflicts(['instrument', 'amount', 'recipient', 'deadline', 'signer']))
    .option('--signer <address>', 'address of your signing key, which a request shows: the venue can defer it with a later order of yours. Where omissions can be challenged, the key file is of this key', address)
    .option('--unmargined', 'all holdings are cash and spot, none of them borrowed: the epoch\'s own table will do, whatever its age')
    .addHelpText('after', `
Examples:
  clearproof account withdraw --receipt receipt.json --owner owner.json --table initial.json --venue-signature approval.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key
  clearproof account withdraw --receipt receipt.json --owner owner.json --table initial.json --instrument BTC --amount 0.5 \\
    --signer 0xf39F…2266 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key`)
    .action(run(async (output, options: WithdrawOptions) => {
      const owned = await readAccount(options);
      const table = await readTable(options.table, owned.receipt);
      await withSigner(options, async (signer, deployment) => {
        requireVenue(owned, deployment);
        const client = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, signer);
        if (options.venueSignature === undefined) return request(output, options, { owned, table, signer, client, deployment });
        const approved = await readApproval(options.venueSignature, { chainId: deployment.chainId, vault: vaultOf(deployment) });
        requireOwnApproval(approved, owned);
        return withdraw(output, options, { owned, table, signer, client, deployment }, approved);
      });
    }));
}

interface Setting {
  readonly owned: OwnedAccount;
  readonly table: MarketTable;
  readonly signer: ConnectedSigner;
  readonly client: CollateralVaultClient;
  readonly deployment: Deployment;
}

async function withdraw(output: Output, options: WithdrawOptions, setting: Setting, { approval, signature }: SignedApproval): Promise<void> {
  const { row, amount, recipient, deadline } = approval;
  const wanted: Wanted = { row, amount, recipient, deadline };
  const payout = await withAccountProver(output, options.keys, (prover) => payoutOf(prover, setting, wanted, payoutAction(recipient, deadline), options));
  const { gasUsed } = await setting.client.withdraw(payout, signature);
  output.say(`${sentence(setting.table, wanted)} paid (${gasUsed} gas)`);
  output.result({ status: 'paid', row, amount, recipient, nullifier: payout.claim.nullifier, gasUsed });
}

async function request(output: Output, options: WithdrawOptions, setting: Setting): Promise<void> {
  const { owned, table, client } = setting;
  const { signer } = options;
  if (signer === undefined) throw new WithdrawalError('without --venue-signature this is a request: name your signing key with --signer');
  await requireSender(signer, setting);
  const wanted = await wantedOf(options, setting);
  const { epoch } = owned.receipt;
  const { payout, shown } = await withAccountProver(output, options.keys, async (prover) => ({
    payout: await payoutOf(prover, setting, wanted, requestAction(wanted.recipient, wanted.deadline), options),
    shown: await prover.signer(owned, { epoch, laterEpoch: epoch }, signer),
  }));
  const { id, receipt: { gasUsed } } = await client.requestWithdrawal(payout, shown);
  output.say(`${sentence(table, wanted)} requested: number ${id} (${gasUsed} gas); see "account request status"`);
  output.result({ status: 'pending', request: id, row: wanted.row, amount: wanted.amount, recipient: wanted.recipient, nullifier: payout.claim.nullifier, gasUsed });
}

async function payoutOf(prover: AccountProver, { owned, table, deployment }: Setting, wanted: Wanted, action: string, options: WithdrawOptions): Promise<Payout> {
  const unmargined = options.unmargined === true;
  const { row, amount } = wanted;
  const claim = await prover.margin(owned, table, { verdict: 'healthy', withdrawal: { row, amount }, unmargined, scope: 0n, context: contextOf(vaultOf(deployment), action) });
  return { claim, unmargined, ...wanted };
}

/** The vault would refuse, after the proofs were made. @throws WithdrawalError */
async function requireSender(named: string, { signer, deployment: { registry, venueId } }: Setting): Promise<void> {
  if (checksumAddress(named) === signer.address || (await disputesOfVenue(signer.provider, registry, venueId)) === undefined) return;
  throw new WithdrawalError(`omissions can be challenged at venue ${venueId}, so a request is sent by the signing key it names: take the key file of ${named}, not of ${signer.address}, and name who gets the tokens with --recipient`, {
    signer: named,
  });
}

/** @throws WithdrawalError */
async function wantedOf({ instrument, amount, recipient, deadline }: WithdrawOptions, { owned, table, signer }: Setting): Promise<Wanted> {
  if (instrument === undefined || amount === undefined) throw new WithdrawalError('say what to withdraw: --instrument and --amount');
  const quanta = quantaOf(settlementRowOf(table, instrument), amount);
  return {
    row: payingRow(table, owned.receipt.holdings, instrument, quanta).index, amount: quanta, recipient: recipient ?? signer.address,
    deadline: deadline ?? (await latestTimestamp(signer.provider)) + SECONDS_TO_SEND,
  };
}

/** @throws ApprovalError */
function requireOwnApproval({ approval }: SignedApproval, owned: OwnedAccount): void {
  const { venueId } = owned.receipt.venue;
  if (approval.venueId === venueId && approval.nullifier === vaultNullifier(owned.receipt)) return;
  throw new ApprovalError(`the approval is for another account or epoch than the receipt of epoch ${owned.receipt.epoch}: ask the venue for one of this epoch`, {
    epoch: owned.receipt.epoch,
  });
}

function sentence(table: MarketTable, { row, amount, recipient }: Wanted): string {
  const listed = table.rows[row];
  return listed === undefined ? `${amount} quanta of row ${row} to ${recipient}` : `${formatDecimal(amount, listed.quantityDecimals)} ${listed.id} to ${recipient}`;
}
