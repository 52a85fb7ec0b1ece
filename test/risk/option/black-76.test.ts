import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseDecimal } from '../../../src/fixed-point/decimal.js';
import { ONE, times } from '../../../src/fixed-point/real.js';
import { blackPrice, intrinsic, type BlackTerms } from '../../../src/risk/option/black-76.js';

interface Vector {
  readonly forward: string;
  readonly strike: string;
  readonly volatility: string;
  readonly years: string;
  readonly discount: string;
  readonly call: string;
  readonly put: string;
}

const { options } = JSON.parse(readFileSync('test/vectors/risk/black-76.json', 'utf8')) as { readonly options: readonly Vector[] };
const SLACK = 10n ** 12n;
const real = (text: string): bigint => parseDecimal(text.slice(0, 90), 36, 'floor') * 10n ** 4n;
const size = (value: bigint): bigint => (value < 0n ? -value : value);
const priceOf = (terms: Omit<BlackTerms, 'put'>, put: boolean): bigint => blackPrice({ ...terms, put });

const between = (least: string, most: string): fc.Arbitrary<bigint> => fc.bigInt({ min: real(least), max: real(most) });
const terms: fc.Arbitrary<Omit<BlackTerms, 'put'>> = fc.record({
  forward: between('1', '1000'), strike: between('1', '1000'), volatility: between('0.01', '5'), years: between('0.0001', '3'), discount: between('0.5', '1.5'),
});

describe('option prices by Black-76', () => {
  for (const vector of options) {
    it(`are the closed form's for F=${vector.forward} K=${vector.strike} vol=${vector.volatility} T=${vector.years}`, () => {
      const at = {
        forward: real(vector.forward), strike: real(vector.strike), volatility: real(vector.volatility), years: real(vector.years), discount: real(vector.discount),
      };
      for (const type of ['call', 'put'] as const) {
        // Vectors have 50 significant digits, of which 36 decimals are read; 10^-34 of the price level is the stated error.
        const allowed = 10n ** 5n + (at.forward > at.strike ? at.forward : at.strike) / 10n ** 34n;
        assert.ok(size(priceOf(at, type === 'put') - real(vector[type])) <= allowed, `${type} ${priceOf(at, type === 'put')}`);
      }
    });
  }

  it('keep put-call parity', () => {
    fc.assert(fc.property(terms, (at) => {
      const parity = times(at.discount, at.forward - at.strike);
      assert.ok(size(priceOf(at, false) - priceOf(at, true) - parity) < SLACK);
    }), { numRuns: 200 });
  });

  it('lie between what exercise brings and what the option is on', () => {
    fc.assert(fc.property(terms, fc.boolean(), (at, put) => {
      const price = priceOf(at, put);
      assert.ok(price >= times(at.discount, intrinsic(at.forward, at.strike, put)) && price >= 0n);
      assert.ok(price <= times(at.discount, put ? at.strike : at.forward) + SLACK);
    }), { numRuns: 200 });
  });

  it('rise with volatility and time, fall with the strike of a call and rise with that of a put, and are convex in it', () => {
    fc.assert(fc.property(terms, between('0.001', '1'), (at, step) => {
      const more = (change: Partial<BlackTerms>, put: boolean): bigint => priceOf({ ...at, ...change }, put);
      for (const put of [false, true]) {
        assert.ok(more({ volatility: at.volatility + step }, put) >= priceOf(at, put) - SLACK);
        assert.ok(more({ years: at.years + step }, put) >= priceOf(at, put) - SLACK);
        const [middle, high] = [more({ strike: at.strike + step }, put), more({ strike: at.strike + 2n * step }, put)];
        assert.ok(put ? middle >= priceOf(at, put) - SLACK : middle <= priceOf(at, put) + SLACK);
        assert.ok(2n * middle <= priceOf(at, put) + high + SLACK);
      }
    }), { numRuns: 100 });
  });

  it('are what exercise brings, discounted, once expired or without volatility', () => {
    const at = { forward: real('110'), strike: real('100'), volatility: real('0.5'), years: 0n, discount: real('0.5') };
    assert.equal(priceOf(at, false), 5n * ONE);
    assert.equal(priceOf(at, true), 0n);
    assert.equal(priceOf({ ...at, years: -ONE }, false), 5n * ONE);
    assert.equal(priceOf({ ...at, years: ONE, volatility: 0n }, false), 5n * ONE);
  });

  it('come near the forward and the strike as volatility grows', () => {
    const at = { forward: real('110'), strike: real('100'), volatility: real('30'), years: ONE, discount: ONE };
    assert.ok(at.forward - priceOf(at, false) < SLACK && at.strike - priceOf(at, true) < SLACK);
  });
});
