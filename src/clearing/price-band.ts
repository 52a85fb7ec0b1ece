import type { TradeTerms } from '../commitment/trade-commitment.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import { PriceOutsideBandError } from './clearing-errors.js';

/** Bands are ppm. */
const PPM = 1_000_000n;

/**
 * Whether a trade's price is close enough to the mark. The short charge counts as mark, because an option far out of the money has
 * none to speak of; one quantum of the row paid in is let pass as rounding.
 *
 * @param band ppm
 */
export function isInBand(table: MarketTable, { row, payRow, quantity, payment }: Pick<TradeTerms, 'row' | 'payRow' | 'quantity' | 'payment'>, band: number): boolean {
  const [traded, paid] = [rowAt(table, row), rowAt(table, payRow)];
  const difference = payment * paid.mark - quantity * traded.mark;
  const allowed = BigInt(band) * quantity * (traded.mark + traded.shortCharge) + PPM * paid.mark;
  return (difference < 0n ? -difference : difference) * PPM <= allowed;
}

/** @throws PriceOutsideBandError */
export function requireInBand(table: MarketTable, trade: TradeTerms, band: number): void {
  if (isInBand(table, trade, band)) return;
  const [traded, paid] = [rowAt(table, trade.row), rowAt(table, trade.payRow)];
  const fair = paid.mark === 0n ? 0n : (trade.quantity * traded.mark) / paid.mark;
  throw new PriceOutsideBandError(
    `${trade.payment} quanta of ${paid.id} for ${trade.quantity} of ${traded.id} are further from the mark, ${fair}, than the venue's band of ${band} ppm: agree on another price`,
    { row: trade.row, band, mark: fair },
  );
}
