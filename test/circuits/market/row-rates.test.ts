import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packRates, type RowTerms } from '../../../src/risk/row-terms.js';
import { ratesAt } from '../../../src/risk/row-values.js';
import { arbitraryTerms } from '../../builders/random-terms.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

describe('RowRates', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('market/row-rates.circom', 'RowRates', []); });

  const read = async (rates: bigint, initial: bigint): Promise<Record<string, bigint | undefined>> => {
    const witness = await assertAccepted(circuit, { rates, initial });
    return Object.fromEntries(['long', 'short', 'scan', 'basis', 'exact', 'put', 'shared'].map((name) => [name, valuesOf(circuit, witness, name)[0]]));
  };

  it('reads both levels of what TypeScript packs', async () => {
    await fc.assert(fc.asyncProperty(arbitraryTerms(), fc.boolean(), fc.boolean(), async (plain, exact, put) => {
      const terms: RowTerms = { ...plain, exact, put };
      for (const [initial, level] of [[0n, 'maintenance'], [1n, 'initial']] as const) {
        const { longRate, shortRate, scanRate } = ratesAt(terms, level);
        assert.deepEqual(await read(packRates(terms), initial), {
          long: longRate, short: shortRate, scan: scanRate, basis: terms.basisRate, exact: exact ? 1n : 0n, put: put ? 1n : 0n,
          shared: terms.maintenance.scanRate + (terms.initial.scanRate << 24n) + (terms.basisRate << 48n) + ((exact ? 1n : 0n) << 72n),
        });
      }
    }), { numRuns: 20 });
  });

  it('reads the largest word, and refuses the next one: 171 bits are no two flags', async () => {
    const most = 2n ** 24n - 1n;
    assert.deepEqual(await read(2n ** 170n - 1n, 1n), { long: most, short: most, scan: most, basis: most, exact: 1n, put: 1n, shared: 2n ** 73n - 1n });
    for (const rates of [2n ** 170n, 3n * 2n ** 169n, -1n]) {
      await assertRefused(circuit, { rates, initial: 0n }, { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'BitFields', statement: 'bits.in <== word' } });
    }
  });

  it('has no flag but 0 and 1: another one breaks a constraint, alone and with the bits below bent to fit', async () => {
    const witness = await assertAccepted(circuit, { rates: 2n ** 168n, initial: 0n });
    const [flag, below] = ['main.exact', 'main.fields.bits.out[167]'].map((name) => circuit.wireOf.get(name) as number) as [number, number];
    assert.ok(flag > 0 && below > 0);
    for (const value of [2n, -1n, 0n]) {
      assert.equal(circuit.system.acceptsTampered(witness, [{ wire: flag, value }]), false);
      assert.equal(circuit.system.acceptsTampered(witness, [{ wire: flag, value }, { wire: below, value: 2n * (1n - value) }]), false);
    }
  });
});
