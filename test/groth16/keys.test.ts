import assert from 'node:assert/strict';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { attempt } from '../../src/error/attempt.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { provingKeyFromTrapdoor } from '../../src/groth16/development-setup/development-setup.js';
import { serializeKeyManifest, type KeyRecord } from '../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, sha256 } from '../../src/groth16/key-manifest.js';
import { loadProvingKey, loadVerificationKey } from '../../src/groth16/proving-key.js';
import { parseR1cs } from '../../src/groth16/r1cs.js';
import { DEVELOPMENT_SECURITY, isInsecure, parseVerificationKey, verificationKeyHash, verificationKeyToJson } from '../../src/groth16/verification-key.js';
import { parseZkey } from '../../src/groth16/zkey.js';
import type { CompiledTestCircuit } from '../harness/circuit.js';
import { keyFolder, productCircuit, rangeCircuit } from './tiny-circuits.js';

describe('loading of proving keys', () => {
  let circuit: CompiledTestCircuit;
  let keys: string;
  let remove: () => Promise<void>;

  before(async () => {
    circuit = await productCircuit();
  });
  beforeEach(async () => {
    ({ keys, remove } = await keyFolder(circuit));
  });
  afterEach(() => remove());
  after(releaseCurves);

  /** Replaces files of the key and lets the manifest vouch for them. */
  async function replace(change: { zkey?: Uint8Array; vkey?: unknown; record?: Partial<KeyRecord> }): Promise<void> {
    const manifest = await readKeyManifest(keys);
    const record: KeyRecord = { ...(manifest.keys[circuit.name] as KeyRecord) };
    const vkey = change.vkey === undefined ? undefined : JSON.stringify(change.vkey);
    if (change.zkey) await writeFile(keyPaths.zkey(keys, circuit.name), change.zkey);
    if (vkey !== undefined) await writeFile(keyPaths.vkey(keys, circuit.name), vkey);
    const changed = {
      ...record,
      ...(change.zkey ? { zkeySha256: sha256(change.zkey) } : {}),
      ...(vkey === undefined ? {} : { vkeySha256: sha256(vkey), verificationKeyHash: hashOf(vkey) ?? record.verificationKeyHash }),
      ...change.record,
    };
    await writeFile(keyPaths.manifest(keys), serializeKeyManifest({ ...manifest, keys: { [circuit.name]: changed } }));
  }

  /** Undefined for what is no key. */
  function hashOf(vkey: string): string | undefined {
    return attempt(() => verificationKeyHash(parseVerificationKey(JSON.parse(vkey), 'key')));
  }

  it('takes a key whose files are those of the manifest, and shows that it is INSECURE', async () => {
    const key = await loadProvingKey(keys, circuit.name);
    assert.equal(key.verificationKey.ic.length, 3);
    assert.equal(isInsecure(key.verificationKey), true);
    assert.match((await readKeyManifest(keys)).keys[circuit.name]?.security ?? '', /^INSECURE/);
  });

  for (const [title, path] of [['proving key', keyPaths.zkey], ['verification key', keyPaths.vkey], ['witness generator', keyPaths.wasm]] as const) {
    it(`refuses a ${title} with one changed byte, naming file and remedy`, async () => {
      const file = path(keys, circuit.name);
      const bytes = await readFile(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(file, bytes);
      await assert.rejects(loadProvingKey(keys, circuit.name), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'KEY_HASH');
        assert.ok(error.message.startsWith(`${file} is not the file in the manifest`) && error.message.includes('make keys'), error.message);
        return true;
      });
    });

    it(`refuses a missing ${title}`, async () => {
      const file = path(keys, circuit.name);
      await rm(file);
      await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MISSING', message: `${file} cannot be read: run "make keys"` });
    });
  }

  it('refuses a proving key that is cut short', async () => {
    await truncate(keyPaths.zkey(keys, circuit.name), 500);
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_HASH' });
  });

  it('refuses a circuit that the manifest does not name, also one named like a member of every object', async () => {
    await assert.rejects(loadProvingKey(keys, 'other'), { code: 'KEY_MISSING', message: /names no key for circuit other: run "make keys"/ });
    await assert.rejects(loadProvingKey(keys, 'constructor'), { code: 'KEY_MISSING' });
  });

  it('refuses a folder without a manifest', async () => {
    await rm(keyPaths.manifest(keys));
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MISSING' });
  });

  it('refuses a manifest that is no manifest', async () => {
    await writeFile(keyPaths.manifest(keys), '{');
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MANIFEST', message: /manifest\.json is not JSON/ });
  });

  it('refuses a verification key whose hash or label is not the one the manifest says of it', async () => {
    await replace({ record: { verificationKeyHash: `0x${'1'.repeat(64)}` } });
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MALFORMED', message: /has another hash than the manifest says/ });
    const honest = JSON.parse(await readFile(keyPaths.vkey(keys, circuit.name), 'utf8')) as object;
    await replace({ vkey: { ...honest, security: 'ceremony of 100' } });
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MALFORMED', message: /has another label than the manifest says/ });
  });

  it('refuses a truncated key even when the manifest vouches for it', async () => {
    const zkey = await readFile(keyPaths.zkey(keys, circuit.name));
    await replace({ zkey: zkey.subarray(0, zkey.length - 100) });
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MALFORMED', message: /cut short.*make keys/ });
  });

  it('refuses a key with delta = generator = gamma, which has no second phase, even when the manifest vouches for it', async () => {
    const r1cs = parseR1cs(await readFile(circuit.r1cs), circuit.r1cs);
    const zkey = await provingKeyFromTrapdoor(r1cs, { tau: 5n, alpha: 6n, beta: 7n, delta: 1n });
    const honest = verificationKeyToJson(await loadVerificationKey(keys, circuit.name));
    await replace({ zkey });
    await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_WITHOUT_CONTRIBUTION', message: /delta equal to the generator/ });
    await replace({ vkey: verificationKeyToJson({ ...parseZkey(zkey, 'bad').verificationKey, security: DEVELOPMENT_SECURITY }) });
    await assert.rejects(loadVerificationKey(keys, circuit.name), { code: 'KEY_WITHOUT_CONTRIBUTION' });
    await replace({ vkey: { ...honest, vk_gamma_2: honest.vk_delta_2 } });
    await assert.rejects(loadVerificationKey(keys, circuit.name), { code: 'KEY_WITHOUT_CONTRIBUTION', message: /delta equal to gamma/ });
  });

  it('refuses a verification key of another set-up beside the proving key', async () => {
    const other = await keyFolder(await rangeCircuit());
    try {
      const vkey = verificationKeyToJson(await loadVerificationKey(other.keys, (await rangeCircuit()).name));
      await replace({ vkey });
      await assert.rejects(loadProvingKey(keys, circuit.name), { code: 'KEY_MALFORMED', message: /different set-ups/ });
    } finally {
      await other.remove();
    }
  });
});
