import type { Command } from 'commander';
import { planTransition } from '../../clearing/apply-transition.js';
import type { ClearedAccountFile } from '../../clearing/opening-file.js';
import { openingOfCommitment, withOpening } from '../../clearing/opening-file.js';
import type { ProvenTransition, TransitionPurpose } from '../../clearing/proven-transition.js';
import type { TransitionWish } from '../../clearing/transition-plan.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { ClearingHouseClient } from '../../chain/clearing-client.js';
import type { Deployment } from '../../chain/deployment.js';
import { OwnerMismatchError } from '../../proving/account-errors.js';
import type { MarketTable } from '../../risk/market-table.js';
import { readMarketFile } from '../market-file.js';
import { readOwnerFile, type OwnerFile } from '../owner-file.js';
import type { Output } from '../output.js';
import { readClearedAccount, requireHouse, writeClearedAccount } from './account-file.js';
import { AccountNotOpenError, requireOpen } from './handle.js';
import { OpeningsReceiptError } from './receipt-file.js';
import { readTransition, writeTransition } from './submission.js';
import { withTransitionProver } from './transition-prover.js';

/** Options of every command that proves a change of an account. */
export interface AccountOptions {
  readonly account: string;
  readonly table: string;
  readonly owner?: string;
  readonly after?: string;
  readonly keys?: string;
}

export function withAccount(command: Command): Command {
  return command
    .requiredOption('--account <file>', 'the account, mode 600; what it becomes is added to it')
    .requiredOption('--table <file>', 'market table that the venue\'s market source accepted; of initial level where risk is taken')
    .option('--after <file>', 'a proven transition of the account that will be settled before this one')
    .option('--keys <folder>', 'proving keys (default: build/keys)');
}

/** An account that is to change, with all that its proof needs. */
export interface OpenedAccount {
  readonly file: string;
  readonly account: ClearedAccountFile;
  readonly handle: bigint;
  readonly opening: ClearedOpening;
  readonly owner: OwnerFile | undefined;
  readonly table: MarketTable;
}

/** Reads the account and finds what it is: on chain, or after a transition that comes first. @throws OtherHouseError, OwnerMismatchError, OpeningUnknownError */
export async function openAccount(options: AccountOptions, house: ClearingHouseClient, deployment: Deployment): Promise<OpenedAccount> {
  const account = await readClearedAccount(options.account);
  requireHouse(account, deployment, options.account);
  const handle = requireOpen(account, options.account);
  const owner = options.owner === undefined ? undefined : await readOwner(options.owner, account, options.account);
  const commitment = options.after === undefined ? (await house.account(handle))?.commitment : (await readTransition(options.after)).transition.newCommitment;
  if (commitment === undefined) throw new AccountNotOpenError(`${options.account} is of handle ${handle}, which nobody opened on this chain: check the deployment file`, { file: options.account });
  return { file: options.account, account, handle, opening: openingOfCommitment(portablePoseidon, account, commitment), owner, table: await readMarketFile(options.table) };
}

/** @throws OwnerMismatchError */
export async function readOwner(file: string, { owner: commitment }: Pick<ClearedAccountFile, 'owner'>, account: string): Promise<OwnerFile> {
  const owner = await readOwnerFile(file);
  if (owner.owner === commitment) return owner;
  throw new OwnerMismatchError(`${account} is of an account with another owner than ${file}: name the owner file that it was opened with`, { account, owner: file });
}

/**
 * What can be sent without the venue's signature, or is left in a file for it. Also tells why a change cannot be, before a proof is tried.
 *
 * @throws OpeningsReceiptError, and the errors of planTransition
 */
export function requireSendable({ table, opening, handle }: OpenedAccount, wish: TransitionWish, out: string | undefined): void {
  const { flags: { owned, unmargined } } = planTransition(table, opening, wish);
  if (out !== undefined || unmargined || !owned) return;
  throw new OpeningsReceiptError(
    `account ${handle} is margined afterwards, so the venue has to sign that it holds the opening: leave the proof in a file with --out, have the venue run "clearing receipt", then "clearing submit"`,
    { handle },
  );
}

/** What is to be proven, and where it goes. */
export interface ProofRequest {
  readonly wish: TransitionWish;
  readonly purpose: TransitionPurpose;
  /** Undefined: it is sent at once, and no file is needed. */
  readonly out: string | undefined;
}

/** Proves a change and keeps what the account becomes, before anybody can settle it. */
export async function proveChange(output: Output, options: Pick<AccountOptions, 'keys'>, opened: OpenedAccount, { wish, purpose, out }: ProofRequest): Promise<ProvenTransition> {
  const { account, file, table, opening: before, owner } = opened;
  const { transition, opening } = await withTransitionProver(output, options.keys, (prover) => prover.prove({ account, table, before, wish, owner }));
  await writeClearedAccount(file, withOpening(account, opening));
  if (out !== undefined) await writeTransition(out, { venue: account.venue, house: account.house, purpose, transition });
  return transition;
}
