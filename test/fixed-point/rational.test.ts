import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareRationals, formatRational, multiply, parseRational, rational, roundRational } from '../../src/fixed-point/rational.js';

describe('exact fractions', () => {
  it('are read from fractions in lowest terms and from decimals', () => {
    assert.deepEqual(['1/3', '-2/3', '-2', '0.35', '0'].map((text) => formatRational(parseRational(text))), ['1/3', '-2/3', '-2', '7/20', '0']);
  });

  for (const text of ['2/6', '1/0', '1/-3', '3/1', '01/3', '-0/3', '0/3', '1 /3', '1/3/5', '.5', '1e3', '', '--1/3', `${'9'.repeat(10)}/7`]) {
    it(`are not read from ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseRational(text), { code: 'DECIMAL' });
    });
  }

  it('multiply, compare and round as fractions do', () => {
    const parts = fc.tuple(fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: 1n, max: 1000n }));
    fc.assert(fc.property(parts, parts, ([a, b], [c, d]) => {
      const product = multiply(rational(a, b), rational(c, d));
      assert.equal(product.numerator * b * d, product.denominator * a * c);
      assert.equal(Math.sign(compareRationals(rational(a, b), rational(c, d))), Math.sign(Number(a * d - c * b)));
      const [floor, ceil] = [roundRational(rational(a, b), 60n, 'floor'), roundRational(rational(a, b), 60n, 'ceil')];
      assert.ok(floor * b <= 60n * a && 60n * a <= ceil * b && ceil - floor <= 1n);
      assert.deepEqual(parseRational(formatRational(rational(a, b))), rational(a, b));
    }));
  });
});
