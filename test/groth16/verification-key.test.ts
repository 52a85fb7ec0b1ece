import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { keccak_256 } from '@noble/hashes/sha3';
import { BASE_FIELD_MODULUS, GENERATOR_G2, isPointG1, isPointG2, type PointG2 } from '../../src/groth16/curve-points.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { developmentProvingKey } from '../../src/groth16/development-setup/development-setup.js';
import { forgeWithKnownTrapdoor } from '../../src/groth16/development-setup/trapdoor-forgery.js';
import { attemptedSignals } from '../../src/groth16/forgery.js';
import { sha256 } from '../../src/groth16/key-manifest.js';
import { PUBLISHED_ALPHA, PUBLISHED_BETA } from '../../src/groth16/published-powers.js';
import { DEVELOPMENT_SECURITY, isInsecure, parseVerificationKey, verificationKeyHash, verificationKeyToJson, type VerificationKey } from '../../src/groth16/verification-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import { productCircuit } from './tiny-circuits.js';

type Json = Record<string, unknown>;

/** A point of the twist outside the group: x = 2 + u times 0 … found by search; it is on the curve and has another order. */
const OFF_SUBGROUP = findOutsideSubgroup();

describe('verification keys', () => {
  let honest: Readonly<Json>;

  after(releaseCurves);
  before(async () => {
    const circuit = await productCircuit();
    const zkey = await developmentProvingKey(await readFile(circuit.r1cs), circuit.r1cs);
    honest = Object.freeze(verificationKeyToJson({ ...parseZkey(zkey, 'key').verificationKey, security: DEVELOPMENT_SECURITY }));
  });

  it('parse and print are inverse', () => {
    const key = parseVerificationKey(honest, 'k');
    assert.deepEqual(verificationKeyToJson(key), honest);
    assert.equal(isInsecure(key), true);
    assert.equal(isInsecure({ ...key, security: 'ceremony of 2027', alpha: PUBLISHED_ALPHA, beta: PUBLISHED_BETA }), false);
  });

  it('a development key is known by its trapdoor where its constraints are, and by its label', async () => {
    const key = parseVerificationKey({ ...honest, security: 'ceremony of 2027' }, 'k');
    const { r1cs } = await productCircuit();
    const r1csSha256 = sha256(await readFile(r1cs));
    const isForged = async (changed: Partial<VerificationKey>, hash: string): Promise<boolean> => {
      const [other, signals] = [{ ...key, ...changed }, attemptedSignals(key)];
      const forged = await forgeWithKnownTrapdoor(other, signals, hash);
      return forged !== undefined && verifyProof(other, signals, forged);
    };
    assert.equal(await isForged({}, r1csSha256), true);
    assert.equal(await isForged({}, '0'.repeat(64)), false);
    // Contributions leave alpha; over another phase 1, the published one too, a delta that everybody knows is enough.
    assert.equal(await isForged({ delta: key.beta }, r1csSha256), true);
    assert.equal(await isForged({ alpha: PUBLISHED_ALPHA, beta: PUBLISHED_BETA }, r1csSha256), true);
    // Of any phase 1 but the published one.
    assert.deepEqual([isInsecure(key), isInsecure({ ...key, security: DEVELOPMENT_SECURITY })], [true, true]);
  });

  it("snarkjs's own further member is taken", () => {
    assert.doesNotThrow(() => parseVerificationKey({ ...honest, vk_alphabeta_12: [] }, 'k'));
  });

  it('the hash is keccak256 over alpha, beta, gamma, delta and IC as 32-byte words', () => {
    const key = parseVerificationKey(honest, 'k');
    const coordinates = [...key.alpha, ...key.beta.flat(), ...key.gamma.flat(), ...key.delta.flat(), ...key.ic.flat()];
    const packed = Buffer.concat(coordinates.map((value) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')));
    assert.equal(packed.length, 32 * (2 + 3 * 4 + 3 * 2));
    assert.equal(verificationKeyHash(key), `0x${Buffer.from(keccak_256(packed)).toString('hex')}`);
    assert.notEqual(verificationKeyHash({ ...key, ic: [...key.ic].reverse() }), verificationKeyHash(key));
  });

  const cases: readonly (readonly [string, (key: Json) => Json, RegExp])[] = [
    ['another protocol', (key) => ({ ...key, protocol: 'plonk' }), /k: protocol must be "groth16"/],
    ['another curve', (key) => ({ ...key, curve: 'bls12381' }), /k: curve must be "bn128"/],
    ['no label', ({ security: _, ...key }) => key, /k: security must say/],
    ['an unknown member', (key) => ({ ...key, extra: 1 }), /k: extra is no member/],
    ['a wrong number of signals', (key) => ({ ...key, nPublic: 1 }), /k: nPublic must be 2/],
    ['a point too few', (key) => ({ ...key, IC: (key.IC as unknown[]).slice(0, 2) }), /k: nPublic must be 1/],
    ['a point twice', (key) => ({ ...key, IC: [0, 1, 1].map((index) => (key.IC as unknown[])[index]) }), /k: IC has a point twice/],
    ['infinity in IC', (key) => ({ ...key, IC: [['0', '1', '0'], ...(key.IC as unknown[]).slice(1)] }), /k: IC\[0\] is not an affine point/],
    ['zeros for alpha', (key) => ({ ...key, vk_alpha_1: ['0', '0', '1'] }), /k: vk_alpha_1 is not an affine point/],
    ['alpha off the curve', (key) => ({ ...key, vk_alpha_1: ['1', '3', '1'] }), /k: vk_alpha_1 is not an affine point/],
    ['a coordinate plus q', (key) => ({ ...key, vk_alpha_1: [String(1n + BASE_FIELD_MODULUS), '2', '1'] }), /k: vk_alpha_1 is not an affine point/],
    ['a number instead of a string', (key) => ({ ...key, vk_alpha_1: [1, '2', '1'] }), /k: vk_alpha_1 must hold plain decimal strings/],
    ['a leading zero', (key) => ({ ...key, vk_alpha_1: ['01', '2', '1'] }), /k: vk_alpha_1 must hold plain decimal strings/],
    ['beta on the twist but outside the group', (key) => ({ ...key, vk_beta_2: jsonG2(OFF_SUBGROUP) }), /k: vk_beta_2 is not an affine point of the group/],
    ['beta off the twist', (key) => ({ ...key, vk_beta_2: jsonG2([[1n, 0n], [2n, 0n]]) }), /k: vk_beta_2 is not an affine point of the group/],
  ];
  for (const [title, change, reason] of cases) {
    it(`refuses a key with ${title}`, () => {
      assert.throws(() => parseVerificationKey(change({ ...honest }), 'k'), { code: 'VERIFICATION_KEY', message: reason });
    });
  }

  it('refuses delta equal to the generator or to gamma', () => {
    const generator = jsonG2(GENERATOR_G2);
    assert.throws(() => parseVerificationKey({ ...honest, vk_delta_2: generator }, 'k'), { code: 'KEY_WITHOUT_CONTRIBUTION', message: /the generator/ });
    assert.throws(() => parseVerificationKey({ ...honest, vk_gamma_2: honest.vk_delta_2 }, 'k'), { code: 'KEY_WITHOUT_CONTRIBUTION', message: /to gamma/ });
  });

  it('the point tests know their curves', () => {
    assert.equal(isPointG1([1n, 2n]), true);
    assert.equal(isPointG1([1n, BASE_FIELD_MODULUS - 2n]), true);
    assert.equal(isPointG1([1n, 2n + BASE_FIELD_MODULUS]), false);
    assert.equal(isPointG1([0n, 0n]), false);
    assert.equal(isPointG2(GENERATOR_G2), true);
    assert.equal(isPointG2(OFF_SUBGROUP), false);
  });
});

function jsonG2([x, y]: PointG2): string[][] {
  return [x.map(String), y.map(String), ['1', '0']];
}

/** The first x = k + 0u for which x^3 + b is a square: its points have the twist's full order, not the group's. */
function findOutsideSubgroup(): PointG2 {
  const q = BASE_FIELD_MODULUS;
  const mod = (value: bigint): bigint => ((value % q) + q) % q;
  const power = (base: bigint, exponent: bigint): bigint => {
    let [result, square] = [1n, mod(base)];
    for (let rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) if ((rest & 1n) === 1n) result = mod(result * square);
    return result;
  };
  const root = (value: bigint): bigint | undefined => {
    const candidate = power(value, (q + 1n) / 4n);
    return mod(candidate * candidate) === mod(value) ? candidate : undefined;
  };
  const b = [19485874751759354771024239261021720505790618469301721065564631296452457478373n, 266929791119991161246907387137283842545076965332900288569378510910307636690n] as const;
  for (let k = 1n; ; k++) {
    const [c0, c1] = [mod(k * k * k + b[0]), b[1]];
    const norm = root(mod(c0 * c0 + c1 * c1));
    if (norm === undefined) continue;
    for (const sign of [norm, mod(-norm)]) {
      const y0 = root(mod((c0 + sign) * power(2n, q - 2n)));
      if (y0 === undefined || y0 === 0n) continue;
      return [[k, 0n], [y0, mod(c1 * power(mod(2n * y0), q - 2n))]];
    }
  }
}
