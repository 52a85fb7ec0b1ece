/** A sale of one instrument for another: LiquidationTypes.Lot. Rows are first tiers. */
export interface Lot {
  readonly handle: bigint;
  /** What is sold, or bought back. An entry row is exchanged for cash at par. */
  readonly row: number;
  /** Cash or entry row it is paid in. */
  readonly payRow: number;
  /** The account is long and sells; else it is short and buys back. */
  readonly accountSells: boolean;
}

/** What a price is made from: value units a quantum. */
export interface LotMarks {
  readonly mark: bigint;
  /** Of the pay row, above 0. */
  readonly payMark: bigint;
  /** Of the row that penalties and subsidies are counted in, above 0. */
  readonly feeMark: bigint;
  /** What counts beside the mark: of an option that is bought back a share of its strike, else 0. */
  readonly extra: bigint;
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

/** What a slice is sold at, ppm of its value. A price better for the account than the mark has a discount below 0. */
export interface SaleRates {
  readonly discount: number;
  readonly penalty: number;
}
