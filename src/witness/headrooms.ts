import { NO_CAP } from '../commitment/table-digests.js';
import type { MarketTable } from '../risk/market-table.js';
import type { Holding } from '../venue/account.js';

/**
 * What each of the first `tieredSlots` slots could still take: cap - |quantity|, quanta. Rows without a cap are taken to hold 2^64,
 * indices that are not listed nothing. Negative where a slot holds more than its cap: no batch circuit accepts that.
 */
export function headroomsOf(table: MarketTable, slots: readonly Holding[], tieredSlots: number): bigint[] {
  return slots.slice(0, tieredSlots).map(({ index, quantity }) => {
    const row = table.rows[index];
    const cap = row === undefined ? 0n : row.cap === 0n ? NO_CAP : row.cap;
    return cap - (quantity < 0n ? -quantity : quantity);
  });
}
