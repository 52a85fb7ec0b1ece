import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { zKey, type MemoryFile } from 'snarkjs';
import { readSections } from '../../../src/groth16/binary-file.js';
import { releaseCurves, requireCurve } from '../../../src/groth16/curves.js';
import { DEVELOPMENT_POWERS, developmentPowersOfTau } from '../../../src/groth16/development-setup/development-powers.js';
import { provingKeyFromTrapdoor } from '../../../src/groth16/development-setup/development-setup.js';
import { parseR1cs } from '../../../src/groth16/r1cs.js';
import { productCircuit, rangeCircuit } from '../tiny-circuits.js';

describe('INSECURE phase-1 file for tests', () => {
  after(releaseCurves);

  for (const [title, circuitOf, power] of [
    // Four rows: the file is as small as it may be, and the quotient takes its largest domain.
    ['of just its size', productCircuit, 2],
    ['of fewer rows', rangeCircuit, 7],
  ] as const) {
    it(`makes snarkjs's initial key that of the development set-up at the public secrets and delta 1, for a circuit ${title}`, async () => {
      const circuit = await circuitOf();
      await requireCurve();
      const made: MemoryFile = { type: 'mem' };
      await zKey.newZKey(circuit.r1cs, { type: 'mem', data: await developmentPowersOfTau(power) }, made);
      const theirs = readSections(made.data ?? new Uint8Array(), 'zkey', 'theirs');
      const trapdoor = { ...DEVELOPMENT_POWERS, delta: 1n };
      const ours = readSections(await provingKeyFromTrapdoor(parseR1cs(await readFile(circuit.r1cs), circuit.r1cs), trapdoor), 'zkey', 'ours');
      assert.deepEqual([...theirs.keys()], [...ours.keys()]);
      for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9]) assert.ok(Buffer.from(theirs.get(id) ?? []).equals(ours.get(id) ?? new Uint8Array()), `section ${id}`);
    });
  }

  it('has the same bytes everywhere', async () => {
    const hash = createHash('sha256').update(await developmentPowersOfTau(4)).digest('hex');
    assert.equal(hash, '12644472bc76e7467813048a80459c441c107498cc31e7f78851acaf052e2d75');
  });

  for (const power of [1, 22, 2.5]) {
    it(`is refused for power ${power}`, async () => {
      await assert.rejects(developmentPowersOfTau(power), { code: 'DEVELOPMENT_POWERS', message: /choose 2 to 21/ });
    });
  }
});
