import { MAX_QUANTITY } from '../venue/account.js';
import type { MarketRow } from './market-table.js';

/** The values of a row that bound what a holding of it can add to an excess. */
export type ListedValues = Pick<MarketRow, 'mark' | 'longCharge' | 'shortCharge' | 'pnl'>;

/**
 * The largest |quantity| in quanta that one account may hold in a row, so that K such holdings keep every excess inside
 * W bits: quantity * (|mark| + max|pnl| + charge) < 2^(W-1) / K. Beyond it one account blocks its batch. Never above 2^64 - 1.
 *
 * @param slots K, at least 1
 * @param excessBits W
 */
export function listingLimit(row: ListedValues, slots: number, excessBits: number): bigint {
  const charge = row.longCharge > row.shortCharge ? row.longCharge : row.shortCharge;
  const move = row.pnl.map(magnitude).reduce((most, one) => (one > most ? one : most), 0n);
  const perQuantum = magnitude(row.mark) + move + charge;
  if (perQuantum === 0n) return MAX_QUANTITY;
  const limit = ((1n << BigInt(excessBits - 1)) - 1n) / (perQuantum * BigInt(slots));
  return limit < MAX_QUANTITY ? limit : MAX_QUANTITY;
}

/**
 * The largest |quantity| in quanta that one account may hold of an instrument over its tiers: each tier's part stays within
 * that tier's own limit and cap. Never above 2^64 - 1.
 *
 * @param tiers rows of the instrument, lowest first
 */
export function instrumentLimit(tiers: readonly (ListedValues & Pick<MarketRow, 'cap'>)[], slots: number, excessBits: number): bigint {
  let total = 0n;
  for (const tier of tiers) {
    const limit = listingLimit(tier, slots, excessBits);
    const isFilled = tier.cap !== 0n && tier.cap <= limit;
    total += isFilled ? tier.cap : limit;
    if (!isFilled) break;
  }
  return total < MAX_QUANTITY ? total : MAX_QUANTITY;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
