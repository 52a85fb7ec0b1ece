import { join } from 'node:path';
import { parseReceipt } from '../../attestation/receipt-format.js';
import { anvilWallet } from '../../chain/anvil.js';
import { mintTestToken, tokenBalance } from '../../chain/escrow-client.js';
import { vaultOf } from '../../chain/deployment.js';
import { CollateralVaultClient } from '../../chain/vault-client.js';
import { VaultVenueClient, type VaultRules } from '../../chain/vault-venue-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { keyOf } from '../../commitment/identity.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { evaluate } from '../../margin/margin.js';
import type { OwnedAccount } from '../../proving/prove-account.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { settlementRows } from '../../risk/tiers.js';
import type { Account } from '../../venue/account.js';
import { readText } from '../files.js';
import { newOwner } from '../owner.js';
import { readOwnerFile } from '../owner-file.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import type { DemoChain } from './demo-chain.js';
import { ForgeryAcceptedError } from './forgery.js';

const HOUR = 3_600;

/** As short as they may be, so that the demo's clock need not run far. */
export const DEMO_RULES: VaultRules = {
  timelock: 6 * HOUR, payoutTableAge: 24 * HOUR, demandWindow: HOUR / 2, answerWindow: HOUR / 2, requestDelay: HOUR, hatchAfter: 4 * HOUR, claimWindow: HOUR,
  limitWindow: HOUR, demandBond: 10n ** 16n,
};
/** Of deposits, loans and payouts: the demo shows none of them. */
const NO_LIMIT = 2n ** 100n;

/** A user of the demo: an account of the snapshot, its owner's file, and a wallet. */
export interface DemoUser {
  /** Place in the snapshot. */
  readonly place: number;
  readonly account: Account;
  readonly ownerFile: string;
  /** Where the user keeps the receipt of the epoch. */
  readonly receiptFile: string;
  readonly wallet: ConnectedSigner;
  /** What the user can withdraw a tenth of and stay above initial margin. */
  readonly row: MarketRow;
  /** Quanta: the tenth. */
  readonly amount: bigint;
}

const USERS = 3;
const SHARE = 10n;

/** Three accounts that can withdraw, each with an owner of its own making; the wallets are anvil's. */
export async function makeDemoUsers(directory: string, operator: ConnectedSigner, accounts: readonly Account[], initial: MarketTable): Promise<DemoUser[]> {
  const users: DemoUser[] = [];
  for (const [place, account] of accounts.entries()) {
    const withdrawal = withdrawable(account, initial);
    if (withdrawal === undefined) continue;
    const wallet = anvilWallet(users.length + 1, operator.provider) as ConnectedSigner;
    const ownerFile = join(directory, 'users', `owner-${users.length + 1}.json`);
    await newOwner(ownerFile, wallet.address);
    const { owner } = await readOwnerFile(ownerFile);
    const receiptFile = join(directory, 'users', `receipt-${users.length + 1}.json`);
    users.push({ place, account: { ...account, owner }, ownerFile, receiptFile, wallet, ...withdrawal });
    if (users.length === USERS) return users;
  }
  throw new ForgeryAcceptedError(`only ${users.length} accounts of the demo can withdraw, ${USERS} are needed`);
}

function withdrawable({ holdings }: Account, initial: MarketTable): Pick<DemoUser, 'row' | 'amount'> | undefined {
  for (const row of settlementRows(initial)) {
    const held = holdings.find(({ index }) => index === row.index)?.quantity ?? 0n;
    const amount = held / SHARE;
    if (amount <= 0n || row.mark === 0n) continue;
    const left = holdings.map((holding) => (holding.index === row.index ? { ...holding, quantity: held - amount } : holding));
    if (evaluate(initial, left).healthy) return { row, amount };
  }
  return undefined;
}

/** A user's receipt and secret of a proven epoch. */
export async function ownedAccount({ account, ownerFile, receiptFile }: DemoUser): Promise<OwnedAccount> {
  const receipt = parseReceipt(await readText(receiptFile), receiptFile);
  const owner = await readOwnerFile(ownerFile);
  if (keyOf(portablePoseidon, receipt) !== keyOf(portablePoseidon, { ...account, owner: owner.owner })) throw new ForgeryAcceptedError('a user got another account\'s receipt');
  return { receipt, owner };
}

/** Sets the vault's rules and limits, without a wait. @returns gas */
export async function setVaultRules({ operator, deployment, tokens }: DemoChain): Promise<bigint> {
  const limits = tokens.map((_, asset) => ({ asset, coverage: { maxDeposits: NO_LIMIT, maxLoans: NO_LIMIT }, payoutLimit: NO_LIMIT }));
  return (await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).setRules(DEMO_RULES, limits)).gasUsed;
}

/** Users deposit what they hold, the venue the rest of what it owes, and a tenth more than the shortfall into the fund. @returns gas of a deposit */
export async function fundVault(chain: DemoChain, stored: StoredSnapshot, users: readonly DemoUser[], fund: bigint): Promise<bigint> {
  const { operator, deployment, tokens } = chain;
  const client = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, operator);
  let deposit = 0n;
  const put = async (wallet: ConnectedSigner, asset: number, amount: bigint, beneficiary: string): Promise<void> => {
    if (amount <= 0n) return;
    const token = tokens[asset] as string;
    await mintTestToken(operator, token, wallet.address, amount);
    const vault = new CollateralVaultClient(vaultOf(deployment), deployment.venueId, wallet);
    deposit = (await vault.deposit(wallet, asset, token, amount, beneficiary)).receipt.gasUsed;
  };
  for (const [asset, row] of settlementRows(stored.market).entries()) {
    const owed = stored.snapshot.accounts.flatMap(({ holdings }) => holdings).reduce((sum, { index, quantity }) => (index === row.index ? sum + quantity : sum), 0n);
    let left = owed;
    for (const { account, wallet } of users) {
      const held = account.holdings.find(({ index }) => index === row.index)?.quantity ?? 0n;
      const own = held < left ? held : left;
      await put(wallet, asset, own, referenceOf(wallet));
      if (own > 0n) left -= own;
    }
    await put(operator, asset, left, referenceOf(operator));
  }
  await mintTestToken(operator, deployment.fundToken, operator.address, fund);
  await client.depositFund(operator, deployment.fundToken, fund);
  return deposit;
}

/** What the venue would give out for an account: here the wallet itself. */
export function referenceOf({ address }: ConnectedSigner): string {
  return `0x${'0'.repeat(24)}${address.slice(2).toLowerCase()}`;
}

/** Base units of every settlement asset that a user has outside the vault. */
export function balancesOf({ tokens }: DemoChain, wallet: ConnectedSigner): Promise<bigint[]> {
  return Promise.all(tokens.map((token) => tokenBalance(wallet, token, wallet.address)));
}
