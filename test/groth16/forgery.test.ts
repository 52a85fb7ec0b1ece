import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyContributions } from '../../src/groth16/contributions.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { GENERATOR_G2 } from '../../src/groth16/curve-points.js';
import { developmentPowersOfTau } from '../../src/groth16/development-setup/development-powers.js';
import { provingKeyFromTrapdoor } from '../../src/groth16/development-setup/development-setup.js';
import { forgeWithKnownTrapdoor } from '../../src/groth16/development-setup/trapdoor-forgery.js';
import { DEVELOPMENT_POWERS, developmentTrapdoor } from '../../src/groth16/development-setup/trapdoor.js';
import {
  attemptedSignals, deltaWithRelation, forgeByRelation, forgeWithDelta, forgeWithPhaseOne, NEAR_RELATIONS, relationOfDelta, WITHOUT_CONTRIBUTION, type KeyPoints,
} from '../../src/groth16/forgery.js';
import { attemptForgeries, passKeyGates, snarkjsTarget } from '../../src/groth16/key-gates.js';
import { knownTrapdoors } from '../../src/groth16/known-trapdoors.js';
import { readKeyManifest } from '../../src/groth16/key-manifest.js';
import { applyBeacon, contributeToKey, initialKey } from '../../src/groth16/phase-two.js';
import { curveGroups, GENERATOR_G1 } from '../../src/groth16/point-sums.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { PUBLISHED_ALPHA, PUBLISHED_BETA } from '../../src/groth16/published-powers.js';
import { DEVELOPMENT_SECURITY, isInsecure, REHEARSAL_SECURITY, type VerificationKey } from '../../src/groth16/verification-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import { productCircuit } from './tiny-circuits.js';

const CEREMONY = 'ceremony of 2027';
/** Any will do: no witness is made. */
const SIGNALS = [(1n << 250n) + 7n, 1n << 200n] as const;

describe('forgeries', () => {
  after(releaseCurves);

  /** A key of the product circuit. */
  async function keyOf(secrets: { readonly tau: bigint; readonly alpha: bigint; readonly beta: bigint; readonly delta: bigint }, security: string): Promise<VerificationKey> {
    const { r1cs } = await productCircuit();
    const zkey = await provingKeyFromTrapdoor(parseR1cs(await readFile(r1cs), r1cs), secrets);
    return { ...parseZkey(zkey, 'key').verificationKey, security };
  }
  /** Over a phase 1 of its own. */
  const own = (): Promise<VerificationKey> => keyOf({ tau: 1_234_577n, alpha: 7_654_321n << 90n, beta: 1_111_111n << 120n, delta: 987_654_321n << 150n }, CEREMONY);
  const sound = async (): Promise<VerificationKey> => ({ ...(await own()), alpha: PUBLISHED_ALPHA, beta: PUBLISHED_BETA });

  it('hold on a key that nobody contributed to, and on none that somebody did [S2]', async () => {
    const weak = await keyOf({ tau: 5n, alpha: 6n << 99n, beta: 7n << 99n, delta: 1n }, CEREMONY);
    assert.deepEqual(weak.delta, GENERATOR_G2);
    const forge = async (key: KeyPoints): Promise<boolean> => {
      const proof = await forgeByRelation(key, SIGNALS, WITHOUT_CONTRIBUTION);
      assert.ok(proof);
      return verifyProof({ ...key, security: CEREMONY }, SIGNALS, proof);
    };
    assert.equal(await forge(weak), true);
    assert.equal(await forge(await sound()), false);
    await assert.rejects(passKeyGates(weak, 'k'), { code: 'KEY_WITHOUT_CONTRIBUTION', message: /the generator/ });
    await assert.rejects(attemptForgeries(snarkjsTarget(weak), weak, 'k', [WITHOUT_CONTRIBUTION]), { code: 'FORGERY_TAKEN', message: /snarkjs takes a forged proof for the key k/ });
  });

  it('hold on every key whose delta small factors make of beta and gamma, and the gates find it [S1]', async () => {
    const key = await sound();
    for (const relation of [...NEAR_RELATIONS, { ofBeta: -7, ofGamma: 16 }, { ofBeta: 5, ofGamma: 0 }, { ofBeta: 0, ofGamma: 32 }]) {
      const weak = { ...key, delta: await deltaWithRelation(key, relation) };
      const proof = await forgeByRelation(weak, SIGNALS, relation);
      assert.ok(proof);
      assert.deepEqual([await verifyProof(weak, SIGNALS, proof), await verifyProof(key, SIGNALS, proof)], [true, false]);
      assert.deepEqual(await relationOfDelta(weak), relation);
      await assert.rejects(passKeyGates(weak, 'k'), { code: 'KEY_WITHOUT_CONTRIBUTION' });
    }
    assert.equal(await relationOfDelta(key), undefined);
  });

  it('are refused by a sound key, each beside a control that takes it', async () => {
    const key = await sound();
    assert.deepEqual(await passKeyGates(key, 'k', NEAR_RELATIONS), { target: 'snarkjs', refused: 8, controls: 8 });
    const deaf = { ...snarkjsTarget(key), name: 'a verifier that refuses all', takesWeakened: () => Promise.resolve(false) };
    await assert.rejects(attemptForgeries(deaf, key, 'k', [WITHOUT_CONTRIBUTION]), { code: 'FORGERY_CONTROL', message: /shows nothing/ });
  });

  it('are not needed where gamma is another point, or IC has a point and its negative [S1]', async () => {
    const key = await sound();
    await assert.rejects(passKeyGates({ ...key, gamma: key.beta }, 'k'), { code: 'KEY_GAMMA' });
    const negative = (await curveGroups()).g1.sum([[-1n, key.ic[1] ?? GENERATOR_G1]]);
    assert.ok(negative);
    await assert.rejects(passKeyGates({ ...key, ic: [...key.ic.slice(0, 2), negative] }, 'k'), { code: 'KEY_INPUTS' });
  });

  it('hold with delta alone', async () => {
    const key = await sound();
    const proof = await forgeWithDelta(key, SIGNALS, 987_654_321n << 150n);
    assert.ok(proof && await verifyProof(key, SIGNALS, proof));
  });

  it('hold with the public secrets of phase 1, whoever contributed to phase 2, and the label cannot hide it [S5] [S12]', async () => {
    // delta as three contributors leave it: no one of them knows the product, and nobody needs it.
    const key = await keyOf({ ...DEVELOPMENT_POWERS, delta: (3n << 201n) * (5n << 3n) }, CEREMONY);
    const proof = await forgeWithKnownTrapdoor(key, SIGNALS);
    assert.ok(proof && await verifyProof(key, SIGNALS, proof));
    assert.equal(isInsecure(key), true);
    await assert.rejects(passKeyGates(key, 'k'), { code: 'KNOWN_TRAPDOOR', message: /calls itself "ceremony of 2027".*test phase 1.*whoever contributed/ });
    assert.equal((await passKeyGates({ ...key, security: DEVELOPMENT_SECURITY }, 'k')).refused, 1);
  });

  it('hold for whoever made a phase 1 of their own, which no good label hides: its alpha and beta are not the published ones [S8]', async () => {
    const key = await own();
    const proof = await forgeWithPhaseOne(key, SIGNALS, { alpha: 7_654_321n << 90n, beta: 1_111_111n << 120n });
    assert.ok(proof);
    assert.equal(await verifyProof(key, SIGNALS, proof), true);
    const published = await sound();
    for (const mixed of [key, { ...published, alpha: key.alpha }, { ...published, beta: key.beta }]) {
      assert.equal(isInsecure(mixed), true);
      await assert.rejects(passKeyGates(mixed, 'k'), { code: 'KEY_PHASE_ONE', message: /calls itself "ceremony of 2027", but its alpha and beta are not those of the published phase 1: whoever made them can forge/ });
      assert.equal((await passKeyGates({ ...mixed, security: REHEARSAL_SECURITY }, 'k')).refused, 1);
    }
    assert.deepEqual([isInsecure(published), isInsecure({ ...published, security: REHEARSAL_SECURITY })], [false, true]);
    assert.equal(await forgeWithKnownTrapdoor(await sound(), attemptedSignals(key)), undefined);
  });

  it('hold on a key of three real contributions and a beacon over a phase 1 whose secrets are known [S5]', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clearproof-forgery-'));
    const at = (number: number): string => join(folder, `${number}.zkey`);
    try {
      await writeFile(join(folder, 'test.ptau'), await developmentPowersOfTau(4));
      await initialKey({ r1cs: (await productCircuit()).r1cs, ptau: join(folder, 'test.ptau'), out: at(0) });
      for (const [place, name] of ['Ada', 'Zoë', 'Kim'].entries()) await contributeToKey({ from: at(place), to: at(place + 1), name, entropy: new Uint8Array() });
      await applyBeacon({ from: at(3), to: at(4), name: 'beacon', blockHash: 'ab'.repeat(32), iterations: 10 });
      const zkey = new Uint8Array(await readFile(at(4)));
      assert.equal((await verifyContributions(zkey, 'key')).contributions.length, 4, 'nothing is wrong with phase 2');
      const key = { ...parseZkey(zkey, 'key').verificationKey, security: CEREMONY };
      const proof = await forgeWithKnownTrapdoor(key, SIGNALS);
      assert.ok(proof && await verifyProof(key, SIGNALS, proof));
      const other = await forgeWithPhaseOne(key, SIGNALS, { ...DEVELOPMENT_POWERS, beta: DEVELOPMENT_POWERS.beta + 1n });
      assert.ok(other && !(await verifyProof(key, SIGNALS, other)), 'and not with other secrets');
      await assert.rejects(passKeyGates(key, 'k'), { code: 'KNOWN_TRAPDOOR' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('every listed trapdoor is the one that its circuit has, and every key of this build is listed', async () => {
    const { g1 } = await curveGroups();
    for (const [x, { r1csSha256 }] of knownTrapdoors()) {
      const { alpha } = r1csSha256 === undefined ? DEVELOPMENT_POWERS : developmentTrapdoor(r1csSha256);
      assert.equal(g1.sum([[alpha, GENERATOR_G1]])?.[0], x);
    }
    const listed = new Set([...knownTrapdoors().values()].map(({ r1csSha256 }) => r1csSha256));
    const { keys } = await readKeyManifest('build/keys');
    assert.deepEqual(Object.entries(keys).filter(([, { r1csSha256 }]) => !listed.has(r1csSha256)).map(([name]) => name), [], 'add them to known-trapdoors.ts');
  });
});
