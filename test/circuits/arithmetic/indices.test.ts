import assert from 'node:assert/strict';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { assertAccepted, assertRefused, type ExpectedRefusal } from '../support/refusal.js';

function refusedAt(statement: string): ExpectedRefusal {
  return { template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'StrictlyIncreasing', statement } };
}

describe('StrictlyIncreasing of 3 indices of 4 bits', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/strictly-increasing.circom', 'StrictlyIncreasing', [3, 4]); });

  for (const index of [[0n, 1n, 2n], [13n, 14n, 15n], [0n, 7n, 15n]]) {
    it(`accepts ${index.join(', ')}`, async () => { await assertAccepted(circuit, { index, least: 0n }); });
  }
  const refusals: readonly (readonly [string, readonly bigint[], string])[] = [
    ['an equal pair', [3n, 3n, 4n], 'gaps[i].in <== index[i + 1] - index[i] - 1'],
    ['an equal pair at the end', [3n, 4n, 4n], 'gaps[i].in <== index[i + 1] - index[i] - 1'],
    ['a descending pair', [5n, 4n, 6n], 'gaps[i].in <== index[i + 1] - index[i] - 1'],
    ['a gap above the range', [0n, 17n, 18n], 'gaps[i].in <== index[i + 1] - index[i] - 1'],
    ['a gap that wraps around p', [2n, 1n, 15n], 'gaps[i].in <== index[i + 1] - index[i] - 1'],
    ['a first index below 0', [-1n, 0n, 1n], 'first.in <== index[0] - least'],
    ['a first index above the range', [16n, 17n, 18n], 'first.in <== index[0] - least'],
    ['a last index above the range after small gaps', [14n, 15n, 16n], 'last.in <== index[K - 1]'],
    ['a last index above the range after large gaps', [15n, 31n, 47n], 'last.in <== index[K - 1]'],
  ];
  for (const [name, index, statement] of refusals) {
    it(`refuses ${name}`, async () => { await assertRefused(circuit, { index, least: 0n }, refusedAt(statement)); });
  }
});

describe('StrictlyIncreasing from a least index', () => {
  it('accepts the least itself and refuses one below', async () => {
    const circuit = await templateCircuit('arithmetic/strictly-increasing.circom', 'StrictlyIncreasing', [3, 4]);
    await assertAccepted(circuit, { index: [7n, 8n, 15n], least: 7n });
    await assertRefused(circuit, { index: [6n, 8n, 15n], least: 7n }, refusedAt('first.in <== index[0] - least'));
  });
});

describe('StrictlyIncreasing of one index', () => {
  it('accepts 0 and 15 and refuses 16', async () => {
    const circuit = await templateCircuit('arithmetic/strictly-increasing.circom', 'StrictlyIncreasing', [1, 4]);
    for (const index of [[0n], [15n]]) await assertAccepted(circuit, { index, least: 0n });
    await assertRefused(circuit, { index: [16n], least: 0n }, refusedAt('index[0]'));
  });
});

describe('OneHot of 3 bits', () => {
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/one-hot.circom', 'OneHot', [3]); });

  for (let place = 0; place < 8; place += 1) {
    it(`selects place ${place} and no other`, async () => {
      const witness = await assertAccepted(circuit, { bits: [0, 1, 2].map((bit) => BigInt((place >> bit) & 1)) });
      assert.deepEqual(valuesOf(circuit, witness, 'selected'), Array.from({ length: 8 }, (_, other) => (other === place ? 1n : 0n)));
    });
  }
  it('leaves no selector free', async () => {
    const witness = await assertAccepted(circuit, { bits: [1n, 0n, 1n] });
    for (let place = 0; place < 8; place += 1) {
      const wire = circuit.wireOf.get(`main.selected[${place}]`) as number;
      for (const delta of [1n, -1n, 2n]) assert.equal(circuit.system.acceptsTampered(witness, [{ wire, value: (witness[wire] as bigint) + delta }]), false);
    }
  });
});
