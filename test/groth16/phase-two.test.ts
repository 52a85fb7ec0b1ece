import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { zKey } from 'snarkjs';
import { littleEndian } from '../../src/groth16/binary-file.js';
import { verifyContributions } from '../../src/groth16/contributions.js';
import { releaseCurves, requireCurve } from '../../src/groth16/curves.js';
import { provingKeyFromTrapdoor } from '../../src/groth16/development-setup/development-setup.js';
import { rootOfUnity, powerInField } from '../../src/groth16/development-setup/lagrange.js';
import { applyBeacon, contributeToKey, initialKey, verifyAgainstInitial, verifyAgainstPrevious } from '../../src/groth16/phase-two.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { sectionOf, withSections } from './crafted-key.js';
import { BLOCK_HASH, ITERATIONS, phaseTwoFolder, type PhaseTwoFolder } from './phase-two-folder.js';
import { hashChainCircuit } from './tiny-circuits.js';

describe('phase 2 of a key', () => {
  let made: PhaseTwoFolder;
  let last: Uint8Array;

  before(async () => {
    made = await phaseTwoFolder();
    last = await made.read(made.keys[3]);
  });

  after(async () => {
    await made.remove();
    await releaseCurves();
  });

  const against = (zkey: string): Promise<unknown> => verifyAgainstInitial({ initial: made.keys[0], ptau: made.ptau, zkey });

  it('[P-185] starts from a key that anyone makes again, byte for byte', async () => {
    await initialKey({ r1cs: made.r1cs, ptau: made.ptau, out: `${made.folder}/again.zkey` });
    assert.deepEqual(await made.read(`${made.folder}/again.zkey`), await made.read(made.keys[0]));
  });

  it('[P-185] ends in a key that is what its contributions make of the initial one, and each of the one before', async () => {
    await against(made.keys[3]);
    await verifyAgainstPrevious({ before: made.keys[1], zkey: made.keys[2] });
    await assert.rejects(verifyAgainstPrevious({ before: made.keys[3], zkey: made.keys[2] }), { code: 'KEY_LINEAGE', message: /do not start with those/ });
  });

  it('[P-185] does not excuse a point H that is wrong where neither snarkjs nor a proof looks', async () => {
    const curve = await requireCurve();
    const points = sectionOf(last, 9);
    const size = points.length / 64;
    const root = rootOfUnity(Math.log2(size));
    for (let index = 0; index < size; index++) {
      const error = curve.G1.timesScalar(curve.G1.g, littleEndian(powerInField(root, BigInt(index)), 32));
      points.set(curve.G1.toAffine(curve.G1.add(error, points.slice(64 * index, 64 * index + 64))), 64 * index);
    }
    const file = await made.write('direction.zkey', withSections(last, { 9: points }));
    assert.equal(await zKey.verifyFromInit(made.keys[0], made.ptau, file), true, 'control: its random sum leaves this direction out');
    await assert.rejects(against(file), { code: 'KEY_LINEAGE', message: /points H \(section 9\)/ });
  });

  it('[P-185] does not excuse any other changed point, on the curve or off it', async () => {
    for (const [id, what] of [[3, 'public signals'], [4, 'coefficients'], [5, 'points A'], [6, 'points B in G1'], [7, 'points B in G2'], [8, 'points L'], [9, 'points H']] as const) {
      const section = sectionOf(last, id);
      section[section.length - 1] = (section.at(-1) ?? 0) ^ 1;
      await assert.rejects(against(await made.write('flipped.zkey', withSections(last, { [id]: section }))), { code: 'KEY_LINEAGE', message: new RegExp(what) });
    }
    const swapped = sectionOf(last, 9);
    swapped.set(sectionOf(last, 9).subarray(0, 64), 64);
    await assert.rejects(against(await made.write('swapped.zkey', withSections(last, { 9: swapped }))), { code: 'KEY_LINEAGE', message: /points H/ });
  });

  it('[P-185] of secrets that one person knows is told from a ceremony whose contributions it carries', async () => {
    const r1cs = parseR1cs(await made.read(made.r1cs), made.r1cs);
    const own = await provingKeyFromTrapdoor(r1cs, { tau: 5n, alpha: 6n, beta: 7n, delta: 1n }, 1);
    const header = sectionOf(own, 2);
    const theirs = sectionOf(last, 2);
    header.set(theirs.subarray(84 + 128 + 256), 84 + 128 + 256);
    const forged = withSections(own, { 2: header, 10: sectionOf(last, 10) });
    assert.equal((await verifyContributions(forged, 'forged')).contributions.length, 3, 'control: contributions alone do not show it');
    await assert.rejects(against(await made.write('forged.zkey', forged)), { code: 'KEY_LINEAGE', message: /alpha, beta or gamma/ });
  });

  it('mixes the system\'s entropy into a contribution, whatever the contributor brings', async () => {
    const hashes = [];
    for (const name of ['x', 'y']) hashes.push((await contributeToKey({ from: made.keys[0], to: `${made.folder}/${name}.zkey`, name: 'Carol', entropy: new Uint8Array(32) })).contributionHash);
    assert.notEqual(hashes[0], hashes[1]);
  });

  it('takes nothing after the beacon, no broken key, and leaves no file behind when it refuses', async () => {
    const to = `${made.folder}/refused.zkey`;
    await assert.rejects(contributeToKey({ from: made.keys[3], to, name: 'Late', entropy: new Uint8Array(0) }), { code: 'PHASE_TWO', message: /has its beacon/ });
    await assert.rejects(applyBeacon({ from: made.keys[3], to, name: 'beacon', blockHash: BLOCK_HASH, iterations: ITERATIONS }), { code: 'PHASE_TWO', message: /has its beacon/ });
    await assert.rejects(applyBeacon({ from: made.keys[2], to, name: 'beacon', blockHash: '0xab', iterations: ITERATIONS }), { code: 'PHASE_TWO', message: /64 lower-case hex/ });
    await assert.rejects(applyBeacon({ from: made.keys[2], to, name: 'beacon', blockHash: BLOCK_HASH, iterations: 9 }), { code: 'PHASE_TWO', message: /must be 10 to 20/ });
    const cut = await made.write('cut.zkey', last.subarray(0, last.length - 100));
    await assert.rejects(contributeToKey({ from: cut, to, name: 'Dave', entropy: new Uint8Array(0) }), { code: 'BINARY_FILE', message: /cut short/ });
    const { r1cs } = await hashChainCircuit(2);
    await assert.rejects(initialKey({ r1cs, ptau: made.ptau, out: to }), { code: 'PHASE_TWO', message: /circuit too big/ });
    await assert.rejects(initialKey({ r1cs: made.r1cs, ptau: made.r1cs, out: to }), { code: 'PHASE_TWO', message: /Invalid File format/ });
    assert.deepEqual((await readdir(made.folder)).filter((name) => name.startsWith('refused')), []);
  });
});
