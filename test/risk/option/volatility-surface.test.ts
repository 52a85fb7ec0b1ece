import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ONE, over, squareRoot } from '../../../src/fixed-point/real.js';
import { findArbitrage } from '../../../src/risk/option/arbitrage.js';
import { quoteAt, totalVariance, moneynessOf, YEAR_SECONDS, yearsTo, type SurfaceQuote, type SurfaceSlice } from '../../../src/risk/option/volatility-surface.js';
import { edited, examplePrices, exampleSurface, riskFile } from '../../builders/risk-files.js';

const surface = exampleSurface();
const slices = surface.byFeed.get('BTC-USD') ?? [];
const [near, far] = slices as [SurfaceSlice, SurfaceSlice];
const SPOT = 10n ** 13n;
const { time } = surface;
const at = (strike: bigint, expiry: number): SurfaceQuote => quoteAt(slices, { spot: SPOT, strike, expiry, time });
const PRICE = 10n ** 8n;

describe('a volatility surface', () => {
  it('gives its listed points as they stand', () => {
    for (const slice of slices) {
      for (const { strike, volatility } of slice.points) {
        assert.deepEqual(at(strike, slice.expiry), { volatility, forwardFactor: slice.forwardFactor, discount: slice.discount });
      }
    }
  });

  it('lies between its neighbours between strikes, linear in variance over log-moneyness', () => {
    assert.deepEqual([at(90_000n * PRICE, near.expiry).volatility, at(110_000n * PRICE, near.expiry).volatility], [539_254n, 515_900n]);
    fc.assert(fc.property(fc.bigInt({ min: 80_000n, max: 100_000n }), (strike) => {
      const { volatility } = at(strike * PRICE, near.expiry);
      assert.ok(volatility <= 580_000n && volatility >= 500_000n);
    }));
  });

  it('is flat beyond its first and last strike and its last expiry', () => {
    assert.deepEqual([at(PRICE, near.expiry).volatility, at(9_000_000n * PRICE, near.expiry).volatility], [580_000n, 530_000n]);
    const beyond = at(9_000_000n * PRICE, far.expiry + 86_400);
    assert.deepEqual(beyond, { volatility: 520_000n, forwardFactor: far.forwardFactor, discount: far.discount });
    assert.equal(at(PRICE, near.expiry - 86_400).volatility, 580_000n);
  });

  it('has total variance linear in time between expiries at one log-moneyness, forward and discount linear, too', () => {
    const middle = (near.expiry + far.expiry) / 2;
    const { volatility, forwardFactor, discount } = at(100_000n * PRICE, middle);
    assert.deepEqual([forwardFactor, discount], [(near.forwardFactor + far.forwardFactor) / 2n, (near.discount + far.discount) / 2n]);
    const moneyness = moneynessOf({ ...near, forwardFactor }, 100_000n * PRICE, SPOT);
    const [before, after] = [near, far].map((slice) => totalVariance(slice, moneyness, SPOT, time)) as [bigint, bigint];
    const expected = squareRoot(over((before + after) / 2n, yearsTo(middle, time)));
    assert.ok(volatility - (expected * 10n ** 6n) / ONE <= 1n && volatility > 500_000n && volatility < 510_000n);
  });

  it('counts years of 365 days', () => {
    assert.equal(yearsTo(time + Number(YEAR_SECONDS), time), ONE);
    assert.ok(yearsTo(time - 1, time) < 0n);
  });
});

describe('the checks for arbitrage', () => {
  const found = (path: string, value: string): string[] => {
    const bent = exampleSurface(edited(riskFile('surface'), path, value));
    return [...new Set(findArbitrage(bent, examplePrices().time, () => SPOT).map(({ kind, size }) => (size > 0n ? kind : 'empty')))];
  };

  it('find none in the example', () => {
    assert.deepEqual(findArbitrage(surface, time, () => SPOT), []);
  });

  it('find a later expiry with less total variance', () => {
    assert.deepEqual(found('surfaces.BTC-USD[1].points[1].volatility', '0.3'), ['calendar']);
  });

  it('find a call dearer than its neighbours together, and one dearer than a lower strike', () => {
    assert.ok(found('surfaces.BTC-USD[1].points[1].volatility', '1.2').includes('butterfly'));
    assert.ok(found('surfaces.BTC-USD[1].points[2].volatility', '2.5').includes('monotone'));
  });

  it('find a call cheaper than a lower strike by more than the strikes differ', () => {
    assert.ok(found('surfaces.BTC-USD[1].points[0].volatility', '3').includes('monotone'));
  });

  it('leave out expiries that are past and underlyings without a price', () => {
    const bent = exampleSurface(edited(riskFile('surface'), 'surfaces.BTC-USD[1].points[1].volatility', '0.3'));
    assert.deepEqual(findArbitrage(bent, near.expiry, () => SPOT), []);
    assert.deepEqual(findArbitrage(bent, time, () => undefined), []);
  });

  it('say where, and how much', () => {
    const bent = exampleSurface(edited(riskFile('surface'), 'surfaces.BTC-USD[1].points[1].volatility', '0.3'));
    const [first] = findArbitrage(bent, time, () => SPOT);
    assert.equal(first?.place.field, 'surfaces.BTC-USD[1]');
    assert.match(first?.message ?? '', /BTC-USD, expiry 1772179200, at the moneyness of strike \d+: total variance is less than at expiry 1769760000/);
  });
});
