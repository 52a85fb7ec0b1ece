import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FIELD_MODULUS, invertInField, toField } from '../../../src/field/scalar-field.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../support/refusal.js';

const TOO_WIDE = { template: 'Num2Bits', statement: 'lc1 === in' } as const;
const ABOVE = { template: 'BelowConstant', statement: 'equal[i] * zeros === 0' } as const;

for (const bound of [2n, 3n, 10n, 255n, 256n, 257n, 511n, 1_000_000n, 60_000_000n, 10n ** 18n]) {
  describe(`BelowConstant of ${bound}`, () => {
    let circuit: TestCircuit;
    before(async () => { circuit = await templateCircuit('arithmetic/below-constant.circom', 'BelowConstant', [bound]); });
    const full = 2n ** BigInt((bound - 1n).toString(2).length);

    it('accepts what is below and nothing else', async () => {
      const near = [0n, 1n, bound / 2n, bound - 2n, bound - 1n, bound, bound + 1n, full - 1n, full, -1n, (FIELD_MODULUS - 1n) / 2n];
      const every = bound <= 300n ? Array.from({ length: Number(full) + 2 }, (_, value) => BigInt(value)) : near;
      for (const value of [...near, ...every]) {
        const integer = toField(value);
        if (integer < bound) await assertAccepted(circuit, { in: value });
        else await assertRefused(circuit, { in: value }, integer < full ? ABOVE : TOO_WIDE);
      }
    });

    it('agrees with < on random numbers of as many bits', async () => {
      await fc.assert(fc.asyncProperty(fc.bigInt(0n, full - 1n), async (value) => {
        if (value < bound) await assertAccepted(circuit, { in: value });
        else await assertRefused(circuit, { in: value }, ABOVE);
      }), { numRuns: 60 });
    });
  });
}

/** Quotient and numerator that satisfy divisor * quotient + remainder = numerator in the field, for a remainder of the forger's choice. */
const quotientFor = (numerator: bigint, remainder: bigint, divisor: bigint): bigint => toField(toField(numerator - remainder) * invertInField(divisor));

describe('FloorDivision by 10^6 with quotients of 47 bits', () => {
  const DIVISOR = 1_000_000n;
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/floor-division.circom', 'FloorDivision', [DIVISOR, 47]); });
  const bounded = (at: ExpectedRefusal, statement: string): ExpectedRefusal => ({ ...at, below: { template: 'FloorDivision', statement } });

  for (const numerator of [0n, 1n, DIVISOR - 1n, DIVISOR, 123_456_789_012n, DIVISOR * 2n ** 47n - 1n]) {
    it(`gives quotient and remainder of ${numerator}`, async () => {
      const witness = await assertAccepted(circuit, { numerator, quotient: numerator / DIVISOR });
      assert.deepEqual(valuesOf(circuit, witness, 'remainder'), [numerator % DIVISOR]);
    });
  }
  it('refuses a quotient one lower, whose remainder is the divisor or more', async () => {
    await assertRefused(circuit, { numerator: 7n * DIVISOR, quotient: 6n }, bounded(ABOVE, 'below.in <== remainder'));
    await assertRefused(circuit, { numerator: 7n * DIVISOR + 999_999n, quotient: 6n }, bounded(TOO_WIDE, 'below.in <== remainder'));
  });
  it('refuses a quotient one higher, whose remainder is negative', async () => {
    await assertRefused(circuit, { numerator: 7n * DIVISOR + 999_999n, quotient: 8n }, bounded(TOO_WIDE, 'below.in <== remainder'));
  });
  it('refuses a quotient moved by a multiple of p over the divisor, with any remainder in range', async () => {
    for (const remainder of [0n, 1n, 499_999n, 999_999n]) {
      const numerator = 7n * DIVISOR + 5n;
      await assertRefused(circuit, { numerator, quotient: quotientFor(numerator, remainder, DIVISOR) }, bounded(TOO_WIDE, 'bounded.in <== quotient'));
    }
  });
  it('refuses a quotient of 48 bits', async () => {
    await assertRefused(circuit, { numerator: DIVISOR * 2n ** 47n, quotient: 2n ** 47n }, bounded(TOO_WIDE, 'bounded.in <== quotient'));
  });
});

describe('CeilDivision by 60 * 10^6 with quotients of 38 bits', () => {
  const DIVISOR = 60_000_000n;
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/ceil-division.circom', 'CeilDivision', [DIVISOR, 38]); });
  const bounded = (at: ExpectedRefusal, statement: string): ExpectedRefusal => ({ ...at, below: { template: 'CeilDivision', statement } });

  for (const numerator of [0n, 1n, DIVISOR - 1n, DIVISOR, DIVISOR + 1n, DIVISOR * (2n ** 38n - 1n)]) {
    it(`takes the quotient of ${numerator}`, async () => { await assertAccepted(circuit, { numerator, quotient: (numerator + DIVISOR - 1n) / DIVISOR }); });
  }
  it('refuses the floor where there is a remainder', async () => {
    await assertRefused(circuit, { numerator: 7n * DIVISOR + 1n, quotient: 7n }, bounded(TOO_WIDE, 'below.in <== surplus'));
  });
  it('refuses one more than the ceiling, also of 0', async () => {
    await assertRefused(circuit, { numerator: 7n * DIVISOR, quotient: 8n }, bounded(ABOVE, 'below.in <== surplus'));
    await assertRefused(circuit, { numerator: 0n, quotient: 1n }, bounded(ABOVE, 'below.in <== surplus'));
  });
  it('refuses a quotient moved by a multiple of p over the divisor, with any surplus in range', async () => {
    for (const surplus of [0n, 1n, DIVISOR - 1n]) {
      const numerator = 7n * DIVISOR + 5n;
      await assertRefused(circuit, { numerator, quotient: quotientFor(numerator, -surplus, DIVISOR) }, bounded(TOO_WIDE, 'bounded.in <== quotient'));
    }
  });
  it('refuses a quotient of 39 bits', async () => {
    await assertRefused(circuit, { numerator: DIVISOR * 2n ** 38n, quotient: 2n ** 38n }, bounded(TOO_WIDE, 'bounded.in <== quotient'));
  });
});
