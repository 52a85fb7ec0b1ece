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
 * The row that pays: the highest tier of the instrument that the account holds, for that one is charged most.
 *
 * @throws WithdrawalError when it holds less than `quanta` there
 */
export function payingRow(table: MarketTable, holdings: readonly Holding[], instrument: string, quanta: bigint): MarketRow {
  const tiers = tiersOf(table, settlementRowOf(table, instrument).index);
  const held = tiers.flatMap((row) => holdings.filter(({ index, quantity }) => index === row.index && quantity > 0n).map(({ quantity }) => ({ row, quantity }))).at(-1);
  if (held === undefined) throw new WithdrawalError(`the account holds no ${instrument}`, { instrument });
  if (quanta > held.quantity) {
    const [asked, most] = [quanta, held.quantity].map((value) => formatDecimal(value, held.row.quantityDecimals));
    throw new WithdrawalError(`${asked} of ${held.row.id} are more than the ${most} that the account holds there`, { instrument });
  }
  return held.row;
}
