import { rational } from '../../fixed-point/rational.js';
import { ONE, times } from '../../fixed-point/real.js';
import type { MarginLevel } from '../market-table.js';
import { realOf, type BlackTerms } from '../option/black-76.js';
import { revalue, staysPositive } from '../option/revaluation.js';
import { quoteAt, volatilityIn, yearsTo, type SurfaceQuote, type VolatilitySurface } from '../option/volatility-surface.js';
import { RowBoundsError, SurfaceError } from '../parameter-set/parameter-errors.js';
import { PRICE_SCALE } from '../parameter-set/instruments.js';
import type { OptionSeries } from '../parameter-set/parameter-set.js';
import type { Scenario } from '../parameter-set/scenario.js';
import { RATE_SCALE } from '../row-terms.js';
import { optionBounds, optionValues, ratesAt, type RowValues } from '../row-values.js';
import type { PlannedRow } from './row-plan.js';

/** What all options of a table are valued at. */
export interface OptionMarket {
  readonly level: MarginLevel;
  readonly snapshotTime: number;
  readonly scenarios: readonly Scenario[];
  readonly surface: VolatilitySurface | undefined;
}

/** The values of an option row and the volatility behind them, ppm. @throws SurfaceError, RowBoundsError */
export function optionRow(row: PlannedRow & { readonly option: NonNullable<PlannedRow['option']> }, oraclePrice: bigint, market: OptionMarket):
RowValues & { readonly volatility: bigint } {
  const { series, strike } = row.option;
  const ranges = { scan: ratesAt(row.terms, market.level).scanRate, volatilityScan: series.volatilityScan[market.level] };
  for (const { name, priceMove, volatilityMove } of market.scenarios) {
    const refuse = (what: string): RowBoundsError =>
      new RowBoundsError(row.place, `the scenario "${name}" would take the ${what} of ${row.id} to zero or below: lower its range`);
    if (!staysPositive(priceMove, ranges.scan)) throw refuse('underlying');
    if (!staysPositive(volatilityMove, ranges.volatilityScan)) throw refuse('volatility');
  }
  const priceUnit = 10n ** BigInt(PRICE_SCALE);
  const spot = realOf(oraclePrice, priceUnit);
  const quote = quoteOf(row.id, series, market, { spot: oraclePrice, strike: strike.price });
  const terms: BlackTerms = {
    forward: times(spot, quote.forwardFactor), strike: realOf(strike.price, priceUnit),
    volatility: realOf(quote.volatility, RATE_SCALE), years: yearsTo(series.expiry, market.snapshotTime),
    discount: quote.discount, put: row.terms.put,
  };
  const unit = rational(row.terms.multiplier * priceUnit, 10n ** 18n);
  const made = revalue(terms, ranges, market.scenarios, unit);
  const { least, most } = optionBounds(oraclePrice, row.terms);
  if (made.mark < least || made.mark > most) {
    throw new RowBoundsError(
      row.place,
      `${row.id} comes out at ${made.mark} value units per quantum, outside [${least}, ${most}]: its forward or discount strays further from the index than `
        + 'the series\' basis allows, raise that or correct the surface',
    );
  }
  return { ...optionValues(oraclePrice, row.terms, market.level, made), volatility: quote.volatility };
}

function quoteOf(
  id: string, series: OptionSeries, { surface, snapshotTime }: OptionMarket, { spot, strike }: { readonly spot: bigint; readonly strike: bigint },
): SurfaceQuote {
  if (series.expiry <= snapshotTime) return expiredQuote(series, surface, spot, strike);
  if (surface === undefined) throw new SurfaceError(series.place, `${id} needs a volatility surface: give one`);
  const slices = (surface.byFeed.get(series.feed) ?? []).filter(({ expiry }) => expiry > snapshotTime);
  if (slices.length === 0) throw new SurfaceError({ file: surface.file, field: `surfaces.${series.feed}` }, `has no expiry after the snapshot, which ${id} needs: add one`);
  const quote = quoteAt(slices, { spot, strike, expiry: series.expiry, time: snapshotTime });
  if (quote.volatility < series.leastVolatility || quote.volatility > series.mostVolatility) {
    throw new SurfaceError(
      { file: surface.file, field: `surfaces.${series.feed}` },
      `the volatility of ${id} is ${quote.volatility} ppm, outside [${series.leastVolatility}, ${series.mostVolatility}]: correct the surface or the series' bounds`,
    );
  }
  return quote;
}

/**
 * Once expired nothing follows from volatility, but the row keeps carrying one, which the board holds to its bound of the last signed one:
 * that of the series' own slice while the surface still has it, else 0.
 */
function expiredQuote(series: OptionSeries, surface: VolatilitySurface | undefined, spot: bigint, strike: bigint): SurfaceQuote {
  const slice = surface?.byFeed.get(series.feed)?.find(({ expiry }) => expiry === series.expiry);
  return { volatility: slice === undefined ? 0n : volatilityIn(slice, strike, spot), forwardFactor: ONE, discount: ONE };
}
