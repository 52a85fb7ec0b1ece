import assert from 'node:assert/strict';
import { INSTRUMENT_KINDS, isMatchedKind, isSettlementKind } from '../../../src/venue/instrument.js';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const OUTPUTS = ['kind', 'listed', 'settlement', 'matched', 'continues', 'tiered'];

for (const tiers of [0, 1] as const) {
  describe(`RowClass ${tiers === 1 ? 'with' : 'without'} tiers`, () => {
    let circuit: TestCircuit;
    before(async () => { circuit = await templateCircuit('market/row-class.circom', 'RowClass', [tiers]); });

    for (let code = 0; code < (tiers === 1 ? 32 : 8); code += 1) {
      const name = INSTRUMENT_KINDS[code % 8];
      if (name === undefined) {
        it(`refuses ${code}, whose kind is none`, async () => {
          await assertRefused(circuit, { class: BigInt(code) }, { template: 'RowClass', statement: 'three * bits.out[2] === 0' });
        });
        continue;
      }
      it(`reads ${code} as ${name}, continues ${code >> 3 & 1}, tiered ${code >> 4}`, async () => {
        const witness = await assertAccepted(circuit, { class: BigInt(code) });
        const [settlement, matched] = name === 'none' ? [false, false] : [isSettlementKind(name), isMatchedKind(name)];
        const expected = [code % 8, name === 'none' ? 0 : 1, settlement ? 1 : 0, matched ? 1 : 0, code >> 3 & 1, code >> 4];
        assert.deepEqual(OUTPUTS.flatMap((output) => valuesOf(circuit, witness, output)), expected.map(BigInt));
      });
    }
    for (const [name, value] of [['the next power of two', tiers === 1 ? 32n : 8n], ['p - 1', -1n]] as const) {
      it(`refuses ${name}, which has too many bits`, async () => {
        await assertRefused(circuit, { class: value }, { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'RowClass', statement: 'bits.in <== class' } });
      });
    }
  });
}
