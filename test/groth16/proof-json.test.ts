import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BASE_FIELD_MODULUS } from '../../src/groth16/curve-points.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { proofFromJson, proofFromSnarkjs, proofToJson, proofToSnarkjs } from '../../src/groth16/proof-json.js';

const coordinate = fc.bigInt(0n, BASE_FIELD_MODULUS - 1n);
const pair = fc.tuple(coordinate, coordinate);
const anyProof: fc.Arbitrary<Groth16Proof> = fc.record({ a: pair, b: fc.tuple(pair, pair), c: pair });
const proof: Groth16Proof = Object.freeze<Groth16Proof>({ a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] });

describe('proofs in JSON', () => {
  it('come back as they went, in both forms', () => {
    fc.assert(
      fc.property(anyProof, (some) => {
        const plain: unknown = JSON.parse(JSON.stringify(some, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
        assert.deepEqual(proofToJson(some), plain);
        assert.deepEqual(proofToJson(proofFromJson(JSON.parse(JSON.stringify(proofToJson(some))))), plain);
        assert.deepEqual(proofToJson(proofFromSnarkjs(JSON.parse(JSON.stringify(proofToSnarkjs(some))))), plain);
      }),
      { numRuns: 50 },
    );
  });

  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['no object', null, /a proof must be an object/],
    ['an unknown member', { ...proofToJson(proof), d: '1' }, /no member "d"/],
    ['a missing member', { a: ['1', '2'], b: [] }, /b must be an array of 2/],
    ['a coordinate too many', { ...proofToJson(proof), a: ['1', '2', '1'] }, /a must be an array of 2/],
    ['a number', { ...proofToJson(proof), c: [1, '2'] }, /c holds something that is not a plain decimal/],
    ['a leading zero', { ...proofToJson(proof), c: ['01', '2'] }, /c holds something that is not a plain decimal/],
    ['hexadecimal', { ...proofToJson(proof), c: ['0x1', '2'] }, /c holds something that is not a plain decimal/],
    ['minus', { ...proofToJson(proof), c: ['-1', '2'] }, /c holds something that is not a plain decimal/],
    ['q itself', { ...proofToJson(proof), b: [['3', String(BASE_FIELD_MODULUS)], ['5', '6']] }, /b\[0\] holds a coordinate that is not below/],
  ];
  for (const [title, value, reason] of cases) {
    it(`refuses ${title}`, () => {
      assert.throws(() => proofFromJson(value), { code: 'PROOF_FORMAT', message: reason });
    });
  }

  for (const [title, change, reason] of [
    ['another protocol', { protocol: 'plonk' }, /another protocol/],
    ['another curve', { curve: 'bls12381' }, /another curve/],
    ['a point that is not affine', { pi_a: ['1', '2', '5'] }, /pi_a is not affine/],
    ['infinity', { pi_b: [['0', '0'], ['1', '0'], ['0', '0']] }, /pi_b is not affine/],
  ] as const) {
    it(`refuses a prover's output with ${title}`, () => {
      assert.throws(() => proofFromSnarkjs({ ...proofToSnarkjs(proof), ...change }), { code: 'PROOF_FORMAT', message: reason });
    });
  }
});
