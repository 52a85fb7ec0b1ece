import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChaCha, buildBn128 } from 'ffjavascript';
import { curves, powersOfTau, zKey } from 'snarkjs';
import { readSections, viewOf } from '../../../src/groth16/binary-file.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { provingKeyFromTrapdoor } from '../../../src/groth16/development-setup/development-setup.js';
import type { Trapdoor } from '../../../src/groth16/development-setup/trapdoor.js';
import { parseR1cs } from '../../../src/groth16/r1cs.js';
import { productCircuit, rangeCircuit } from '../tiny-circuits.js';

const BEACON = '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20';
const BEACON_ITERATIONS = 10;
const POWER = 5;

/** A phase-1 file whose secrets we know, because a beacon's are a function of its hash. */
describe('development set-up and snarkjs', () => {
  let folder: string;
  let ptau: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-ptau-'));
    const [fresh, contributed] = ['fresh.ptau', 'contributed.ptau'].map((name) => join(folder, name)) as [string, string];
    ptau = join(folder, 'prepared.ptau');
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), POWER, fresh);
    await powersOfTau.beacon(fresh, contributed, 'known', BEACON, BEACON_ITERATIONS);
    await powersOfTau.preparePhase2(contributed, ptau);
  });

  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await releaseCurves();
  });

  for (const [title, circuitOf] of [['public inputs', productCircuit], ['an output', rangeCircuit]] as const) {
    it(`agree on every byte of a key for the same secrets and delta 1, for a circuit with ${title}`, async () => {
      const circuit = await circuitOf();
      const file = join(folder, `${circuit.name}.zkey`);
      await zKey.newZKey(circuit.r1cs, ptau, file);
      const theirs = readSections(await readFile(file), 'zkey', 'theirs');
      const made = await provingKeyFromTrapdoor(parseR1cs(await readFile(circuit.r1cs), circuit.r1cs), await beaconTrapdoor());
      const ours = readSections(made, 'zkey', 'ours');
      assert.deepEqual([...ours.keys()], [...theirs.keys()], 'sections in the same order');
      // Section 10 names the set-up and differs on purpose.
      for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9]) assert.deepEqual(ours.get(id), new Uint8Array(theirs.get(id) ?? []), `section ${id}`);
    });
  }
});

/** How snarkjs draws a beacon's secrets: the iterated hash seeds a generator. */
async function beaconTrapdoor(): Promise<Trapdoor> {
  let hash = Buffer.from(BEACON, 'hex');
  for (let round = 0; round < 2 ** BEACON_ITERATIONS; round++) hash = createHash('sha256').update(hash).digest();
  const rng = new ChaCha(Array.from({ length: 8 }, (_, index) => viewOf(hash).getUint32(4 * index, false)));
  const { Fr } = await buildBn128();
  const [tau, alpha, beta] = [0, 1, 2].map(() => Fr.toObject(Fr.fromRng(rng))) as [bigint, bigint, bigint];
  return { tau, alpha, beta, delta: 1n };
}
