import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';

/** What an account is worth and what it needs, exact, in value units (10^-valueScale of the settlement currency). */
export interface Margin {
  /** V: sum of quantity * mark. Negative when debts exceed assets. */
  readonly equity: bigint;
  /** C >= 0: what the positions take off margin whatever happens. */
  readonly charges: bigint;
  /** P_1..P_S: gain (+) or loss (-) of the whole account in each scenario of the table. */
  readonly scenarioPnl: readonly bigint[];
  /** E_0..E_S: V - C + P_s, with P_0 = 0 for prices as they are. */
  readonly excess: readonly bigint[];
  /** R >= 0: C plus the largest loss over all scenarios, the one without a move included. */
  readonly requirement: bigint;
  /** Whether every excess is at least 0, which is V >= R. */
  readonly healthy: boolean;
  /** max(0, -E_0): what closing the account out at charged prices would leave unpaid. */
  readonly shortfall: bigint;
  /** max(0, -V); never above the shortfall. */
  readonly badDebt: bigint;
}

/**
 * The reference margin engine: protocol.md section 2 word for word, in integers without rounding. The circuits compute the same.
 * Browser-safe. Requires row-level holdings with distinct indices: an instrument with tiers is split first (splitIntoTiers).
 *
 * @throws UnknownInstrumentError for a holding beyond the table's rows
 */
export function evaluate(table: MarketTable, holdings: readonly Holding[]): Margin {
  let equity = 0n;
  let charges = 0n;
  const scenarioPnl = table.scenarios.map(() => 0n);
  for (const { index, quantity } of holdings) {
    const row = rowAt(table, index);
    equity += quantity * row.mark;
    charges += chargeOf(row, quantity);
    row.pnl.forEach((pnl, scenario) => {
      scenarioPnl[scenario] = (scenarioPnl[scenario] ?? 0n) + quantity * pnl;
    });
  }
  const withoutMove = equity - charges;
  const excess = [withoutMove, ...scenarioPnl.map((pnl) => withoutMove + pnl)];
  const worst = excess.reduce((least, one) => (one < least ? one : least));
  return {
    equity,
    charges,
    scenarioPnl,
    excess,
    requirement: equity - worst,
    healthy: worst >= 0n,
    shortfall: withoutMove < 0n ? -withoutMove : 0n,
    badDebt: equity < 0n ? -equity : 0n,
  };
}

/** What a holding takes off margin whatever happens, value units, >= 0. */
export function chargeOf(row: MarketRow, quantity: bigint): bigint {
  return quantity < 0n ? -quantity * row.shortCharge : quantity * row.longCharge;
}
