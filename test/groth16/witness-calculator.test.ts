import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { wtns, type MemoryFile } from 'snarkjs';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { WitnessCalculator, witnessFile } from '../../src/groth16/witness-calculator.js';
import { withCopiesTogether } from '../../src/groth16/witness-module.js';
import { calculateWitness, firstViolated, loadR1cs, otherElement, symbols } from '../harness/r1cs.js';
import { PRODUCT_INPUT, hashChainCircuit, productCircuit, rangeCircuit } from './tiny-circuits.js';

describe('witness calculator', () => {
  it("gives the bytes of snarkjs's witness file", async () => {
    // The chain of hashes has tables of constants, which the calculator copies another way than circom's module.
    const poseidon = await bulkPoseidon();
    const end = [0n, 1n, 2n].reduce((state, place) => poseidon.hash([state, place]), 7n);
    const chain = [await hashChainCircuit(3), { end, start: 7n }] as const;
    for (const [circuit, input] of [[await productCircuit(), PRODUCT_INPUT], [await rangeCircuit(), { value: 200n }], chain] as const) {
      const theirs: MemoryFile = { type: 'mem' };
      await wtns.calculate({ ...input }, circuit.wasm, theirs);
      const calculator = await WitnessCalculator.load(circuit.name, await readFile(circuit.wasm));
      assert.deepEqual(Buffer.from(witnessFile(await calculator.calculate(input))), Buffer.from(theirs.data?.slice(0) ?? []));
    }
  });

  it('leaves out code that copies constants, and nothing of a module that it does not know', async () => {
    const chain = await readFile((await hashChainCircuit(3)).wasm);
    const shorter = withCopiesTogether(chain);
    assert.ok(shorter.length < chain.length * 0.9, `${shorter.length} of ${chain.length}`);
    assert.ok(WebAssembly.validate(shorter));
    assert.deepEqual(withCopiesTogether(shorter), shorter);
    // The same code under another name: nothing says any more that the function copies.
    const renamed = Uint8Array.from(chain);
    const at = chain.lastIndexOf('Fr_copy', chain.indexOf('Fr_copyn') - 1);
    renamed[at] = 'G'.charCodeAt(0);
    assert.equal(withCopiesTogether(renamed), renamed);
  });

  it('clears what it computed from', async () => {
    const secret = 0x1122334455667788n;
    const circuit = await productCircuit();
    const memories: WebAssembly.Memory[] = [];
    const instantiate = WebAssembly.instantiate;
    const watched = async (...given: Parameters<typeof instantiate>): Promise<WebAssembly.Instance> => {
      const instance = await instantiate(...given);
      memories.push(instance.exports['memory'] as WebAssembly.Memory);
      return instance;
    };
    const calculator = await WitnessCalculator.load(circuit.name, await readFile(circuit.wasm));
    Object.assign(WebAssembly, { instantiate: watched });
    try {
      await calculator.calculate({ ...PRODUCT_INPUT, product: 3n * secret, left: 3n, right: secret });
      await assert.rejects(calculator.calculate({ ...PRODUCT_INPUT, left: secret }), { code: 'WITNESS_REFUSED' });
    } finally {
      Object.assign(WebAssembly, { instantiate });
    }
    assert.equal(memories.length, 2);
    for (const { buffer } of memories) assert.ok(new Uint8Array(buffer).every((byte) => byte === 0));
  });

  it('names template and line of a failing constraint, innermost first, and no value', async () => {
    const circuit = await rangeCircuit();
    const calculator = await WitnessCalculator.load('range', await readFile(circuit.wasm));
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(calculator.calculate({ value: 987654n }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'WITNESS_REFUSED');
        assert.match(error.message, /^circuit range has no witness for these inputs: the constraint of Num2Bits line \d+, below Range line 9 fails$/);
        assert.doesNotMatch(error.message + error.stack, /987654/);
        return true;
      });
    }
    await assert.doesNotReject(calculator.calculate({ value: 255n }), 'a refused input leaves nothing behind');
  });

  it('takes negative values as p - |x| and refuses other values outside the field without showing them', async () => {
    const circuit = await productCircuit();
    const minus = await calculateWitness(circuit.wasm, { label: 0n, product: -12n, left: -3n, right: 4n });
    assert.equal(minus[2], FIELD_MODULUS - 12n);
    for (const left of [FIELD_MODULUS, -FIELD_MODULUS, 2n ** 256n]) {
      await assert.rejects(calculateWitness(circuit.wasm, { ...PRODUCT_INPUT, left }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'WITNESS_INPUT');
        assert.match(error.message, /input left has a value at place 0 that is no field element$/);
        return true;
      });
    }
  });

  for (const [title, input, reason] of [
    ['an unknown signal', { ...PRODUCT_INPUT, other: 1n }, /input other is no signal/],
    ['a missing signal', { label: 5n, product: 12n, left: 3n }, /takes 4 input values, 3 are given/],
    ['an array for a single value', { ...PRODUCT_INPUT, left: [3n, 3n] }, /input left takes 1 values, 2 are given/],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const circuit = await productCircuit();
      await assert.rejects(calculateWitness(circuit.wasm, input), { code: 'WITNESS_INPUT', message: reason });
    });
  }

  it('the harness sees every forged wire of a circuit whose wires are all determined', async () => {
    const circuit = await productCircuit();
    const [system, wireOf] = [await loadR1cs(circuit.r1cs), await symbols(circuit.sym)];
    const witness = await calculateWitness(circuit.wasm, PRODUCT_INPUT);
    assert.equal(firstViolated(system, witness), undefined);
    for (const name of ['main.product', 'main.left', 'main.right']) {
      const wire = wireOf.get(name) ?? -1;
      const forged = witness.map((value, index) => (index === wire ? otherElement(value) : value));
      assert.equal(firstViolated(system, forged), 0, name);
    }
    const label = wireOf.get('main.label');
    assert.equal(firstViolated(system, witness.map((value, index) => (index === label ? otherElement(value) : value))), undefined);
  });
});
