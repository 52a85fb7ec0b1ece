import type { MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import type { TransitionAct } from '../statement/transition.js';
import type { Holding } from '../venue/account.js';

/** One of the three postings of a transition: what it adds to which row. */
export interface NamedPosting {
  /** First tier of the instrument. */
  readonly row: number;
  /** Quanta, signed. */
  readonly total: bigint;
}

/** What a transition posts, and what the circuit is shown beside it. */
export interface TransitionPostings {
  /** At the places that circuits give them; undefined where nothing is named. */
  readonly postings: readonly [NamedPosting | undefined, NamedPosting | undefined, NamedPosting | undefined];
  /** What was held of an expiring instrument; 0 of other acts. */
  readonly held: bigint;
  /** What an expiry or a funding pays, rounded down; 0 of other acts. */
  readonly settled: bigint;
}

/** Rates of funding are 10^-6 quanta of the pay row. */
const RATE_SCALE = 1_000_000n;

/**
 * What an act posts to an account. It judges nothing: that is the circuit's part.
 *
 * @param before slots or row-level holdings
 * @throws UnknownInstrumentError for a holding beyond the table's rows
 */
export function transitionPostings(table: MarketTable, before: readonly Holding[], act: TransitionAct): TransitionPostings {
  switch (act.kind) {
    case 'collateral':
      return {
        postings: [act.in && { row: act.in.row, total: act.in.amount }, act.out && { row: act.out.row, total: -act.out.amount }, undefined], held: 0n, settled: 0n,
      };
    case 'trade': {
      const { row, payRow, quantity, payment } = act.trade;
      const sign = act.seller ? -1n : 1n;
      return { postings: [{ row, total: sign * quantity }, { row: payRow, total: -sign * payment }, undefined], held: 0n, settled: 0n };
    }
    case 'expiry': {
      const held = heldInGroup(table, before, rowAt(table, act.row).group);
      const settled = floorDivision(held * act.value, act.unit);
      return { postings: [some(act.row, -held), some(act.payRow, settled), some(act.deliverRow, held * act.deliver)], held, settled };
    }
    case 'funding': {
      const owed = act.rates.reduce((sum, { group, rate }) => sum + rate * heldInGroup(table, before, group), 0n);
      const settled = floorDivision(-owed, RATE_SCALE);
      return { postings: [undefined, some(act.payRow, settled), undefined], held: 0n, settled };
    }
  }
}

function heldInGroup(table: MarketTable, holdings: readonly Holding[], group: number): bigint {
  return holdings.reduce((sum, { index, quantity }) => (quantity !== 0n && rowAt(table, index).group === group ? sum + quantity : sum), 0n);
}

/** A row that gets nothing need not stand in the account. */
function some(row: number, total: bigint): NamedPosting | undefined {
  return total === 0n ? undefined : { row, total };
}

/** Rounded towards minus infinity; 0 where the divisor is no unit, of which no proof exists. */
function floorDivision(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) return 0n;
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
