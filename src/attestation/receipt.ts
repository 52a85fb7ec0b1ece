import type { MerklePath16 } from '../commitment/merkle-tree-16.js';
import type { MarketTable } from '../risk/market-table.js';
import type { Holding } from '../venue/account.js';
import type { VenueLocation } from './attestation.js';

/** What one user needs to verify one account of one epoch. Private to the user: it shows the account in plain. */
export interface Receipt {
  readonly venue: VenueLocation;
  readonly epoch: number;
  /** Name of the batch circuit the account was proven in; its K is the number of slots. */
  readonly circuit: string;
  readonly slots: number;
  readonly owner: bigint;
  readonly userId: string;
  readonly subAccount: number;
  readonly holdings: readonly Holding[];
  readonly salt: bigint;
  readonly path: MerklePath16;
  /** Depth of the accounts tree. */
  readonly depth: number;
  readonly market: MarketTable;
  /** SHA-256 of the canonical attestation, hex, and where the venue serves it (a path or URL, for people; never fetched). */
  readonly attestation: { readonly sha256: string; readonly location: string };
}
