import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../../../src/field/scalar-field.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const [r, beta] = [1234567n, 7654321n];
const table = { mark: [100n, -40n], longCharge: [3n, 5n], shortCharge: [4n, 7n], cap: [50n, 60n], pnl: [[-20n], [11n]], listed: [1n, 1n] };
/** One account of weight 1 that is long 6 of row 0 and short 3 of row 1, both in tiered slots. */
const book = { net: [6n, -3n], gross: [6n, 3n], weightedNet: [6n, -3n], weightedGross: [6n, 3n], weightedTiers: [1n, r] };
const input = { ...table, ...book, r, beta, firstRow: 0n, before: [0n, 0n, 0n, 0n, 0n, 0n, 0n] };
/** E_0 + r E_1 by hand: V = 600 + 120, C = 6*3 + 3*7, P_1 = -120 - 33. */
const TRUE_EXCESS = 720n - 39n + r * (720n - 39n - 153n);

function fractions(values: readonly bigint[], firstRow: bigint): bigint {
  return values.reduce((sum, value, row) => addInField(sum, multiplyInField(toField(value), invertInField(subtractInField(beta, firstRow + BigInt(row))))), 0n);
}

describe('TableIdentities', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('lookup/table-identities.circom', 'TableIdentities', [2, 2, 1]); });

  const after = async (change: object = {}): Promise<bigint[]> => valuesOf(circuit, await assertAccepted(circuit, { ...input, ...change }), 'after');

  it('give the excess of a long and a short holding, each with its own charge, and the caps of their slots', async () => {
    const expected = [book.weightedNet, book.weightedGross, book.net, book.gross].map((column) => fractions(column, 0n));
    assert.deepEqual(await after(), [...expected, toField(TRUE_EXCESS), fractions(book.weightedTiers, 0n), toField(50n + 60n * r)]);
  });

  it('take the cap of a row that is not listed for 0, whatever it says', async () => {
    assert.equal((await after({ listed: [1n, 0n], cap: [50n, 123456789n] }))[6], 50n);
  });

  it('go on from the sums before and count rows from the first one', async () => {
    const before = [1n, 2n, 3n, 4n, 5n, 6n, 7n];
    const sums = await after({ before, firstRow: 16n });
    assert.equal(sums[0], addInField(1n, fractions(book.weightedNet, 16n)));
    assert.equal(sums[4], toField(TRUE_EXCESS + 5n));
    assert.equal(sums[6], toField(50n + 60n * r + 7n));
  });

  it('agree with the margin formula for any holding', async () => {
    const value = fc.bigInt({ min: -(2n ** 47n) + 1n, max: 2n ** 47n - 1n });
    const charge = fc.bigInt({ min: 0n, max: 2n ** 47n - 1n });
    const row = fc.record({ quantity: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }), mark: value, long: charge, short: charge, pnl: value });
    await fc.assert(fc.asyncProperty(fc.tuple(row, row), async (rows) => {
      const quantities = rows.map(({ quantity }) => quantity);
      const magnitudes = quantities.map((quantity) => (quantity < 0n ? -quantity : quantity));
      const base = rows.reduce((sum, { quantity, mark, long, short }) => sum + quantity * mark - (quantity < 0n ? -quantity * short : quantity * long), 0n);
      const moved = rows.reduce((sum, { quantity, pnl }) => sum + quantity * pnl, base);
      const sums = await after({
        mark: rows.map(({ mark }) => mark), longCharge: rows.map(({ long }) => long), shortCharge: rows.map(({ short }) => short), pnl: rows.map(({ pnl }) => [pnl]),
        net: quantities, gross: magnitudes, weightedNet: quantities, weightedGross: magnitudes,
      });
      assert.equal(sums[4], addInField(toField(base), multiplyInField(r, toField(moved))));
    }), { numRuns: 50 });
  });

  it('leave beta no row index: its inverse does not exist', async () => {
    for (const firstRow of [beta, beta - 1n]) await assertRefused(circuit, { ...input, firstRow }, { template: 'Inverse', statement: 'out * in === 1' });
  });

  it('leave no wire of the sums free', async () => {
    const witness = await assertAccepted(circuit, input);
    for (let wire = 1; wire < circuit.system.wires; wire += 1) {
      assert.equal(circuit.system.acceptsTampered(witness, [{ wire, value: (witness[wire] as bigint) + 1n }]) && ![...circuit.wireOf].some(([name, at]) => at === wire && name.startsWith('main.') && /^main\.\w+(\[\d+\])*$/.test(name)), false, `wire ${wire}`);
    }
  });
});
