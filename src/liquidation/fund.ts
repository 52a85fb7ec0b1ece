/** Who a tranche of a default fund stands for, in the order of IDefaultFund.Tranche. */
export const TRANCHES = ['first-loss', 'insurance'] as const;

export type Tranche = (typeof TRANCHES)[number];

/** A venue's rules for its default fund: LiquidationTypes.FundRules. Bounds are ppm of what one epoch may take. */
export interface FundRules {
  /** Seconds from proposal to activation. */
  readonly timelock: number;
  /** Of the venue's first loss. */
  readonly firstLossBound: number;
  readonly insuranceBound: number;
  /** Of the cleared ledger, that may be shared. */
  readonly sharedBound: number;
}

/** What a default fund holds and has paid for an asset, token base units: LiquidationTypes.Tranches. */
export interface FundTranches {
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  /** What nobody covered: the cleared ledger lacks it. */
  readonly shortfall: bigint;
  readonly paidFirstLoss: bigint;
  readonly paidInsurance: bigint;
  /** Made a shortfall so far. */
  readonly shared: bigint;
  /** Of accounts, paid so far. */
  readonly debts: bigint;
  /** To bidders, paid so far. */
  readonly subsidies: bigint;
}

/** What this epoch's bounds leave of each step, token base units. */
export interface FundRoom {
  readonly firstLoss: bigint;
  readonly insurance: bigint;
  readonly shared: bigint;
}
