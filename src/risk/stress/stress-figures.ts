/** Bounds of equity over requirement, in thousandths, between the bins of the distribution. */
export const RATIO_BOUNDS = [0n, 500n, 1_000n, 1_250n, 1_500n, 2_000n, 3_000n, 5_000n] as const;
/** Names of the bins: under the first bound, between each two, from the last on, and accounts that need no margin. */
export const RATIO_BINS = ['below 0', '0 to 0.5', '0.5 to 1', '1 to 1.25', '1.25 to 1.5', '1.5 to 2', '2 to 3', '3 to 5', '5 and more', 'needs none'] as const;

/** Shares are in ppm. */
export interface Concentration {
  /** Of the whole, the ten largest. */
  readonly topTen: bigint;
  /** Herfindahl index: sum of squared shares; 10^6 when one has it all. */
  readonly herfindahl: bigint;
}

/** How accounts stand under one table. Money in value units. */
export interface StressFigures {
  readonly accounts: number;
  /** Below the requirement. */
  readonly unhealthy: number;
  /** Equity below 0. */
  readonly underWater: number;
  readonly shortfall: bigint;
  readonly badDebt: bigint;
  /** Of accounts' shortfalls; undefined without shortfall. */
  readonly concentration: Concentration | undefined;
  /** Accounts by equity over requirement, one count for each of RATIO_BINS. */
  readonly distribution: readonly number[];
}

/** What a fund of an amount means for a scenario. */
export interface FundCoverage {
  /** Value units. */
  readonly fund: bigint;
  /** What the fund pays of the bad debt. */
  readonly paid: bigint;
  /** Bad debt that it leaves. */
  readonly uncovered: bigint;
  /** Fund over bad debt, ppm; undefined without bad debt. */
  readonly coverage: bigint | undefined;
}

/** How the holding of an instrument is spread over accounts, the same before and after any shock. */
export interface PositionConcentration {
  readonly instrument: string;
  readonly quantityDecimals: number;
  /** Quanta: of a derivative all long, of a coin deposits and loans. */
  readonly openInterest: bigint;
  readonly holders: number;
  /** The largest account's, ppm of the open interest. */
  readonly largest: bigint;
  /** Of accounts' magnitudes, ppm. */
  readonly herfindahl: bigint;
}

/** One scenario's outcome. */
export interface StressOutcome {
  readonly set: string;
  readonly version: string;
  readonly scenario: string;
  readonly title: string;
  readonly sources: readonly string[];
  readonly unmoved: readonly string[];
  readonly figures: StressFigures;
  readonly fund: FundCoverage | undefined;
}

/** A scenario that a table cannot be stressed by. */
export interface StressSkipped {
  readonly set: string;
  readonly scenario: string;
  readonly reason: string;
}

/** A snapshot under every scenario. */
export interface StressReport {
  readonly currency: string;
  readonly valueScale: number;
  readonly parameterSet: string;
  readonly level: 'maintenance' | 'initial';
  readonly snapshotTime: number;
  readonly fund: bigint | undefined;
  /** Without a shock. */
  readonly now: StressFigures;
  readonly positions: readonly PositionConcentration[];
  readonly outcomes: readonly StressOutcome[];
  readonly skipped: readonly StressSkipped[];
}
