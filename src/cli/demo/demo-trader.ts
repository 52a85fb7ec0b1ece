import { join } from 'node:path';
import { anvilWallet } from '../../chain/anvil.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { ClearingHouseClient, NO_RECEIPT } from '../../chain/clearing-client.js';
import { ClearingTermsClient } from '../../chain/clearing-terms-client.js';
import { handleChanges } from '../../chain/clearing-trace.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import { clearingOf } from '../../chain/deployment.js';
import { mintTestToken, tokenBalance } from '../../chain/escrow-client.js';
import { soldSlices } from '../../chain/liquidation-history.js';
import { signOpenings, type OpenedCommitment } from '../../chain/trade-signatures.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { emptyAccount } from '../../clearing/apply-transition.js';
import { openingOfCommitment, withOpening, type ClearedAccountFile } from '../../clearing/opening-file.js';
import { NO_BENEFICIARY, type CollateralRequest, type ProvenTransition } from '../../clearing/proven-transition.js';
import { requireExpiredSettled, requireRoomToSettle } from '../../clearing/room-to-settle.js';
import type { TransitionWish } from '../../clearing/transition-plan.js';
import type { ClearedOpening } from '../../commitment/cleared-account.js';
import { keyOf } from '../../commitment/identity.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { CollateralAmount, TransitionAct } from '../../statement/transition.js';
import { houseOf } from '../clearing/account-file.js';
import { followAccount, tablesByCommitment } from '../clearing/follow-account.js';
import { settledRowsOf } from '../clearing/settled-rows.js';
import type { TransitionProver } from '../clearing/transition-prover.js';
import { liquidationsOf } from '../liquidation/contracts.js';
import type { KnownAccount } from '../liquidation/make-bid.js';
import { newOwner } from '../owner.js';
import { readOwnerFile, type OwnerFile } from '../owner-file.js';
import type { DemoChain } from './demo-chain.js';
import { ForgeryAcceptedError } from './forgery.js';

/** What accounts of the clearing house are proven and settled with. */
export interface ClearingStage {
  readonly chain: DemoChain;
  readonly house: ClearingHouseClient;
  readonly terms: ClearingTermsClient;
  readonly prover: TransitionProver;
  /** Of initial level. */
  readonly table: MarketTable;
  /** By handle: the venue has the file of every account that was opened. */
  readonly traders: Map<bigint, DemoTrader>;
}

/** The demo's two accounts. */
export interface Pair {
  readonly buyer: DemoTrader;
  readonly writer: DemoTrader;
}

const HOUR = 3_600;

export function clearingStage(chain: DemoChain, prover: TransitionProver, table: MarketTable): ClearingStage {
  const { operator, deployment } = chain;
  const { house, terms } = clearingOf(deployment);
  return { chain, prover, table, traders: new Map(), house: new ClearingHouseClient(house, deployment.venueId, operator), terms: new ClearingTermsClient(terms, deployment.venueId, operator) };
}

/** What accounts become, each by its handle. */
export type Sides = readonly (readonly [handle: bigint, side: ProvenTransition])[];

/** The operator's word that it holds these openings, and that each can be settled and closed. @throws NoFreeSlotError, ExpiryUnsettledError */
export async function checkedReceiptOf(stage: ClearingStage, sides: Sides): Promise<string> {
  for (const [handle, side] of sidesToSign(sides)) {
    const opening = stage.traders.get(handle)?.after(side);
    if (opening === undefined) throw new ForgeryAcceptedError(`nobody opened account ${handle}, and the operator is asked to sign for it`);
    const settledRows = await settledRowsOf(stage.terms, opening);
    requireRoomToSettle(opening, settledRows);
    requireExpiredSettled(opening, settledRows);
  }
  return receiptOf(stage, sides);
}

/** The word of an operator that looks at nothing. */
export async function receiptOf({ chain: { operator, deployment }, house }: ClearingStage, sides: Sides): Promise<string> {
  const openings: OpenedCommitment[] = sidesToSign(sides).map(([handle, { newCommitment }]) => ({ handle, commitment: newCommitment }));
  return openings.length === 0 ? NO_RECEIPT : signOpenings(operator, { chainId: deployment.chainId, house: house.house }, deployment.venueId, openings);
}

/** What nobody has to sign for is left out. */
function sidesToSign(sides: Sides): Sides {
  return sides.filter(([, { owned, unmargined }]) => owned && !unmargined);
}

/** Somebody with an account at the clearing house, whose file the venue has too. */
export class DemoTrader {
  private constructor(
    private readonly stage: ClearingStage,
    readonly name: string,
    readonly wallet: ConnectedSigner,
    /** Never shown. */
    readonly owner: OwnerFile,
    private account: ClearedAccountFile,
  ) {}

  /** Opens an account with tokens that are made for it, unless the wallet has its own. @param wallet place among anvil's accounts */
  static async open(stage: ClearingStage, name: string, wallet: number, { asset, slots, owned = false, ...coming }: CollateralAmount & { readonly asset: number; readonly slots: number; readonly owned?: boolean }): Promise<{ readonly trader: DemoTrader; readonly receipt: ChainReceipt }> {
    const { chain: { operator, deployment, tokens, folders }, terms } = stage;
    const signer = anvilWallet(wallet, operator.provider) as ConnectedSigner;
    const token = tokens[asset] as string;
    if (!owned) await mintTestToken(operator, token, signer.address, coming.amount);
    const ownerFile = join(folders.work, 'traders', `${name}.json`);
    await newOwner(ownerFile, signer.address);
    const owner = await readOwnerFile(ownerFile);
    const account: ClearedAccountFile = { ...houseOf(deployment), handle: 0n, owner: owner.owner, userId: name, subAccount: 0, openings: [] };
    const trader = new DemoTrader(stage, name, signer, owner, account);
    const collateral: CollateralRequest = { in: coming, beneficiary: NO_BENEFICIARY, deadline: (await latestTimestamp(operator.provider)) + HOUR };
    const house = new ClearingHouseClient(clearingOf(deployment).house, deployment.venueId, signer);
    const context = await house.collateralContext({ controller: signer.address, payer: signer.address }, collateral);
    const empty = emptyAccount(keyOf(portablePoseidon, account), slots, await terms.period());
    const transition = await trader.prove({ kind: 'collateral', opens: true, in: coming, context }, { from: empty });
    const { handle, receipt } = await house.open(signer.address, collateral, transition, { signer, token, amount: coming.amount });
    trader.account = { ...trader.account, handle };
    stage.traders.set(handle, trader);
    return { trader, receipt };
  }

  get handle(): bigint {
    return this.account.handle;
  }

  /** What the account is on chain. */
  async opening(): Promise<ClearedOpening> {
    return openingOfCommitment(portablePoseidon, this.account, (await this.stage.house.account(this.handle))?.commitment ?? 0n);
  }

  /** Quanta held of a row. */
  async held(row: number): Promise<bigint> {
    return (await this.opening()).slots.find(({ index }) => index === row)?.quantity ?? 0n;
  }

  /** Proves a change and keeps what the account becomes. @param how from what, unless from what it is; by whom, unless by its owner */
  async prove(act: TransitionAct, how: { readonly from?: ClearedOpening; readonly owned?: boolean; readonly unmargined?: boolean } = {}): Promise<ProvenTransition> {
    const { terms, table, prover } = this.stage;
    const { from, owned = true, unmargined } = how;
    const wish: TransitionWish = { act, owned, period: await terms.period(), ...(unmargined === undefined ? {} : { unmargined }) };
    const { transition, opening } = await prover.prove({ account: this.account, table, before: from ?? await this.opening(), wish, owner: owned ? this.owner : undefined });
    // What others settle the owner finds on chain.
    if (owned) this.account = withOpening(this.account, opening);
    return transition;
  }

  /** What a transition made of the account. */
  after({ newCommitment }: ProvenTransition): ClearedOpening {
    return openingOfCommitment(portablePoseidon, this.account, newCommitment);
  }

  /** Finds what the account became by what others settled, sold and paid of it, from the chain alone. @param tables it was changed under; the stage's unless told */
  async follow(tables: readonly MarketTable[] = [this.stage.table]): Promise<void> {
    const { chain: { connection: { provider }, deployment }, house } = this.stage;
    const changes = await handleChanges(provider, house.house, this.handle, deployment.deployedInBlock);
    const liquidations = liquidationsOf(deployment);
    const sold = liquidations === undefined ? [] : await soldSlices(provider, liquidations, this.handle, deployment.deployedInBlock);
    const { account, followed } = followAccount(this.account, { changes, sold }, tablesByCommitment(tables));
    if (followed === 0) throw new ForgeryAcceptedError(`the account of ${this.name} was not changed`);
    this.account = account;
  }

  /** The account's file and what of it stands on the chain: what the venue has, and bidders are shown. */
  async known(): Promise<KnownAccount> {
    return { account: this.account, opening: await this.opening() };
  }

  /** Keeps what the account becomes by a proof that others helped to make. */
  learn(opening: ClearedOpening): void {
    this.account = withOpening(this.account, opening);
  }

  /** Puts collateral into the account, from the trader's wallet. */
  async deposit(coming: CollateralAmount & { readonly asset: number }): Promise<ChainReceipt> {
    const { chain: { operator, deployment, tokens } } = this.stage;
    const { asset, ...amount } = coming;
    const token = tokens[asset] as string;
    await mintTestToken(operator, token, this.wallet.address, amount.amount);
    const collateral: CollateralRequest = { in: amount, beneficiary: NO_BENEFICIARY, deadline: (await latestTimestamp(operator.provider)) + HOUR };
    const house = new ClearingHouseClient(clearingOf(deployment).house, deployment.venueId, this.wallet);
    const context = await house.collateralContext({ handle: this.handle, payer: this.wallet.address }, collateral);
    const side = await this.prove({ kind: 'collateral', opens: false, in: amount, context });
    return house.adjust(this.handle, collateral, side, await checkedReceiptOf(this.stage, [[this.handle, side]]), { signer: this.wallet, token, amount: amount.amount });
  }

  /** Takes collateral out of an account that holds cash alone afterwards: by the owner's proof alone, whatever the venue's mode. */
  async withdraw(out: CollateralAmount): Promise<ChainReceipt> {
    const { chain: { operator }, house } = this.stage;
    const collateral: CollateralRequest = { out, recipient: this.wallet.address, beneficiary: NO_BENEFICIARY, deadline: (await latestTimestamp(operator.provider)) + HOUR };
    const context = await house.collateralContext({ handle: this.handle }, collateral);
    return house.adjust(this.handle, collateral, await this.prove({ kind: 'collateral', opens: false, out, context }, { unmargined: true }), NO_RECEIPT);
  }

  /** Base units of a settlement asset in the trader's wallet. */
  balance(asset: number): Promise<bigint> {
    return tokenBalance(this.wallet, this.stage.chain.tokens[asset] as string, this.wallet.address);
  }
}
