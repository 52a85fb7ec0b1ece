/** A sale of one instrument for another: LiquidationTypes.Lot. Rows are first tiers. */
export interface Lot {
  readonly handle: bigint;
  /** What is sold, or bought back. */
  readonly row: number;
  /** Cash or spot row it is paid in. */
  readonly payRow: number;
  /** The account is long and sells; else it is short and buys back. */
  readonly accountSells: boolean;
}

/** What a price is made from: value units a quantum. */
export interface LotMarks {
  readonly mark: bigint;
  /** Of the pay row, above 0. */
  readonly payMark: bigint;
  /** Of an option that is bought back, else 0. */
  readonly strike: bigint;
}

/** A running sale: LiquidationTypes.Auction. */
export interface Auction extends LotMarks {
  /** Table of initial level that the marks are of. */
  readonly marketCommitment: bigint;
  /** Unix seconds when its clock started. */
  readonly since: number;
  /** Unix seconds of the table's prices. */
  readonly tableTime: number;
}

/** Where an auction's clock stands, ppm. */
export interface AuctionClock {
  readonly discount: number;
  readonly subsidy: number;
}
