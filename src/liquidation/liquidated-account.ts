import { heldOf } from '../clearing/postings.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';
import { evaluate, type Margin } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import { instrumentsOf } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import { NotUnderWaterError } from './liquidation-errors.js';

/** Margin of an account under a table of either level. @throws UnknownInstrumentError */
export function marginOf(table: MarketTable, { slots }: Pick<ClearedOpening, 'slots'>): Margin {
  return evaluate(table, slots.filter(({ quantity }) => quantity !== 0n));
}

/** What an account holds by instrument: first tier and the sum over all tiers, zeros left out. Quanta. @throws UnknownInstrumentError */
export function positionsOf(table: MarketTable, { slots }: Pick<ClearedOpening, 'slots'>): readonly Holding[] {
  return instrumentsOf(table).flatMap(({ index }) => {
    const quantity = heldOf(table, slots, index);
    return quantity === 0n ? [] : [{ index, quantity }];
  });
}

/** @returns the margin under a maintenance table @throws NotUnderWaterError for an account that meets it */
export function requireUnderWater(maintenance: MarketTable, opening: Pick<ClearedOpening, 'slots'>): Margin {
  const margin = marginOf(maintenance, opening);
  if (!margin.healthy) return margin;
  throw new NotUnderWaterError('the account meets the maintenance table: show it healthy, nothing of it is sold');
}

/** Least excess of an account: below 0 exactly when it does not meet the table. Value units. */
export function leastExcess({ equity, requirement }: Pick<Margin, 'equity' | 'requirement'>): bigint {
  return equity - requirement;
}
