import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { ProofStore } from '../../src/proving/proof-store.js';
import { standInProof, withFolder } from './support.js';

const CIRCUIT = 'circuit-a';
const SIGNALS = Object.freeze([1n, 2n ** 253n, 0n]);
const PROOF = standInProof(8);

describe('the store of finished proofs', () => {
  async function stored(folder: string): Promise<{ readonly store: ProofStore; readonly file: string }> {
    const store = new ProofStore(folder);
    await store.write('batch-000000', CIRCUIT, SIGNALS, PROOF);
    return { store, file: join(folder, 'batch-000000.json') };
  }

  it('gives back the proof of a statement, in a file of its own', () => withFolder(async (folder) => {
    const { store } = await stored(join(folder, 'proofs'));
    assert.deepEqual(await store.read('batch-000000', CIRCUIT, SIGNALS), PROOF);
    assert.deepEqual(await readdir(join(folder, 'proofs')), ['batch-000000.json']);
  }));

  it('has nothing under another name', () => withFolder(async (folder) => {
    const { store } = await stored(folder);
    assert.equal(await store.read('batch-000001', CIRCUIT, SIGNALS), undefined);
  }));

  const foreign: readonly (readonly [string, string, readonly bigint[]])[] = [
    ['another circuit', 'circuit-b', SIGNALS],
    ['another signal', CIRCUIT, [1n, 2n ** 253n, 1n]],
    ['signals in another order', CIRCUIT, [2n ** 253n, 1n, 0n]],
    ['fewer signals', CIRCUIT, [1n, 2n ** 253n]],
  ];
  for (const [title, circuit, signals] of foreign) {
    it(`gives no proof of a statement with ${title}, and says so`, () => withFolder(async (folder) => {
      const { store, file } = await stored(folder);
      assert.deepEqual(await store.read('batch-000000', circuit, signals), { unusable: `${file} proves another statement` });
    }));
  }

  it('says of a torn file that it cannot be used, wherever it is torn', () => withFolder(async (folder) => {
    const { store, file } = await stored(folder);
    const whole = await readFile(file);
    await fc.assert(fc.asyncProperty(fc.nat(whole.length - 3), async (length) => {
      await writeFile(file, whole.subarray(0, length));
      const found = await store.read('batch-000000', CIRCUIT, SIGNALS);
      assert.ok(found !== undefined && 'unusable' in found && found.unusable.startsWith(`${file} cannot be used: `));
    }), { numRuns: 40 });
  }));

  it('never gives the stored proof back from a file with a flipped bit in it', () => withFolder(async (folder) => {
    const { store, file } = await stored(folder);
    const whole = await readFile(file);
    const text = whole.toString();
    const [from, to] = [text.indexOf('"proof"'), text.lastIndexOf('}')];
    await fc.assert(fc.asyncProperty(fc.integer({ min: from, max: to - 1 }), fc.nat(7), async (place, bit) => {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] as number) ^ (1 << bit);
      await writeFile(file, bytes);
      const found = await store.read('batch-000000', CIRCUIT, SIGNALS);
      // White space may change into white space; anything else must show, here or when the caller verifies.
      if (found !== undefined && !('unusable' in found) && /\S/.test(text[place] as string)) assert.notDeepEqual(found, PROOF);
    }), { numRuns: 150 });
  }));

  for (const text of ['null', '[]', '{}', '{"circuit":"circuit-a"}', '7']) {
    it(`cannot use ${text}`, () => withFolder(async (folder) => {
      const { store, file } = await stored(folder);
      await writeFile(file, text);
      const found = await store.read('batch-000000', CIRCUIT, SIGNALS);
      assert.ok(found !== undefined && 'unusable' in found);
    }));
  }
});
