import { formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import { WithdrawalError } from '../../proving/account-errors.js';
import type { MarketRow, MarketTable } from '../../risk/market-table.js';
import { settlementRows, tiersOf } from '../../risk/tiers.js';
import type { Holding } from '../../venue/account.js';

const MAX_AMOUNT = 2n ** 64n - 1n;

/** A cash or spot instrument of a table by its id. @throws WithdrawalError */
export function settlementRowOf(table: MarketTable, instrument: string): MarketRow {
  const rows = settlementRows(table);
  const row = rows.find(({ id }) => id === instrument);
  if (row !== undefined) return row;
  throw new WithdrawalError(`"${instrument}" is no cash or spot instrument of the table: it has ${rows.map(({ id }) => id).join(', ')}`, { instrument });
}

/** A decimal quantity of a row as quanta. @throws WithdrawalError */
export function quantaOf(row: MarketRow, amount: string): bigint {
  let quanta: bigint;
  try {
    quanta = parseDecimal(amount, row.quantityDecimals);
  } catch (cause) {
    throw new WithdrawalError(`"${amount}" is no quantity of ${row.id}: write a plain decimal with at most ${row.quantityDecimals} decimals`, { amount }, { cause });
  }
  if (quanta <= 0n || quanta > MAX_AMOUNT) throw new WithdrawalError(`${amount} of ${row.id} cannot be withdrawn: it must be more than nothing and below 2^64 quanta`, { amount });
  return quanta;
}

/**
 * The row that pays: of the tiers of the instrument that hold enough the highest, for that one is charged most. A proof takes from one
 * row, and a leaf pays once: with the highest that is held alone, what little stands there would be all that can leave in an epoch.
 *
 * @throws WithdrawalError when none holds `quanta`
 */
export function payingRow(table: MarketTable, holdings: readonly Holding[], instrument: string, quanta: bigint): MarketRow {
  const tiers = tiersOf(table, settlementRowOf(table, instrument).index);
  const held = tiers.flatMap((row) => holdings.filter(({ index, quantity }) => index === row.index && quantity > 0n).map(({ quantity }) => ({ row, quantity })));
  const [first, ...others] = held;
  if (first === undefined) throw new WithdrawalError(`the account holds no ${instrument}`, { instrument });
  const paying = held.filter(({ quantity }) => quantity >= quanta).at(-1);
  if (paying !== undefined) return paying.row;
  const largest = others.reduce((most, one) => (one.quantity > most.quantity ? one : most), first);
  const [asked, most] = [quanta, largest.quantity].map((value) => formatDecimal(value, largest.row.quantityDecimals));
  throw new WithdrawalError(`${asked} of ${instrument} are more than the ${most} that the account holds in its row ${largest.row.id}: withdraw no more at once`, { instrument });
}
