import assert from 'node:assert/strict';
import { INSTRUMENT_KINDS, isMatchedKind, isSettlementKind, kindCode, type InstrumentKind } from '../../../src/venue/instrument.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

describe('RowKind', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('market/row-kind.circom', 'RowKind', []); });

  const meaning = async (kind: bigint): Promise<bigint[]> => {
    const witness = await assertAccepted(circuit, { kind });
    return ['listed', 'settlement', 'matched'].flatMap((name) => valuesOf(circuit, witness, name));
  };

  it('takes 0 for a row that is not listed', async () => { assert.deepEqual(await meaning(0n), [0n, 0n, 0n]); });

  for (const kind of INSTRUMENT_KINDS.slice(1) as InstrumentKind[]) {
    it(`takes ${kind} as src/venue does`, async () => {
      assert.deepEqual(await meaning(BigInt(kindCode(kind))), [1n, isSettlementKind(kind) ? 1n : 0n, isMatchedKind(kind) ? 1n : 0n]);
    });
  }
  it('refuses 7, which is no kind', async () => { await assertRefused(circuit, { kind: 7n }, { template: 'RowKind', statement: 'three * bits.out[2] === 0' }); });
  for (const [name, kind] of [['8', 8n], ['p - 1', -1n]] as const) {
    it(`refuses ${name}, which has more than 3 bits`, async () => {
      await assertRefused(circuit, { kind }, { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'RowKind', statement: 'bits.in <== kind' } });
    });
  }
});
