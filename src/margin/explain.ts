import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt, tiersOf } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import type { InstrumentKind } from '../venue/instrument.js';
import { chargeOf, evaluate, type Margin } from './margin.js';

/** Name of "scenario 0": prices as they are. */
export const NO_MOVE = 'no move';

/** Which tier of its instrument a holding fills, and how far. Quanta. */
export interface TierUse {
  /** The instrument as the account holds it: id of the group's first row, which is row `firstRow`. */
  readonly instrument: string;
  readonly firstRow: number;
  /** From 1, of `of` tiers. */
  readonly number: number;
  readonly of: number;
  /** The most this tier takes; undefined when it takes all the rest. */
  readonly cap: bigint | undefined;
  /** cap - |quantity|; negative when the account breaks the cap, undefined without one. */
  readonly headroom: bigint | undefined;
}

/** What one holding adds to an account's margin. Money in value units. */
export interface MarginLine {
  /** Row of the table. */
  readonly index: number;
  /** Id of that row: of a second tier "BTC.2". */
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
  /** undefined for an instrument that is charged alike at every size. */
  readonly tier: TierUse | undefined;
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

/** Explains `evaluate` line by line, a line a row. Browser-safe. @throws UnknownInstrumentError */
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
      tier: tierUse(table, row, quantity),
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

function tierUse(table: MarketTable, row: MarketRow, quantity: bigint): TierUse | undefined {
  const tiers = tiersOf(table, row.index);
  const first = tiers[0] ?? row;
  if (tiers.length === 1 && row.cap === 0n) return undefined;
  const cap = row.cap === 0n ? undefined : row.cap;
  return {
    instrument: first.id,
    firstRow: first.index,
    number: row.index - first.index + 1,
    of: tiers.length,
    cap,
    headroom: cap === undefined ? undefined : cap - (quantity < 0n ? -quantity : quantity),
  };
}
