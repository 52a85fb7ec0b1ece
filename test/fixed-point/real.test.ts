import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseDecimal } from '../../src/fixed-point/decimal.js';
import {
  exponential, integerRoot, naturalLog, normalProbability, ONE, over, squareRoot, times,
} from '../../src/fixed-point/real.js';

type Pairs = readonly (readonly [argument: string, value: string])[];

const vectors = JSON.parse(readFileSync('test/vectors/risk/black-76.json', 'utf8')) as Record<'log' | 'exp' | 'root' | 'cdf', Pairs>;
const real = (text: string): bigint => (parseDecimal(text.slice(0, 90), 36, 'floor') * ONE) / 10n ** 36n;
/** A vector's digits beyond the 36th, too. */
const exactReal = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole) * ONE + BigInt(fraction.slice(0, 40).padEnd(40, '0'));
  return text.startsWith('-') ? -magnitude : magnitude;
};
const size = (value: bigint): bigint => (value < 0n ? -value : value);
const deviations = fc.bigInt({ min: -12n * ONE, max: 12n * ONE });

describe('real functions on integers', () => {
  for (const [name, compute] of [['log', naturalLog], ['root', squareRoot], ['exp', exponential], ['cdf', normalProbability]] as const) {
    it(`gives ${name} as a library with 60 digits does`, () => {
      for (const [argument, value] of vectors[name]) {
        const [found, expected] = [compute(real(argument)), exactReal(value)];
        assert.ok(size(found - expected) <= 10_000n + size(expected) / 10n ** 36n, `${name} ${argument}: ${found} is not ${expected}`);
      }
    });
  }

  it('keeps the normal distribution within 10^-15 of itself down to ten deviations, and within 10^-30 down to six', () => {
    for (const [argument, value] of vectors.cdf) {
      const error = size(normalProbability(real(argument)) - exactReal(value));
      const most = argument.startsWith('-') && Number(argument) < -6 ? 10n ** 15n : 10n ** 30n;
      assert.ok(error * most <= exactReal(value), argument);
    }
  });

  it('gives probabilities that rise and that add up to one', () => {
    fc.assert(fc.property(deviations, deviations, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      assert.equal(normalProbability(a) + normalProbability(-a), ONE);
      // Beyond what the last digits of the two methods can differ by.
      assert.ok(high - low < 10n ** 20n || normalProbability(low) <= normalProbability(high) + 10_000n);
    }), { numRuns: 300 });
  });

  it('has a normal distribution without a step where its two methods meet', () => {
    const at = 4n * ONE;
    const [below, above] = [normalProbability(-at - 1n), normalProbability(-at + 1n)];
    assert.ok(above >= below - 10_000n && above - below < 20_000n);
  });

  it('takes logarithms and exponentials back', () => {
    fc.assert(fc.property(fc.bigInt({ min: -20n * ONE, max: 20n * ONE }), (x) => {
      const back = naturalLog(exponential(x));
      // What e^x loses in its last digit is e^-x times as much here.
      assert.ok(size(back - x) <= 1_000n + (1_000n * ONE) / exponential(x), `${x}`);
    }), { numRuns: 300 });
  });

  it('has the product of logarithms as a sum', () => {
    const positive = fc.bigInt({ min: ONE / 1000n, max: 1000n * ONE });
    fc.assert(fc.property(positive, positive, (a, b) => {
      assert.ok(size(naturalLog(times(a, b)) - naturalLog(a) - naturalLog(b)) < 10n ** 6n);
      assert.ok(size(naturalLog(over(a, b)) - naturalLog(a) + naturalLog(b)) < 10n ** 8n);
    }), { numRuns: 300 });
  });

  it('has the floor of each root', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (value) => {
      const root = integerRoot(value);
      assert.ok(root * root <= value && (root + 1n) * (root + 1n) > value);
    }));
  });
});
