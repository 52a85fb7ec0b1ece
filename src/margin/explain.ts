import type { MarketTable } from '../risk/market-table.js';
import type { Holding } from '../venue/account.js';
import type { InstrumentKind } from '../venue/instrument.js';
import { chargeOf, evaluate, rowAt, type Margin } from './margin.js';

/** Name of "scenario 0": prices as they are. */
export const NO_MOVE = 'no move';

/** What one holding adds to an account's margin. Money in value units. */
export interface MarginLine {
  readonly index: number;
  readonly instrument: string;
  readonly kind: InstrumentKind;
  /** Quanta, signed. */
  readonly quantity: bigint;
  /** For display of the quantity: one quantum is 10^-quantityDecimals units. */
  readonly quantityDecimals: number;
  /** quantity * mark; adds up to the equity. */
  readonly value: bigint;
  /** >= 0; adds up to the charges. */
  readonly charge: bigint;
  /** Gain (+) or loss (-) in the account's worst scenario; 0 when that is no move. */
  readonly worstPnl: bigint;
}

/** An account's margin, line by line. */
export interface MarginExplanation {
  readonly lines: readonly MarginLine[];
  readonly margin: Margin;
  /** The scenario the requirement comes from, the first of equals: 0 for no move, else 1..S. */
  readonly worstScenario: { readonly number: number; readonly name: string };
  /** The account's P&L in that scenario, <= 0. */
  readonly worstPnl: bigint;
  /** V - R: what can be lost (>= 0) or must be added (< 0) before the verdict turns. */
  readonly distance: bigint;
}

/** Explains `evaluate` line by line. Browser-safe. @throws UnknownInstrumentError */
export function explain(table: MarketTable, holdings: readonly Holding[]): MarginExplanation {
  const margin = evaluate(table, holdings);
  const worst = margin.excess.reduce((found, one, place) => (one < (margin.excess[found] ?? one) ? place : found), 0);
  const lines = holdings.map(({ index, quantity }): MarginLine => {
    const row = rowAt(table, index);
    return {
      index,
      instrument: row.id,
      kind: row.kind,
      quantity,
      quantityDecimals: row.quantityDecimals,
      value: quantity * row.mark,
      charge: chargeOf(row, quantity),
      worstPnl: quantity * (row.pnl[worst - 1] ?? 0n),
    };
  });
  return {
    lines,
    margin,
    worstScenario: { number: worst, name: table.scenarios[worst - 1] ?? NO_MOVE },
    worstPnl: margin.scenarioPnl[worst - 1] ?? 0n,
    distance: margin.equity - margin.requirement,
  };
}
