import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyPaths, readKeyManifest } from '../../../src/groth16/key-manifest.js';
import { checkKeys } from '../../../src/service/worker/key-check.js';
import { keyManifestDigest } from '../../../src/service/worker/key-manifest-digest.js';
import { keyFolder, productCircuit, rangeCircuit } from '../../groth16/tiny-circuits.js';

describe('the keys of a worker', () => {
  let keys: string;
  let names: string[];
  let remove: () => Promise<void>;
  let folder: string;
  before(async () => {
    const circuits = [await productCircuit(), await rangeCircuit()];
    names = circuits.map(({ name }) => name);
    ({ keys, remove } = await keyFolder(...circuits));
  });
  after(() => remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-key-check-'));
    await cp(keys, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are taken where every file is the one in the manifest, and told to be development keys', async () => {
    const { manifestSha256, insecure } = await checkKeys(folder, names, true);
    assert.deepEqual(insecure, names);
    assert.equal(manifestSha256, keyManifestDigest(await readKeyManifest(keys), keys, [...names].reverse()), 'in whatever order they are named');
    await assert.rejects(checkKeys(folder, names, false), { code: 'INSECURE_KEY', message: /are INSECURE development keys/ });
  });

  for (const kind of ['zkey', 'wasm', 'vkey'] as const) {
    it(`are refused after a flipped bit in a ${kind} [V33]`, async () => {
      const file = keyPaths[kind](folder, names[1] as string);
      const bytes = await readFile(file);
      bytes[200] = (bytes[200] as number) ^ 1;
      await writeFile(file, bytes);
      await assert.rejects(checkKeys(folder, names, true), { code: 'KEY_HASH', message: new RegExp(`${names[1]}.*is not the file in the manifest`) });
      await rm(file);
      await assert.rejects(checkKeys(folder, names, true), { code: 'KEY_MISSING' });
    });
  }

  it('have another digest with any other key, and none where one lacks', async () => {
    const manifest = await readKeyManifest(folder);
    const digest = keyManifestDigest(manifest, folder, names);
    const [first = ''] = names;
    for (const field of ['zkeySha256', 'vkeySha256', 'wasmSha256', 'r1csSha256'] as const) {
      const record = manifest.keys[first];
      assert.ok(record !== undefined);
      const changed = { ...manifest, keys: { ...manifest.keys, [first]: { ...record, [field]: '0'.repeat(64) } } };
      assert.notEqual(keyManifestDigest(changed, folder, names), digest, field);
    }
    assert.notEqual(keyManifestDigest(manifest, folder, [first]), digest);
    assert.throws(() => keyManifestDigest(manifest, folder, ['none']), { code: 'KEY_MISSING' });
  });
});
