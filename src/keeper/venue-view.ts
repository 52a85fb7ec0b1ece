import type { AccountStanding } from '../liquidation/account-standing.js';
import type { MarginLevel } from '../risk/market-table.js';

/** A table that the venue's market source accepted. */
export interface ReferenceTable {
  readonly commitment: bigint;
  readonly level: MarginLevel;
  /** Unix seconds of its prices. */
  readonly time: number;
}

/** A handle as the chain has it. */
export interface AccountNow extends AccountStanding {
  readonly handle: bigint;
  readonly commitment: bigint;
  readonly controller: string;
}

/** What happens at a venue that a keeper follows, in chain order. */
export type VenueChange =
  /** 10^-8 of the settlement currency, of every feed. */
  | { readonly kind: 'round'; readonly prices: readonly bigint[] }
  /** 'account': it is another one than before: opened, traded, settled, sold. 'sound': defended, or no longer in liquidation. */
  | { readonly kind: 'account' | 'challenged' | 'frozen' | 'started' | 'sound' | 'sealed'; readonly handle: bigint };
