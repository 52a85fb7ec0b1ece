import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DecimalError, divide, formatDecimal, parseDecimal, parseInteger, type Rounding } from '../../src/fixed-point/decimal.js';

const isDecimalError = (error: unknown): boolean => error instanceof DecimalError && error.code === 'DECIMAL';

describe('parseDecimal', () => {
  it('reads plain decimals exactly', () => {
    const cases: [string, number, bigint][] = [
      ['0', 8, 0n], ['1', 0, 1n], ['-1', 0, -1n], ['1.5', 1, 15n], ['0.00000001', 8, 1n], ['-0.00000001', 8, -1n],
      ['1.50000', 1, 15n], ['18446744073709551616.5', 1, 184467440737095516165n], ['0.0', 2, 0n],
    ];
    for (const [text, scale, value] of cases) assert.equal(parseDecimal(text, scale), value, text);
  });

  const forms = [
    '', ' ', '1 ', ' 1', '1\n', '\t1', '+1', '--1', '-', '.', '.5', '5.', '-.5', '1..2', '1.2.3', '00', '01', '-01', '00.5', '1e3', '1E3', '1e-3',
    '0x10', '0b1', '0o7', '1_000', '1,000', '1,5', 'NaN', 'Infinity', '-Infinity', 'null', '１２', '١٢', '1\u00a0', '\ufeff1', '−1', '½', '=1+1',
    '@1', '$5', '5%', '-0', '-0.0', '-0.000', '1n', '1'.repeat(97),
  ];
  for (const form of forms) {
    it(`refuses ${JSON.stringify(form.length > 20 ? `${form.slice(0, 8)}… (${form.length} characters)` : form)} [I15]`, () => {
      assert.throws(() => parseDecimal(form, 18), isDecimalError);
    });
  }

  it('refuses digits beyond the scale unless told how to round', () => {
    assert.throws(() => parseDecimal('0.123', 2), (error: unknown) => isDecimalError(error) && (error as Error).message.includes('more than 2 decimals'));
    assert.throws(() => parseDecimal('-0.001', 2), isDecimalError);
    assert.equal(parseDecimal('0.120', 2), 12n);
  });

  it('rounds to the named side for both signs', () => {
    const cases: [string, Rounding, bigint][] = [
      ['1.29', 'floor', 12n], ['1.21', 'ceil', 13n], ['-1.21', 'floor', -13n], ['-1.29', 'ceil', -12n],
      ['-0.01', 'ceil', 0n], ['-0.01', 'floor', -1n], ['0.01', 'ceil', 1n], ['1.20', 'ceil', 12n],
    ];
    for (const [text, rounding, value] of cases) assert.equal(parseDecimal(text, 1, rounding), value, `${text} ${rounding}`);
  });

  it('cuts long input short in its message', () => {
    assert.throws(() => parseDecimal(`x${'9'.repeat(5000)}`, 2), (error: unknown) => isDecimalError(error) && (error as Error).message.length < 200);
  });

  it('is the inverse of formatDecimal at every scale', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 120n), max: 2n ** 120n }), fc.integer({ min: 0, max: 36 }), (value, scale) => {
      assert.equal(parseDecimal(formatDecimal(value, scale), scale), value);
    }));
  });
});

describe('formatDecimal', () => {
  it('writes no trailing zeros and no bare point', () => {
    assert.deepEqual([formatDecimal(150n, 2), formatDecimal(100n, 2), formatDecimal(-5n, 2), formatDecimal(0n, 8), formatDecimal(7n, 0)],
      ['1.5', '1', '-0.05', '0', '7']);
  });
});

describe('divide', () => {
  it('brackets the exact quotient', () => {
    fc.assert(fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 2n ** 80n }), (numerator, denominator) => {
      const floor = divide(numerator, denominator, 'floor');
      const ceil = divide(numerator, denominator, 'ceil');
      assert.ok(floor * denominator <= numerator && numerator < (floor + 1n) * denominator);
      assert.ok(ceil * denominator >= numerator && numerator > (ceil - 1n) * denominator);
    }));
  });
});

describe('parseInteger', () => {
  it('reads canonical integers of any size', () => {
    assert.equal(parseInteger('-18446744073709551616'), -(2n ** 64n));
  });

  it('refuses a point, leading zeros and minus zero', () => {
    for (const text of ['1.5', '1.0', '007', '-0', '']) assert.throws(() => parseInteger(text), isDecimalError, text);
  });
});
