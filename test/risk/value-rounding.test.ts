import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EXACT_SCALE, exactDecimal, exactFraction, roundAgainstAccounts, type ExactValues } from '../../src/risk/value-rounding.js';
import { formatDecimal } from '../../src/fixed-point/decimal.js';

// Decimals that are often exact, often not, at a few digits beyond the scale in use.
const decimal = (least: bigint, most: bigint): fc.Arbitrary<bigint> =>
  fc.tuple(fc.bigInt({ min: least, max: most }), fc.constantFrom(2, 6, 11, 20, 36)).map(([value, scale]) => exactDecimal(formatDecimal(value, scale)));
const exact: fc.Arbitrary<ExactValues> = fc.record({
  mark: decimal(-(10n ** 9n), 10n ** 9n),
  longCharge: decimal(0n, 10n ** 8n),
  shortCharge: decimal(0n, 10n ** 8n),
  pnl: fc.array(decimal(-(10n ** 9n), 10n ** 9n), { maxLength: 4 }),
});
const quantity = fc.oneof(fc.constantFrom(1n, -1n, 2n ** 64n - 1n, -(2n ** 64n)), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }));

/** Excess of a holding in each scenario, scenario 0 first. */
function excesses(values: ExactValues, held: bigint): bigint[] {
  const charge = held < 0n ? -held * values.shortCharge : held * values.longCharge;
  return [0n, ...values.pnl].map((pnl) => held * (values.mark + pnl) - charge);
}

describe('rounding a market row', () => {
  it('never lets an account look healthier than it exactly is, long or short, in any scenario', () => {
    fc.assert(fc.property(exact, quantity, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 8 }), (values, held, valueScale, decimals) => {
      const rounded = excesses(roundAgainstAccounts(values, valueScale, decimals), held);
      // Value units of the rounded excess against exact ones: both over the denominator 10^(72 + decimals).
      const denominator = 10n ** BigInt(EXACT_SCALE + decimals);
      excesses(values, held).forEach((one, s) => assert.ok((rounded[s] ?? 0n) * denominator <= one * 10n ** BigInt(valueScale)));
    }), { numRuns: 2_000 });
  });

  it('costs less than four value units a quantum', () => {
    fc.assert(fc.property(exact, quantity, fc.integer({ min: 0, max: 12 }), (values, held, valueScale) => {
      const rounded = excesses(roundAgainstAccounts(values, valueScale, 8), held);
      const denominator = 10n ** BigInt(EXACT_SCALE + 8);
      const slack = 4n * (held < 0n ? -held : held) * denominator;
      excesses(values, held).forEach((one, s) => assert.ok((rounded[s] ?? 0n) * denominator + slack >= one * 10n ** BigInt(valueScale)));
    }));
  });

  it('leaves exact values as they are', () => {
    const unit = (text: string): bigint => exactDecimal(text);
    assert.deepEqual(
      roundAgainstAccounts({ mark: unit('1.25'), longCharge: unit('0.05'), shortCharge: unit('0.1'), pnl: [unit('-0.5'), unit('0.25')] }, 12, 6),
      { mark: 1_250_000n, longCharge: 50_000n, shortCharge: 100_000n, pnl: [-500_000n, 250_000n] },
    );
  });

  it('raises the short charge by one when a floored mark would flatter a debt', () => {
    const values = { mark: exactDecimal('1.5'), longCharge: exactDecimal('0'), shortCharge: exactDecimal('1'), pnl: [] };
    assert.deepEqual(roundAgainstAccounts(values, 0, 0), { mark: 1n, longCharge: 0n, shortCharge: 2n, pnl: [] });
  });

  it('raises the short charge for the worst rounding of any scenario, on top of the mark\'s', () => {
    const values = { mark: exactDecimal('1.75'), longCharge: 0n, shortCharge: 0n, pnl: [exactDecimal('-0.25'), exactDecimal('0.5')] };
    assert.deepEqual(roundAgainstAccounts(values, 0, 0), { mark: 1n, longCharge: 0n, shortCharge: 2n, pnl: [-1n, 0n] });
  });

  it('keeps a haircut of the whole price at the whole rounded price', () => {
    const full = exactDecimal('1.5');
    assert.equal(roundAgainstAccounts({ mark: full, longCharge: full, shortCharge: 0n, pnl: [] }, 0, 0).longCharge, 1n);
    assert.equal(roundAgainstAccounts({ mark: full, longCharge: exactDecimal('1.6'), shortCharge: 0n, pnl: [] }, 0, 0).longCharge, 2n);
  });

  it('takes fractions of prices without dropping a digit', () => {
    const price = exactDecimal(`1.${'3'.repeat(36)}`);
    assert.equal(exactFraction(`0.${'0'.repeat(35)}1`, price), 13n * 10n ** 35n + (10n ** 35n - 1n) / 3n);
  });
});
