import type { FundRoom } from '../liquidation/fund.js';
import type { Auction, Lot } from '../liquidation/auction.js';
import type { LiquidationRules } from '../liquidation/liquidation-rules.js';
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
  /** What proofs about the handle are made for. */
  verdictContext(handle: bigint): Promise<bigint>;
  /** Undefined where none runs. */
  auction(lot: Lot): Promise<Auction | undefined>;
  /** Of the asset of a cash or spot row. */
  asset(row: number): Promise<AssetNow>;
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
