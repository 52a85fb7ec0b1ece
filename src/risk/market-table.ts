import type { Instrument } from '../venue/instrument.js';
import type { RowTerms, ScenarioMove } from './row-terms.js';

/** Whether the table's charges are what keeps an account open or what opens new risk. Codes 1 and 2 in the header. */
export type MarginLevel = 'maintenance' | 'initial';

/**
 * One row of the market table. Money is in value units per quantum (see MarketTable.valueScale).
 * Bounds: |mark|, |pnl| < 2^47, 0 <= charge < 2^47.
 */
export interface MarketRow extends Instrument {
  /** Rows of one group are the tiers of one instrument, lowest first and next to each other. Groups count up from 0 in row order. */
  readonly group: number;
  /** Index of the tier below plus 1, which is this row's own index; 0 for the first row of a group. */
  readonly predecessor: number;
  /** Largest |quantity| of one account in this row, in quanta; 0: uncapped, which only the last row of a group may be. Below 2^64. */
  readonly cap: bigint;
  /** First epoch in which the row means what it means now. */
  readonly activationEpoch: number;
  /** Price the row follows from, 10^-8 of the settlement currency; 0 when no oracle prices it. */
  readonly oraclePrice: bigint;
  /** What the values below follow from beside the price; absent in a table that no parameter set made. */
  readonly terms?: RowTerms;
  /** Implied volatility of an option in ppm a year, in [0, 2^32); absent in every other row. */
  readonly volatility?: bigint;
  /** Value of one quantum now. */
  readonly mark: bigint;
  /** What each quantum held long takes off margin whatever happens. */
  readonly longCharge: bigint;
  /** What each quantum held short or borrowed takes off margin whatever happens. */
  readonly shortCharge: bigint;
  /** What one quantum gains (+) or loses (-) in scenario 1..S. */
  readonly pnl: readonly bigint[];
}

/** Marks, charges and scenarios of every instrument at one moment. Public. */
export interface MarketTable {
  readonly level: MarginLevel;
  /** Unix seconds of the moment the marks belong to. */
  readonly snapshotTime: number;
  /** One value unit is 10^-valueScale of the settlement currency. */
  readonly valueScale: number;
  /** Name of the currency values are in, for display: "USD". */
  readonly currency: string;
  /** Version text of the parameters the table was made from. */
  readonly parameterSet: string;
  /** Names of scenarios 1..S, for display. */
  readonly scenarios: readonly string[];
  /** Moves of scenarios 1..S; absent in a table that no parameter set made. */
  readonly moves?: readonly ScenarioMove[];
  /** Listed rows, row k at place k. */
  readonly rows: readonly MarketRow[];
}

export const VALUE_BITS = 47;
