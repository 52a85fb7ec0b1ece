import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { sparsePoseidon } from '../../src/commitment/poseidon-sparse.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { FIELD_MODULUS, FieldRangeError } from '../../src/field/scalar-field.js';

interface Vector {
  readonly inputs: readonly string[];
  readonly hash: string;
}

const OWN = 'test/vectors/poseidon.json';
const PUBLISHED = '../shared/data/vectors-poseidon/go-iden3-crypto-poseidon-bn254.json';
const element = fc.oneof(fc.constantFrom(0n, 1n, FIELD_MODULUS - 1n, FIELD_MODULUS / 2n), fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }));

const implementations: readonly { readonly name: string; readonly make: () => Poseidon | Promise<Poseidon> }[] = [
  { name: 'portable', make: () => portablePoseidon },
  { name: 'bulk', make: bulkPoseidon },
  { name: 'sparse', make: () => sparsePoseidon },
];

for (const { name, make } of implementations) {
  describe(`Poseidon, ${name} implementation`, () => {
    let poseidon: Poseidon;
    before(async () => { poseidon = await make(); });

    it('gives the committed vectors for 1 to 16 inputs', () => {
      const vectors = (JSON.parse(readFileSync(OWN, 'utf8')) as { vectors: Vector[] }).vectors;
      assert.deepEqual(new Set(vectors.map(({ inputs }) => inputs.length)).size, 16);
      for (const { inputs, hash } of vectors) assert.equal(poseidon.hash(inputs.map(BigInt)), BigInt(hash), `inputs ${inputs.join(',')}`);
    });

    it(`gives the vectors another project published (${existsSync(PUBLISHED) ? 'from the data folder' : 'data folder absent: three of them, as committed'})`, () => {
      const three = [
        { inputs: ['1'], hash: '18586133768512220936620570745912940619677854269274689475585506675881198879027' },
        { inputs: ['1', '2'], hash: '7853200120776062878684798364095072458815029376092732009249414926327459813530' },
        { inputs: ['1', '2', '3', '4', '5', '6'], hash: '20400040500897583745843009878988256314335038853985262692600694741116813247201' },
      ];
      const vectors = existsSync(PUBLISHED) ? (JSON.parse(readFileSync(PUBLISHED, 'utf8')) as Vector[]) : three;
      assert.ok(vectors.length >= 3);
      for (const { inputs, hash } of vectors) assert.equal(poseidon.hash(inputs.map(BigInt)), BigInt(hash), `inputs ${inputs.join(',')}`);
    });

    for (const [what, inputs] of [['no input', []], ['17 inputs', new Array<bigint>(17).fill(1n)], ['p itself', [FIELD_MODULUS]], ['a negative input', [1n, -1n]]] as const) {
      it(`refuses ${what} instead of reducing it`, () => {
        assert.throws(() => poseidon.hash(inputs), (thrown) => thrown instanceof FieldRangeError && /1 to 16 inputs|not in \[0, p\)/.test(thrown.message));
      });
    }
  });
}

describe('the Poseidon implementations', () => {
  it('agree on random inputs of every arity', async () => {
    const bulk = await bulkPoseidon();
    fc.assert(fc.property(fc.array(element, { minLength: 1, maxLength: 16 }), (inputs) => {
      const expected = portablePoseidon.hash(inputs);
      assert.equal(bulk.hash(inputs), expected);
      assert.equal(sparsePoseidon.hash(inputs), expected);
    }), { numRuns: 150 });
  });
});
