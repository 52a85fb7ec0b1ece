import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextRange, type RangeState } from '../../../src/risk/model/anti-procyclicality.js';
import { boundedUpdate, highestAfter, lowestAfter } from '../../../src/risk/model/bounded-update.js';
import { correlationLowerBound, offsetCredit } from '../../../src/risk/model/correlation-offset.js';
import { liquidityAddOn } from '../../../src/risk/model/liquidity.js';
import { ModelNumberError, ModelSettingsError } from '../../../src/risk/model/model-errors.js';
import { chargePpm, creditPpm, PPM, ratioOf } from '../../../src/risk/model/parts-per-million.js';
import { checkSettings, DEFAULT_SETTINGS, LEAST_RANGE, type ModelSettings } from '../../../src/risk/model/settings.js';
import { coinMoves, normal } from '../../builders/price-series.js';

const RULES = { bufferPpm: 250_000n, maxRisePpm: 300_000n, maxFallPpm: 50_000n };
const forecasts = fc.array(fc.record({ base: fc.bigInt({ min: 0n, max: PPM }), longRun: fc.bigInt({ min: 0n, max: 400_000n }) }), { minLength: 2, maxLength: 60 });
const rules = fc.record({
  bufferPpm: fc.bigInt({ min: 0n, max: PPM }), maxRisePpm: fc.bigInt({ min: 1_000n, max: 2n * PPM }), maxFallPpm: fc.bigInt({ min: 0n, max: PPM }),
});

describe('ppm from statistics', () => {
  it('rounds charges up and credits down', () => {
    assert.deepEqual([chargePpm(0.1234561), creditPpm(0.1234569), chargePpm(0), creditPpm(1)], [123_457n, 123_456n, 0n, PPM]);
    fc.assert(fc.property(fc.double({ min: 0, max: 900, noNaN: true }), (ratio) => {
      assert.ok(ratioOf(chargePpm(ratio)) >= ratio * (1 - 1e-15) && ratioOf(creditPpm(ratio)) <= ratio * (1 + 1e-15));
    }), { seed: 5 });
  });

  it('refuses what is no ratio', () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -0.000001, 1001]) {
      assert.throws(() => chargePpm(wrong), ModelNumberError);
      assert.throws(() => creditPpm(wrong), ModelNumberError);
    }
  });
});

describe('rules of an update', () => {
  const walk = (steps: readonly { base: bigint; longRun: bigint }[], by: typeof RULES): RangeState[] => {
    const states: RangeState[] = [];
    for (const step of steps) states.push(nextRange(states.at(-1), step, by, PPM));
    return states;
  };

  it('never change a range by more than the bounds', () => {
    fc.assert(fc.property(forecasts, rules, (steps, by) => {
      walk(steps, by).reduce((before, after) => {
        assert.ok(after.range * PPM <= before.range * (PPM + by.maxRisePpm), `rise ${before.range} to ${after.range}`);
        assert.ok(after.range * PPM >= before.range * (PPM - by.maxFallPpm), `fall ${before.range} to ${after.range}`);
        return after;
      });
    }), { seed: 31 });
  });

  it('never let a range below its floor, nor the floor below the least range', () => {
    fc.assert(fc.property(forecasts, rules, (steps, by) => {
      for (const { range, floor } of walk(steps, by)) {
        assert.ok(range >= floor, `${range} below ${floor}`);
        assert.ok(floor >= LEAST_RANGE && range <= PPM);
      }
    }), { seed: 32 });
  });

  it('ask at least the forecast where the bound allows it', () => {
    fc.assert(fc.property(forecasts, rules, (steps, by) => {
      const states = walk(steps, by);
      states.slice(1).forEach((state, i) => {
        const reachable = highestAfter((states[i] as RangeState).range, by);
        const { base } = steps[i + 1] as (typeof steps)[number];
        assert.ok(state.range >= (base < reachable ? base : reachable));
      });
    }), { seed: 33 });
  });

  it('never give more volatile forecasts a smaller range', () => {
    fc.assert(fc.property(forecasts, rules, fc.bigInt({ min: 0n, max: 50_000n }), (steps, by, more) => {
      const higher = walk(steps.map(({ base, longRun }) => ({ base: base + more > PPM ? PPM : base + more, longRun: longRun + more })), by);
      walk(steps, by).forEach((state, i) => assert.ok((higher[i] as RangeState).range >= state.range));
    }), { seed: 34 });
  });

  it('hold a range still while the forecast uses up its buffer, and let it down to forecast and buffer', () => {
    const start = nextRange(undefined, { base: 100_000n, longRun: 0n }, RULES);
    assert.equal(start.range, 125_000n);
    const within = nextRange(start, { base: 124_000n, longRun: 0n }, RULES);
    assert.equal(within.range, 125_000n);
    const beyond = nextRange(within, { base: 140_000n, longRun: 0n }, RULES);
    assert.equal(beyond.range, 140_000n);
    const bounded = nextRange(beyond, { base: 500_000n, longRun: 0n }, RULES);
    assert.equal(bounded.range, 182_000n);
    const calm = nextRange(bounded, { base: 100_000n, longRun: 0n }, RULES);
    assert.equal(calm.range, 172_900n);
  });

  it('round bounds inwards', () => {
    assert.deepEqual([highestAfter(1_001n, RULES), lowestAfter(1_001n, RULES)], [1_301n, 951n]);
    assert.deepEqual([boundedUpdate(1_001n, 5_000n, RULES), boundedUpdate(1_001n, 1n, RULES), boundedUpdate(1_001n, 1_100n, RULES)], [1_301n, 951n, 1_100n]);
  });
});

describe('liquidity add-on', () => {
  const settings = { referenceValue: 1_000_000n, volumeDays: 5, coefficientPpm: PPM, assumedParticipationPpm: 250_000n };

  it('is volatility times the root of the position\'s share of the median volume', () => {
    assert.equal(liquidityAddOn([1e12, 4e6, 1e6, 9e9, 4e6, undefined], 0.04, { ...settings, volumeDays: 6 }), 20_000n);
    assert.equal(liquidityAddOn([1e6, 1e8, 1e8, 1e8, 1e8, 1e8], 0.04, settings), 4_000n);
  });

  it('takes the assumed share where no volume is known', () => {
    assert.equal(liquidityAddOn([undefined, undefined], 0.04, settings), 20_000n);
    assert.equal(liquidityAddOn([], 0.04, settings), 20_000n);
  });

  it('costs at most the whole position', () => {
    assert.equal(liquidityAddOn([1], 0.04, settings), PPM);
  });

  it('never falls with less volume', () => {
    fc.assert(fc.property(fc.double({ min: 1e4, max: 1e12, noNaN: true }), fc.double({ min: 1, max: 100, noNaN: true }), (volume, times) => {
      assert.ok(liquidityAddOn([volume / times], 0.03, settings) >= liquidityAddOn([volume], 0.03, settings));
    }), { seed: 41 });
  });
});

describe('offset of a pair', () => {
  const settings = DEFAULT_SETTINGS.correlation;

  it('gives back the credit share of 1 - sqrt(1 - rho^2), rounded down, and nothing without correlation', () => {
    // 0.8 * (1 - 0.8) in binary lies a hair below 0.16.
    assert.equal(offsetCredit(0.6, settings), 159_999n);
    assert.equal(offsetCredit(0.8, { ...settings, creditSharePpm: 333_333n }), 133_333n);
    assert.deepEqual([-1, -0.5, 0, Number.NaN].map((rho) => offsetCredit(rho, settings)), [0n, 0n, 0n, 0n]);
    assert.equal(offsetCredit(1, settings), settings.creditSharePpm);
  });

  it('rests on a bound below what was measured, and on nothing where history is short', () => {
    const common = coinMoves(51, 900);
    const noise = normal(52);
    const other = common.map((move) => move + 0.02 * noise());
    const bound = correlationLowerBound(common, other, settings);
    assert.ok(bound > 0.3 && bound < 0.85, String(bound));
    assert.equal(correlationLowerBound(common.slice(0, 89), other.slice(0, 89), settings), -1);
    assert.equal(correlationLowerBound(new Array<number>(100).fill(0), other.slice(0, 100), settings), -1);
  });

  it('does not rise when a window in which the pair parted is added to the look-back', () => {
    const common = coinMoves(53, 600);
    const parted = common.map((move, i) => (i >= 300 && i < 390 ? -move : move));
    assert.ok(correlationLowerBound(common, parted, settings) < 0);
    assert.ok(correlationLowerBound(common, parted, { ...settings, lookbackDays: 180 }) > 0.9);
  });
});

describe('settings', () => {
  const refused: readonly (readonly [string, Partial<ModelSettings>])[] = [
    ['confidencePpm', { confidencePpm: PPM }],
    ['lambdaPpm', { lambdaPpm: 0n }],
    ['warmUpDays', { warmUpDays: 99 }],
    ['marginPeriodDays', { marginPeriodDays: 0.5 }],
    ['maxFallPpm', { maxFallPpm: PPM + 1n }],
    ['bufferPpm', { bufferPpm: -1n }],
    ['liquidity.volumeDays', { liquidity: { ...DEFAULT_SETTINGS.liquidity, volumeDays: 0 } }],
    ['correlation.lookbackDays', { correlation: { ...DEFAULT_SETTINGS.correlation, lookbackDays: 10 } }],
  ];
  for (const [name, wrong] of refused) {
    it(`are refused when ${name} cannot be`, () => {
      assert.throws(() => checkSettings({ ...DEFAULT_SETTINGS, ...wrong }), (error) => error instanceof ModelSettingsError && error.details['setting'] === name);
    });
  }

  it('are sound by default', () => checkSettings(DEFAULT_SETTINGS));
});
