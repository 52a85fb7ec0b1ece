import { FIELD_MODULUS, addInField, invertInField, multiplyInField, toField } from '../../../src/field/scalar-field.js';
import { templateCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const NAMES = ['XG', "XG'", 'XB', 'XO', 'XD'] as const;
const [r, beta] = [1234567n, 7654321n];
const table = { mark: [100n, -40n], longCharge: [3n, 5n], shortCharge: [4n, 7n], pnl: [[-20n], [11n]] };

/** One account of weight 1 that is long 6 of row 0 and short 3 of row 1. */
const book = { net: [6n, -3n], gross: [6n, 3n], weightedNet: [6n, -3n], weightedGross: [6n, 3n] };

/** E_0 + r E_1 by hand: V = 600 + 120, C = 6*3 + 3*7, P_1 = -120 - 33. */
const trueExcess = 720n - 39n + r * (720n - 39n - 153n);

function sumsOf(over: typeof book, excess: bigint): bigint[] {
  const fractions = (values: readonly bigint[]): bigint => values.reduce((sum, value, row) => addInField(sum, multiplyInField(toField(value), invertInField(beta - BigInt(row)))), 0n);
  return [fractions(over.weightedNet), fractions(over.weightedGross), fractions(over.net), fractions(over.gross), toField(excess)];
}

describe('TableIdentities', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('lookup/table-identities.circom', 'TableIdentities', [2, 1]); });

  const input = { ...table, ...book, r, beta, sums: sumsOf(book, trueExcess) };

  it('accept the excess of a long and a short holding, each with its own charge', async () => { await assertAccepted(circuit, input); });

  for (const [place, name] of NAMES.entries()) {
    const statement = place === 4 ? 'sums[4] === excess' : `sums[${place}] === total[${place}]`;
    const sums = input.sums.map((sum, at) => (at === place ? (sum + 1n) % FIELD_MODULUS : sum));

    it(`refuse a wrong ${name}`, async () => { await assertRefused(circuit, { ...input, sums }, { template: 'TableIdentities', statement }); });

    it(`would take any ${name} in a copy without its identity`, async () => {
      const root = mutatedCopy([{ file: 'lookup/table-identities.circom', from: `    ${statement};\n`, to: '' }]);
      await assertAccepted(await templateCircuit('lookup/table-identities.circom', 'TableIdentities', [2, 1], root), { ...input, sums });
    });
  }

  it('refuse the long charge on a short holding', async () => {
    const excess = 720n - 6n * 3n - 3n * 5n;
    const wrong = sumsOf(book, excess + r * (excess - 153n));
    await assertRefused(circuit, { ...input, sums: wrong }, { template: 'TableIdentities', statement: 'sums[4] === excess' });
  });

  it('are not met by shifting value between the scenarios', async () => {
    const wrong = sumsOf(book, trueExcess + 50n - r * 50n);
    await assertRefused(circuit, { ...input, sums: wrong }, { template: 'TableIdentities', statement: 'sums[4] === excess' });
  });

  it('leave beta no row index: its inverse does not exist', async () => {
    await assertRefused(circuit, { ...input, beta: 1n }, { template: 'Inverse', statement: 'out * in === 1' });
  });
});
