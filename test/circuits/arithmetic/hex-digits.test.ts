import assert from 'node:assert/strict';
import { templateCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

describe('digits of a place', function () {
  this.timeout(1_200_000);
  let circuit: TestCircuit;
  before(async () => { circuit = await templateCircuit('arithmetic/hex-digits.circom', 'HexDigits', [2]); });

  it('select one child of each node', async () => {
    for (const number of [0, 1, 15, 16, 37, 255]) {
      const selected = valuesOf(circuit, await assertAccepted(circuit, { number: BigInt(number) }), 'selected');
      assert.deepEqual(selected, [number % 16, Math.floor(number / 16)].flatMap((digit) => Array.from({ length: 16 }, (_, child) => (child === digit ? 1n : 0n))));
    }
  });

  it('are none of a number beyond the tree', async () => {
    for (const number of [256n, -1n, 2n ** 200n]) await assertRefused(circuit, { number }, { template: 'Num2Bits', statement: 'lc1 === in' });
  });

  it('would mix children if a bit were none: two of one and less one of another', async () => {
    // Num2Bits as it would be without its rule that bits are bits.
    const [file, number, component] = ['arithmetic/hex-digits.circom', '    bits.in <== number;', '    component bits = Num2Bits(4 * COUNT);'];
    const root = mutatedCopy([
      { file, from: component, to: '    signal input given[4 * COUNT];\n    var sum = 0;' },
      { file, from: number, to: '    for (var i = 0; i < 4 * COUNT; i++) { sum += given[i] * (1 << i); }\n    sum === number;' },
      { file, from: 'bits.out[4 * i + bit]', to: 'given[4 * i + bit]' },
    ]);
    const open = await templateCircuit('arithmetic/hex-digits.circom', 'HexDigits', [1], root);
    const selected = valuesOf(open, await assertAccepted(open, { number: 2n, given: [2n, 0n, 0n, 0n] }), 'selected');
    assert.deepEqual(selected.map((value) => (value > 2n ** 200n ? -1n : value)), [-1n, 2n, ...Array.from({ length: 14 }, () => 0n)]);
  });
});
