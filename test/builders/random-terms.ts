import fc from 'fast-check';
import type { MarginLevel, MarketTable } from '../../src/risk/market-table.js';
import { MAX_MOVE, RATE_LIMIT, type RowTerms } from '../../src/risk/row-terms.js';
import { optionBounds } from '../../src/risk/row-values.js';
import { INSTRUMENT_KINDS, type InstrumentKind } from '../../src/venue/instrument.js';
import { termedTable } from './termed-market.js';

/** Any rate, those at the ends of their 24 bits more often. */
const rate = fc.oneof(fc.constantFrom(0n, 1n, RATE_LIMIT - 1n), fc.bigInt(0n, RATE_LIMIT - 1n));
const level = fc.record({ longRate: rate, shortRate: rate, scanRate: rate });

/** Terms of any rates, of no option and not exact; values made from them need not fit a table. */
export function arbitraryTerms(): fc.Arbitrary<RowTerms> {
  return fc.record({
    multiplier: fc.bigInt(0n, 2n ** 64n - 1n), maintenance: level, initial: level, basisRate: rate,
    exact: fc.constant(false), put: fc.constant(false), strike: fc.constant(0n),
  });
}

const price = fc.bigInt(1n, 10n ** 13n);
/** At most 10^13 * 10^18 / 10^18: base values below 2^44, so that units of rates below 2^18 lie below 2^38. */
const multiplier = fc.bigInt(1n, 10n ** 18n);
const smallRate = fc.oneof(fc.constantFrom(0n, 1n, 1_000_000n), fc.bigInt(0n, 2n ** 18n - 1n));
const smallScan = fc.oneof(fc.constantFrom(0n, 1n), fc.bigInt(0n, 2n ** 18n - 1n));
const smallLevel = fc.record({ longRate: smallRate, shortRate: smallRate, scanRate: smallScan });
const move = fc.integer({ min: -MAX_MOVE, max: MAX_MOVE });

/** A row of any kind whose values fit a table; the option's mark and P&L are somewhere inside its bounds. */
const sketch = fc.record({
  kind: fc.constantFrom(...INSTRUMENT_KINDS.slice(1)) as fc.Arbitrary<InstrumentKind>, price, multiplier, exact: fc.boolean(), put: fc.boolean(),
  maintenance: smallLevel, initial: smallLevel, basisRate: smallScan, strike: fc.bigInt(0n, 2n ** 44n), volatility: fc.bigInt(1n, 2n ** 32n - 1n),
  place: fc.bigInt(0n, 1_000n), moved: fc.tuple(fc.bigInt(0n, 2n ** 47n - 1n), fc.bigInt(0n, 2n ** 47n - 1n)),
}).map(({ kind, exact, put, strike, volatility, place, moved, price: own, ...rates }) => {
  const isOption = kind === 'option';
  // An exact row has a price and multiplier without remainder.
  const round = exact && !isOption ? { price: (own / 1_000n + 1n) * 100n, multiplier: 10n ** 16n } : { price: own, multiplier: rates.multiplier };
  const terms: RowTerms = { ...rates, multiplier: round.multiplier, exact: exact && !isOption, put: isOption && put, strike: isOption ? strike : 0n };
  if (!isOption) return { kind, price: round.price, terms };
  const { least, most } = optionBounds(own, terms);
  const mark = least + ((most - least) * place) / 1_000n;
  return { kind, price: own, terms, option: { mark, pnl: moved.map((after) => after - 1n - mark), volatility } };
});

/** Tables of one level that follow from random prices and parameters, without tiers. */
export function arbitraryTable(level: MarginLevel, most: number): fc.Arbitrary<MarketTable> {
  const moves = fc.tuple(fc.record({ price: move, basis: move }), fc.record({ price: move, basis: move }));
  return fc.tuple(fc.array(sketch, { minLength: 1, maxLength: most }), moves)
    .map(([sketches, own]) => termedTable(sketches.map((each, row) => ({ ...each, id: `ROW${row}` })), level, own));
}
