/** A signed position in one instrument. */
export interface Holding {
  /** Row index k of the instrument. */
  readonly index: number;
  /** Quanta held: long positive, short or borrowed negative; -2^64 <= quantity < 2^64, never 0. */
  readonly quantity: bigint;
}

/** One margin account as the venue's ledger shows it: what one owner holds under one sub-account number. */
export interface Account {
  /** The venue's name for the user; enters the commitment as a digest. 1 to 128 characters. */
  readonly userId: string;
  /** Sub-account number, 0 <= n < 2^32. An isolated group is a sub-account with one market and its own collateral. */
  readonly subAccount: number;
  /** Owner commitment made by the user's tool, or undefined: then the venue makes a verify-only owner. */
  readonly owner: bigint | undefined;
  /** Holdings by strictly increasing index, none with quantity 0. */
  readonly holdings: readonly Holding[];
}

export const MIN_QUANTITY = -(2n ** 64n);
export const MAX_QUANTITY = 2n ** 64n - 1n;
export const MAX_SUB_ACCOUNT = 2 ** 32 - 1;

/** The venue's accounts at one moment. */
export interface Snapshot {
  readonly accounts: readonly Account[];
}
