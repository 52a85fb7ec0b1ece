import type { ApprovedBidder } from '../chain/liquidation-bidders-client.js';
import type { MarkClaim } from '../chain/account-claims.js';
import type { TransitionWish } from '../clearing/transition-plan.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { ProvenVerdict } from '../liquidation/bid.js';
import type { TradeTerms } from '../commitment/trade-commitment.js';
import type { FundRoom } from '../liquidation/fund.js';
import type { Auction, Lot } from '../liquidation/auction.js';
import type { LiquidationRules } from '../liquidation/liquidation-rules.js';
import type { OwnerSecret } from '../proving/prove-account.js';
import type { TransitionProof } from '../proving/prove-transition.js';
import type { MarketTable } from '../risk/market-table.js';
import type { FundingAct } from '../statement/transition.js';
import type { KeeperAction } from './keeper-action.js';
import type { AccountNow, ReferenceTable, VenueChange } from './venue-view.js';

/** A venue at one block. */
export interface VenueNow {
  readonly block: number;
  /** Unix seconds of the block. */
  readonly time: number;
  readonly rules: LiquidationRules;
  /** Seconds: tables with older prices judge nobody. */
  readonly tableMaxAge: number;
  /** Ppm that a trade's price may differ from the mark. */
  readonly band: number;
  /** Funding period. */
  readonly period: number;
  /** Whether mode and prices allow liquidation. */
  readonly open: boolean;
  /** Newest accepted tables. */
  readonly maintenance: ReferenceTable | undefined;
  readonly initial: ReferenceTable | undefined;
}

/** What a keeper asks the chain. Every method throws ChainUnreachableError and its like where nobody answers. */
export interface KeeperChain {
  now(): Promise<VenueNow>;
  /** What happened in blocks `from` to `to`, in order. */
  changes(from: number, to: number): Promise<readonly VenueChange[]>;
  /** Undefined for a handle that nobody opened. */
  account(handle: bigint): Promise<AccountNow | undefined>;
  /** Wei that a challenge holds now. */
  challengeBond(handle: bigint): Promise<bigint>;
  /** What verdicts about the handle are made for. @param sender of a proof that starts a liquidation; undefined of every other */
  verdictContext(handle: bigint, sender?: string): Promise<bigint>;
  /** Undefined where none runs. */
  auction(lot: Lot): Promise<Auction | undefined>;
  /** Of the asset of a cash or spot row. */
  asset(row: number): Promise<AssetNow>;
  /** Bidders of the venue, in the order in which openings are sealed to them. */
  bidders(): Promise<readonly ApprovedBidder[]>;
  /** What perpetuals owe since a period. */
  fundingAct(fromPeriod: number): Promise<FundingAct>;
  /** Wei that an address can take out. */
  bondsOf(address: string): Promise<bigint>;
  /** Wei a unit of gas, as a transaction would pay now. */
  gasPrice(): Promise<bigint>;
}

/** A settlement asset, and what the default fund may pay of it in this epoch. */
export interface AssetNow {
  /** Token base units that a quantum is, at least 1. */
  readonly unitsPerQuantum: bigint;
  /** Token base units. */
  readonly room: FundRoom;
  /** Token base units that the liquidation contract may pull from the keeper. */
  readonly allowance: bigint;
}

/** What an action would do at the newest block. */
export type Rehearsal =
  | { readonly passes: true; readonly gas: bigint }
  /** The contract's error, or its code. */
  | { readonly passes: false; readonly reason: string };

/** Signed: the same one however often it is sent. */
export interface PreparedTransaction {
  readonly hash: string;
  /** Resolves as soon as a node has it. */
  broadcast(): Promise<void>;
}

/** Where a transaction stands. 'lost': no node knows it. */
export type SentState = 'waiting' | 'done' | 'reverted' | 'lost';

/** Sends for the keeper's address. */
export interface KeeperSender {
  readonly address: string;
  /** By eth_call and eth_estimateGas; sends nothing. */
  rehearse(action: KeeperAction): Promise<Rehearsal>;
  /** Signs, and sends nothing yet. */
  prepare(action: KeeperAction, gas: bigint): Promise<PreparedTransaction>;
  stateOf(hash: string): Promise<SentState>;
}

/** Market tables that the venue published. */
export interface TableSource {
  /** Undefined for one that is not at hand. */
  tableOf(commitment: bigint): Promise<MarketTable | undefined>;
}

/** Openings of accounts that are not the keeper's own. Secret. */
export interface OpeningSource {
  /** Handles that it may have openings of. */
  handles(): Promise<readonly bigint[]>;
  /** The opening of what stands on the chain; undefined where it is not known. */
  openingOf(account: AccountNow): Promise<ClearedOpening | undefined>;
}

/** The account that a bidder buys for. */
export interface OwnAccount {
  readonly handle: bigint;
  readonly opening: ClearedOpening;
  readonly owner: OwnerSecret & { readonly userId: string; readonly subAccount: number };
}

export interface OwnAccountSource {
  /** The account as it stands on the chain. Undefined where its opening is not known. */
  now(): Promise<OwnAccount | undefined>;
  /** Keeps what it may become, on disk, before anybody can settle it. */
  keep(opening: ClearedOpening): Promise<void>;
}

/** The venue's word that it holds what the bidder's account becomes. */
export interface ReceiptSource {
  /** Hex of the signature; undefined while there is none yet. */
  receiptFor(handle: bigint, opening: ClearedOpening): Promise<string | undefined>;
}

/** Makes proofs. What is not true is refused with its reason before a proof is tried. */
export interface KeeperProver {
  verdict(account: ClearedOpening, market: MarketTable, healthy: boolean, context: bigint): Promise<ProvenVerdict>;
  mark(market: MarketTable, row: number): Promise<MarkClaim>;
  /** @param owner of a side that its owner proves; undefined without him */
  transition(before: ClearedOpening, market: MarketTable, wish: TransitionWish, owner?: OwnAccount['owner']): Promise<TransitionProof>;
  /** What stands on the chain under a handle with this opening. */
  commitmentOf(opening: ClearedOpening): bigint;
  tradeCommitment(market: MarketTable, trade: TradeTerms): bigint;
  marketCommitment(market: MarketTable): bigint;
  /** Random, below p. */
  nonce(): bigint;
}

export interface KeeperClock {
  /** Milliseconds of Unix time. */
  now(): number;
  /** Ends early when the signal says so. */
  wait(milliseconds: number, stop: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: KeeperClock = Object.freeze({
  now: () => Date.now(),
  wait: (milliseconds: number, stop: AbortSignal) => new Promise<void>((resolve) => {
    if (stop.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    stop.addEventListener('abort', end);
  }),
});
