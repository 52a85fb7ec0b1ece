/** A slice as its sale was told: event SliceSold. */
export interface SoldSlice {
  readonly handle: bigint;
  readonly bidder: bigint;
  readonly row: number;
  readonly payRow: number;
  readonly accountSells: boolean;
  /** Quanta of the row. */
  readonly quantity: bigint;
  /** Quanta of the pay row for all of it. */
  readonly payment: bigint;
  readonly nonce: bigint;
  /** Token base units that the bidder paid, and got, besides. */
  readonly penalty: bigint;
  readonly subsidy: bigint;
}
