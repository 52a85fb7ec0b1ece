import type { ClearedOpening } from '../commitment/cleared-account.js';
import type { MarginLevel } from '../risk/market-table.js';

/** LiquidationTypes.Standing, in the order of its codes. */
export const STANDINGS = ['sound', 'challenged', 'frozen', 'liquidating'] as const;

export type Standing = (typeof STANDINGS)[number];

/** A venue's rules for liquidations: LiquidationTypes.LiquidationRules. Seconds, ppm, wei, value units. */
export interface LiquidationRules {
  readonly bond: bigint;
  readonly quiet: number;
  readonly windows: readonly number[];
  readonly fall: number;
  readonly maxDiscount: number;
  readonly maxSubsidy: number;
  readonly penalty: number;
  readonly minLot: bigint;
}

/** A table that the venue's market source accepted. */
export interface ReferenceTable {
  readonly commitment: bigint;
  readonly level: MarginLevel;
  /** Unix seconds of its prices. */
  readonly time: number;
}

/** A handle as the chain has it. */
export interface AccountNow {
  readonly handle: bigint;
  readonly commitment: bigint;
  readonly controller: string;
  readonly standing: Standing;
  /** Number of its liquidations so far. */
  readonly liquidation: number;
  /** Who challenged it, or showed it under water. */
  readonly keeper: string;
  /** Last second of an answer; means nothing unless challenged. */
  readonly deadline: number;
  /** Unix seconds of the prices that the challenge was under. */
  readonly tableTime: number;
  /** Unix seconds of the prices of the last healthy answer; 0 before the first. */
  readonly soundTableTime: number;
  /** Slices below the least lot, sold in this liquidation. */
  readonly dust: number;
}

/** LiquidationTypes.Lot. */
export interface Lot {
  readonly handle: bigint;
  readonly row: number;
  readonly payRow: number;
  readonly accountSells: boolean;
}

/** LiquidationTypes.Auction. */
export interface Auction {
  readonly marketCommitment: bigint;
  readonly mark: bigint;
  readonly payMark: bigint;
  readonly strike: bigint;
  /** Unix seconds when its clock started. */
  readonly since: number;
  readonly tableTime: number;
}

/** Who may see openings. */
export interface BidderKey {
  readonly address: string;
  /** X25519, 32 bytes. */
  readonly key: Uint8Array;
}

/** What happens at a venue that a keeper follows, in chain order. */
export type VenueChange =
  /** 10^-8 of the settlement currency, of every feed. */
  | { readonly kind: 'round'; readonly prices: readonly bigint[] }
  /** 'account': it is another one than before: opened, traded, settled, sold. 'sound': defended, or no longer in liquidation. */
  | { readonly kind: 'account' | 'challenged' | 'frozen' | 'started' | 'sound' | 'sealed'; readonly handle: bigint };

/** An account that the keeper has the opening of. Secret. */
export interface KnownAccount {
  readonly now: AccountNow;
  readonly opening: ClearedOpening;
}
