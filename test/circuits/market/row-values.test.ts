import type { RowTerms } from '../../../src/risk/row-terms.js';
import { baseValue, linearValues, moveUnit, optionBounds, optionValues, type OptionMark } from '../../../src/risk/row-values.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TERMED_MOVES, termsOf } from '../../builders/termed-market.js';
import { templateCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../support/refusal.js';

const PRICE = 6_012_345_678_901n;
const MOST = 2n ** 47n - 1n;
const TOO_WIDE = { template: 'Num2Bits', statement: 'lc1 === in' } as const;
const inRow = (at: Pick<ExpectedRefusal, 'template' | 'statement'>, statement: string): ExpectedRefusal => ({ ...at, below: { template: 'RowValues', statement } });

const terms = termsOf(50_000n, 100_000n, 150_000n, { basisRate: 20_000n });
const [SCAN, BASIS] = [TERMED_MOVES.map(({ price }) => BigInt(price)), TERMED_MOVES.map(({ basis }) => BigInt(basis))];

const ABOVE = { template: 'BelowConstant', statement: 'equal[i] * zeros === 0' } as const;

/** How a quotient's surplus over the numerator is refused: by its bits, or because it has as many bits as the divisor and is no smaller. */
const outside = (surplus: bigint, divisor: bigint): typeof TOO_WIDE | typeof ABOVE =>
  (surplus < 0n || surplus >= 2n ** BigInt((divisor - 1n).toString(2).length) ? TOO_WIDE : ABOVE);

/** Input of a linear row at maintenance, true but for what `forged` replaces. */
function linear(of: RowTerms, price = PRICE, forged: CircuitInput = {}): CircuitInput {
  const values = linearValues(price, of, 'maintenance', TERMED_MOVES);
  const base = baseValue(price, of);
  return { ...common(of, price, base), option: 0n, scanUnit: moveUnit(base, of.maintenance.scanRate), ...values, ...forged };
}

function option(of: RowTerms, mark: OptionMark, forged: CircuitInput = {}): CircuitInput {
  return { ...common(of, PRICE, baseValue(PRICE, of)), option: 1n, scanUnit: 0n, ...optionValues(PRICE, of, 'maintenance', mark), ...forged };
}

function common(of: RowTerms, price: bigint, base: bigint): CircuitInput {
  const { longRate, shortRate, scanRate } = of.maintenance;
  return {
    listed: 1n, price, multiplier: of.multiplier, strike: [of.strike], long: longRate, short: shortRate, scan: scanRate, basis: of.basisRate,
    exact: of.exact ? 1n : 0n, put: of.put ? 1n : 0n, base: [base], basisUnit: moveUnit(base, of.basisRate), scanMove: SCAN, basisMove: BASIS,
  };
}

describe('RowValues', function () {
  this.timeout(1_200_000);
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('market/row-values.circom', 'RowValues', [2, 1]); });
  const accepts = async (input: CircuitInput): Promise<void> => { await assertAccepted(circuit, input); };
  const refuses = async (input: CircuitInput, at: ExpectedRefusal): Promise<void> => { await assertRefused(circuit, input, at); };

  it('take what the reference rule gives, and zeros where nothing is listed', async () => {
    await accepts(linear(terms));
    await accepts(linear(termsOf(0n, 0n, 0n, { exact: true }), 10n ** 8n));
    await accepts({ ...linear(termsOf(0n, 0n, 0n, { multiplier: 0n }), 0n), listed: 0n, shortCharge: 0n });
  });

  it('refuse any value where nothing is listed', async () => {
    const empty = { ...linear(termsOf(0n, 0n, 0n, { multiplier: 0n }), 0n), listed: 0n, shortCharge: 0n };
    await refuses({ ...empty, mark: 1n, base: [1n] }, inRow(TOO_WIDE, 'baseValue.quotient <== floored'));
    await refuses({ ...empty, mark: 1n }, { template: 'RowValues', statement: '(1 - option) * (mark - floored) === 0' });
    await refuses({ ...empty, shortCharge: 1n }, inRow(ABOVE, 'charge[1].quotient <== shortCharge'));
    await refuses({ ...empty, pnl: [0n, 1n] }, { template: 'RowValues', statement: '(1 - option) * (pnl[s] - scanPart[s] - basisPart[s]) === 0' });
  });

  it('refuse a linear row each of whose values is one off, up or down', async () => {
    const honest = linear(terms);
    for (const off of [1n, -1n]) {
      const [mark, longCharge, shortCharge] = ['mark', 'longCharge', 'shortCharge'].map((field) => (honest[field] as bigint) + off);
      const remainder = PRICE * terms.multiplier - 10n ** 18n * (mark as bigint);
      await refuses({ ...honest, mark: mark as bigint, base: [mark as bigint] }, inRow(outside(remainder, 10n ** 18n), 'baseValue.quotient <== floored'));
      const base = honest.mark as bigint;
      const charged = (charge: bigint | undefined, numerator: bigint): ReturnType<typeof outside> => outside((charge as bigint) * 1_000_000n - numerator, 1_000_000n);
      await refuses({ ...honest, longCharge: longCharge as bigint }, inRow(charged(longCharge, base * 50_000n), 'charge[0].quotient <== longCharge'));
      await refuses({ ...honest, shortCharge: shortCharge as bigint }, inRow(charged(shortCharge, (base + 1n) * 100_000n + 1_000_000n), 'charge[1].quotient <== shortCharge'));
      for (const [place, field, rate] of [[0, 'scanUnit', 150_000n], [1, 'basisUnit', 20_000n]] as const) {
        const unit = (honest[field] as bigint) + off;
        await refuses({ ...honest, [field]: unit }, inRow(outside(unit * 60_000_000n - base * rate, 60_000_000n), `unit[${place}].quotient <== ${field}`));
      }
      for (const place of [0, 1]) {
        const pnl = (honest.pnl as bigint[]).map((one, scenario) => (scenario === place ? one + off : one));
        await refuses({ ...honest, pnl }, { template: 'RowValues', statement: '(1 - option) * (pnl[s] - scanPart[s] - basisPart[s]) === 0' });
      }
    }
  });

  it('refuse an exact row whose price leaves a remainder, and one that claims to be exact by leaving the unit out', async () => {
    const exact = termsOf(0n, 0n, 0n, { exact: true });
    await refuses(linear(exact, 10n ** 8n + 1n), { template: 'RowValues', statement: 'exactRow * baseValue.remainder === 0' });
    await refuses({ ...linear(termsOf(0n, 0n, 0n), 10n ** 8n), shortCharge: 0n }, inRow(TOO_WIDE, 'charge[1].quotient <== shortCharge'));
  });

  it('take marks, charges and units at their limits and refuse them beyond', async () => {
    const scale = 10n ** 18n;
    const at = (base: bigint, longRate: bigint, scanRate: bigint): CircuitInput => linear(termsOf(longRate, 0n, scanRate, { multiplier: scale, basisRate: 0n }), base);
    await accepts(at(MOST, 1_000_000n, 0n));
    await refuses(at(MOST + 1n, 0n, 0n), inRow(TOO_WIDE, 'baseValue.quotient <== floored'));
    await refuses(at(MOST, 1_000_001n, 0n), inRow(TOO_WIDE, 'charge[0].quotient <== longCharge'));
    // ceil(base * scan / (60 * 10^6)) = 2^38 - 1, and one more.
    await accepts(at(60n * (2n ** 38n - 1n), 0n, 1_000_000n));
    await refuses(at(60n * (2n ** 38n - 1n) + 1n, 0n, 1_000_000n), inRow(TOO_WIDE, 'unit[0].quotient <== scanUnit'));
  });

  const call = termsOf(10_000n, 15_000n, 7_000_000n, { basisRate: 20_000n, strike: 50_000_000_000n });
  const put = termsOf(10_000n, 15_000n, 7_000_000n, { basisRate: 20_000n, put: true, strike: 70_000_000_000n });
  const outOfTheMoney = { ...call, strike: 70_000_000_000n };
  for (const [name, of] of [['a call in the money', call], ['a call out of the money', outOfTheMoney], ['a put in the money', put], ['a put out of the money', { ...put, strike: 50_000_000_000n }]] as const) {
    const { least, most } = optionBounds(PRICE, of);
    it(`take ${name} from ${least} to ${most} and nothing beyond`, async () => {
      for (const mark of [least, most]) await accepts(option(of, { mark, pnl: [-mark - 1n, MOST - 1n - mark] }));
      await refuses(option(of, { mark: most + 1n, pnl: [0n, 0n] }), { ...TOO_WIDE, below: { template: 'OptionBounds', statement: 'notAbove.in <== option * (upper - mark)' } });
      const below = least === 0n ? 'range.in <== option * mark' : 'notBelow.in <== option * (mark - lower)';
      await refuses(option(of, { mark: least - 1n, pnl: [0n, 0n] }, least === 0n ? { longCharge: 0n } : {}), { ...TOO_WIDE, below: { template: 'OptionBounds', statement: below } });
    });
  }

  it('take an option whose P&L leaves it between minus one and 2^47 - 2, and none beyond', async () => {
    const mark = 15_000_000_000n;
    const after = { ...TOO_WIDE, below: { template: 'OptionBounds', statement: 'after[s].in <== option * (mark + 1 + pnl[s])' } };
    await accepts(option(call, { mark, pnl: [-mark - 1n, MOST - 1n - mark] }));
    await refuses(option(call, { mark, pnl: [-mark - 2n, 0n] }), after);
    await refuses(option(call, { mark, pnl: [0n, MOST - mark] }), after);
  });

  it("charge an option's writer for the underlying, exact or not, and refuse a charge on the mark alone", async () => {
    const mark = { mark: 15_000_000_000n, pnl: [0n, 0n] };
    await accepts(option({ ...call, exact: true }, mark));
    await refuses(option(call, mark, { shortCharge: 225_000_001n }), inRow(TOO_WIDE, 'charge[1].quotient <== shortCharge'));
    await refuses(option({ ...call, exact: true }, mark, { shortCharge: 901_851_852n }), inRow(TOO_WIDE, 'charge[1].quotient <== shortCharge'));
  });
});
