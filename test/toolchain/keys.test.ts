import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyPaths, readKeyManifest, sha256 } from '../../src/groth16/key-manifest.js';
import { loadProvingKey } from '../../src/groth16/proving-key.js';
import { makeDevelopmentKey, upgradeManifest } from '../../src/toolchain/keys.js';
import { makeCeremonyKey, replaceByCeremonyKey } from '../builders/ceremony-key.js';
import { TEST_CIRCUITS, type CompiledTestCircuit } from '../harness/circuit.js';
import { productCircuit, rangeCircuit } from '../groth16/tiny-circuits.js';

describe('making of keys', () => {
  let keys: string;
  let product: CompiledTestCircuit;
  let range: CompiledTestCircuit;

  before(async () => {
    [product, range] = await Promise.all([productCircuit(), rangeCircuit()]);
  });
  beforeEach(async () => {
    keys = await mkdtemp(join(tmpdir(), 'clearproof-make-keys-'));
  });
  afterEach(() => rm(keys, { recursive: true, force: true }));

  const make = (name: string): Promise<boolean> => makeDevelopmentKey(name, { circuits: TEST_CIRCUITS, keys });

  it('makes a key once, and keeps it while the constraints are the same', async () => {
    assert.equal(await make(product.name), true);
    const first = await readFile(keyPaths.manifest(keys), 'utf8');
    const old = new Date(0);
    await utimes(keyPaths.zkey(keys, product.name), old, old);
    assert.equal(await make(product.name), false);
    assert.equal(await readFile(keyPaths.manifest(keys), 'utf8'), first);
    assert.ok((await stat(keyPaths.zkey(keys, product.name))).mtimeMs > 0, 'newer than its sources, for make');
  });

  it('makes a damaged or missing key again, the same to the byte', async () => {
    await make(product.name);
    const manifest = await readFile(keyPaths.manifest(keys), 'utf8');
    await writeFile(keyPaths.zkey(keys, product.name), 'damaged');
    assert.equal(await make(product.name), true);
    await rm(keyPaths.vkey(keys, product.name));
    assert.equal(await make(product.name), true);
    assert.equal(await readFile(keyPaths.manifest(keys), 'utf8'), manifest);
    await loadProvingKey(keys, product.name);
  });

  it('names what each key was made from', async () => {
    await make(product.name);
    const record = (await readKeyManifest(keys)).keys[product.name];
    assert.equal(record?.r1csSha256, sha256(await readFile(product.r1cs)));
    assert.equal(record?.wasmSha256, sha256(await readFile(product.wasm)));
    const vkey = JSON.parse(await readFile(keyPaths.vkey(keys, product.name), 'utf8')) as { security: string };
    assert.match(vkey.security, /^INSECURE development key/);
  });

  it('several makers at once lose no entry and leave no other file', async () => {
    await Promise.all([make(product.name), make(range.name), make(product.name), make(range.name)]);
    for (const { name } of [product, range]) await loadProvingKey(keys, name);
    const expected = [product, range].flatMap(({ name }) => [`${name}.vkey.json`, `${name}.wasm`, `${name}.zkey`]);
    assert.deepEqual((await readdir(keys)).sort(), [...expected, 'manifest.json'].sort());
  });

  it('takes over the lock of a process that died', async () => {
    const lock = `${keyPaths.manifest(keys)}.lock`;
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    assert.equal(await make(product.name), true);
  });

  describe('over a manifest of version 1', () => {
    /** As an earlier version left it. */
    async function asVersion1(): Promise<void> {
      const { keys: records } = await readKeyManifest(keys);
      const old = Object.fromEntries(Object.entries(records).map(([name, { verificationKeyHash, ...record }]) => [name, verificationKeyHash === '' ? {} : record]));
      await writeFile(keyPaths.manifest(keys), JSON.stringify({ version: 1, keys: old }));
    }

    it('keeps every intact key and writes one of version 2, the same to the byte', async () => {
      await make(product.name);
      await make(range.name);
      const whole = await readFile(keyPaths.manifest(keys), 'utf8');
      await asVersion1();
      await assert.rejects(readKeyManifest(keys), { code: 'KEY_MANIFEST' });
      assert.equal(await make(product.name), false);
      assert.equal(await readFile(keyPaths.manifest(keys), 'utf8'), whole);
      await asVersion1();
      await upgradeManifest(keys);
      assert.equal(await readFile(keyPaths.manifest(keys), 'utf8'), whole);
    });

    it('makes a key again whose verification key is damaged, and no other', async () => {
      await make(product.name);
      await make(range.name);
      const whole = await readFile(keyPaths.manifest(keys), 'utf8');
      await asVersion1();
      await writeFile(keyPaths.vkey(keys, range.name), '{}');
      await upgradeManifest(keys);
      assert.deepEqual(Object.keys((await readKeyManifest(keys)).keys), [product.name]);
      assert.deepEqual([await make(product.name), await make(range.name)], [false, true]);
      assert.equal(await readFile(keyPaths.manifest(keys), 'utf8'), whole);
    });
  });

  it('never puts a development key in the place of a ceremony\'s', async () => {
    await make(product.name);
    await replaceByCeremonyKey(keys, product.name, await makeCeremonyKey(product, ['Ada']));
    assert.equal(await make(product.name), false, 'an intact one of the same constraints is kept');
    const file = keyPaths.zkey(keys, product.name);
    await writeFile(file, 'damaged');
    await assert.rejects(make(product.name), { code: 'CEREMONY_KEY_KEPT', message: /holds a ceremony's key for product-.* no development key may replace it/ });
    assert.equal(await readFile(file, 'utf8'), 'damaged');
  });

  it('asks for compilation first', async () => {
    await assert.rejects(make('nonesuch'), { code: 'CIRCUIT_NOT_COMPILED', message: /nonesuch\.r1cs cannot be read: run "make circuits" first/ });
  });
});
