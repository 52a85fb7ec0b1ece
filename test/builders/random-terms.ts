import fc from 'fast-check';
import { RATE_LIMIT, type RowTerms } from '../../src/risk/row-terms.js';

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
