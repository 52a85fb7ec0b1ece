import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { groth16, zKey } from 'snarkjs';
import { FIELD_MODULUS, addInField, invertInField, multiplyInField, subtractInField } from '../../../src/field/scalar-field.js';
import { BinaryFileError, littleEndian, readLittleEndian, readSections } from '../../../src/groth16/binary-file.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { curveImage } from '../../../src/groth16/development-setup/curve-image.js';
import { CurveMemory } from '../../../src/groth16/development-setup/curve-memory.js';
import { developmentProvingKey } from '../../../src/groth16/development-setup/development-setup.js';
import { generatorMultiples } from '../../../src/groth16/development-setup/generator-multiples.js';
import { evaluateLagrange, powerInField, rootOfUnity } from '../../../src/groth16/development-setup/lagrange.js';
import { developmentTrapdoor } from '../../../src/groth16/development-setup/trapdoor.js';
import { sha256 } from '../../../src/groth16/key-manifest.js';
import type { Groth16Proof } from '../../../src/groth16/proof.js';
import { proofFromSnarkjs } from '../../../src/groth16/proof-json.js';
import { DEVELOPMENT_SECURITY, type VerificationKey } from '../../../src/groth16/verification-key.js';
import { verifyProof } from '../../../src/groth16/verify.js';
import { WitnessCalculator, witnessFile } from '../../../src/groth16/witness-calculator.js';
import { parseZkey } from '../../../src/groth16/zkey.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import type { CompiledTestCircuit } from '../../harness/circuit.js';
import { PRODUCT_INPUT, PRODUCT_SIGNALS, hashChainCircuit, productCircuit, rangeCircuit } from '../tiny-circuits.js';

const ELEMENT = 32;

describe('development set-up', () => {
  after(releaseCurves);

  const cases: readonly (readonly [string, () => Promise<CompiledTestCircuit>, CircuitInput, readonly bigint[]])[] = [
    ['with a public input that is in no constraint', productCircuit, PRODUCT_INPUT, PRODUCT_SIGNALS],
    ['with an output', rangeCircuit, { value: 77n }, [154n]],
  ];
  for (const [title, circuitOf, input, signals] of cases) {
    it(`snarkjs proves and verifies a circuit ${title}, and a flipped public signal fails`, async () => {
      const circuit = await circuitOf();
      const zkey = await keyOf(circuit);
      const proof = await prove(zkey, circuit, input);
      const key = keyInside(zkey);
      assert.equal(await verifyProof(key, signals, proof), true);
      for (const place of signals.keys()) {
        const flipped = signals.map((value, index) => (index === place ? value + 1n : value));
        assert.equal(await verifyProof(key, flipped, proof), false, `signal ${place}`);
      }
    });
  }

  it('a key made over threads proves a circuit of hashes', async () => {
    const circuit = await hashChainCircuit(8);
    const zkey = await keyOf(circuit);
    const { wires } = parseZkey(zkey, 'key');
    assert.ok(wires > 1500, 'large enough for the thread path');
    const calculator = await WitnessCalculator.load('chain', await readFile(circuit.wasm));
    const end = await endOfChain(8);
    const { proof, publicSignals } = await groth16.prove({ type: 'mem', data: zkey }, { type: 'mem', data: witnessFile(await calculator.calculate({ end, start: 7n })) });
    assert.deepEqual(publicSignals, [String(end)]);
    assert.equal(await verifyProof(keyInside(zkey), [end], proofFromSnarkjs(proof)), true);
  });

  it('the same constraints give the same bytes, whatever the number of threads', async () => {
    const circuit = await hashChainCircuit(8);
    const r1cs = await readFile(circuit.r1cs);
    assert.equal(sha256(await developmentProvingKey(r1cs, 'a', 1)), sha256(await developmentProvingKey(r1cs, 'b', 2)));
  });

  it('the verification key inside is the one snarkjs exports', async () => {
    const zkey = await keyOf(await productCircuit());
    const exported = await zKey.exportVerificationKey({ type: 'mem', data: zkey });
    const { alpha, beta, gamma, delta, ic } = keyInside(zkey);
    const affine = (point: readonly bigint[]): string[] => [...point.map(String), '1'];
    const twist = (point: readonly (readonly bigint[])[]): string[][] => [...point.map((pair) => pair.map(String)), ['1', '0']];
    assert.deepEqual(
      [exported.vk_alpha_1, exported.vk_beta_2, exported.vk_gamma_2, exported.vk_delta_2, exported.IC],
      [affine(alpha), twist(beta), twist(gamma), twist(delta), ic.map(affine)],
    );
  });

  it('section 10 claims no contribution', async () => {
    const section = readSections(await keyOf(await productCircuit()), 'zkey', 'key').get(10);
    assert.equal(section?.length, 68);
    assert.deepEqual([...(section?.subarray(64) ?? [])], [0, 0, 0, 0]);
  });

  it('refuses a file that is cut short, naming it', async () => {
    const r1cs = await readFile((await productCircuit()).r1cs);
    await assert.rejects(developmentProvingKey(r1cs.subarray(0, r1cs.length - 9), 'short.r1cs'), (error: unknown) => {
      assert.ok(error instanceof BinaryFileError);
      assert.match(error.message, /^short\.r1cs is cut short/);
      return true;
    });
  });

  it('whoever knows the trapdoor forges: a proof of 3 * 4 = 13 verifies, which is why the key is INSECURE', async () => {
    const circuit = await productCircuit();
    const r1cs = await readFile(circuit.r1cs);
    const trapdoor = developmentTrapdoor(sha256(r1cs));
    const key = keyInside(await developmentProvingKey(r1cs, circuit.r1cs));
    const signals = [5n, 13n];
    const inputs = inputScalar(await readFile(circuit.r1cs), signals, trapdoor);
    // Any A and B will do; C is solved for, which takes delta: A*B = alpha*beta + inputs + C*delta.
    const [a, b] = [11n, 17n];
    const rest = subtractInField(multiplyInField(a, b), addInField(multiplyInField(trapdoor.alpha, trapdoor.beta), inputs));
    const c = multiplyInField(rest, invertInField(trapdoor.delta));
    const forged = await proofOfScalars(a, b, c);
    assert.equal(await verifyProof(key, signals, forged), true);
    assert.equal(await verifyProof(key, [5n, 12n], forged), false);
  });

  it('Lagrange polynomials at tau interpolate every polynomial below the domain size', async () => {
    const memory = await CurveMemory.open(await curveImage());
    const element = fc.bigInt(2n, FIELD_MODULUS - 1n);
    fc.assert(
      fc.property(element, fc.array(element, { minLength: 1, maxLength: 8 }), (tau, coefficients) => {
        const at = evaluateLagrange(memory, tau, { bits: 3, first: 0, step: 1, factor: 1n }, 'plain');
        const values = Array.from({ length: 8 }, (_, index) => readLittleEndian(memory.bytes().slice(at + index * ELEMENT, at + (index + 1) * ELEMENT)));
        const polynomial = (x: bigint): bigint => coefficients.reduce((sum, coefficient, power) => addInField(sum, multiplyInField(coefficient, powerInField(x, BigInt(power)))), 0n);
        const sum = values.reduce((total, value, index) => addInField(total, multiplyInField(value, polynomial(powerInField(rootOfUnity(3), BigInt(index))))), 0n);
        assert.equal(sum, polynomial(tau));
      }),
      { numRuns: 25 },
    );
  });
});

function keyInside(zkey: Uint8Array): VerificationKey {
  return { ...parseZkey(zkey, 'key').verificationKey, security: DEVELOPMENT_SECURITY };
}

async function keyOf(circuit: CompiledTestCircuit): Promise<Uint8Array> {
  return developmentProvingKey(await readFile(circuit.r1cs), circuit.r1cs);
}

async function prove(zkey: Uint8Array, circuit: CompiledTestCircuit, input: CircuitInput): Promise<Groth16Proof> {
  const calculator = await WitnessCalculator.load(circuit.name, await readFile(circuit.wasm));
  const { proof } = await groth16.prove({ type: 'mem', data: zkey }, { type: 'mem', data: witnessFile(await calculator.calculate(input)) });
  return proofFromSnarkjs(proof);
}

async function endOfChain(length: number): Promise<bigint> {
  const { portablePoseidon } = await import('../../../src/commitment/poseidon-portable.js');
  return Array.from({ length }, (_, index) => BigInt(index)).reduce((state, index) => portablePoseidon.hash([state, index]), 7n);
}

/**
 * The input points' combination as a scalar, for the product circuit worked out by hand: its one constraint left * right = product is row 0,
 * and the rows after it hold 1, label and product in A.
 */
function inputScalar(r1cs: Uint8Array, [label, product]: readonly bigint[], trapdoor: ReturnType<typeof developmentTrapdoor>): bigint {
  assert.ok(r1cs.length > 0);
  const size = 4n;
  const root = rootOfUnity(2);
  const lagrange = (row: bigint): bigint => {
    const point = powerInField(root, row);
    const numerator = multiplyInField(point, subtractInField(powerInField(trapdoor.tau, size), 1n));
    return multiplyInField(numerator, invertInField(multiplyInField(size, subtractInField(trapdoor.tau, point))));
  };
  const inA = [lagrange(1n), multiplyInField(label ?? 0n, lagrange(2n)), multiplyInField(product ?? 0n, lagrange(3n))].reduce(addInField);
  // circom writes the constraint as (-left) * right = -product.
  const inC = multiplyInField(FIELD_MODULUS - (product ?? 0n), lagrange(0n));
  return addInField(multiplyInField(trapdoor.beta, inA), inC);
}

async function proofOfScalars(a: bigint, b: bigint, c: bigint): Promise<Groth16Proof> {
  const scalars = { g1m: Buffer.concat([littleEndian(a, ELEMENT), littleEndian(c, ELEMENT)]), g2m: littleEndian(b, ELEMENT) };
  const { g1m, g2m } = await generatorMultiples(scalars, 1);
  const inverse = montgomeryInverse();
  const coordinate = (bytes: Uint8Array, index: number): bigint => (readLittleEndian(bytes.slice(index * ELEMENT, (index + 1) * ELEMENT)) * inverse) % Q;
  const g1 = (index: number): [bigint, bigint] => [coordinate(g1m, 2 * index), coordinate(g1m, 2 * index + 1)];
  return { a: g1(0), b: [[coordinate(g2m, 0), coordinate(g2m, 1)], [coordinate(g2m, 2), coordinate(g2m, 3)]], c: g1(1) };
}

const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

function montgomeryInverse(): bigint {
  let [result, square] = [1n, (1n << 256n) % Q];
  for (let rest = Q - 2n; rest > 0n; rest >>= 1n, square = (square * square) % Q) if ((rest & 1n) === 1n) result = (result * square) % Q;
  return result;
}
