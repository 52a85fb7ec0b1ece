import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TEST_SHAPE } from '../builders/epoch.js';
import { clearproof, errorOf, oneJson, temporaryFolder, twoAtATime } from './program.js';

const { closeCircuit } = TEST_SHAPE;

describe('clearproof keys', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
  });
  after(() => remove());

  /** A key folder with the close circuit of the tests alone; files are links but for the one that is to be changed. */
  async function keysWith(name: string, changed: string | undefined): Promise<string> {
    const keys = join(folder, name);
    await mkdir(keys);
    const manifest = JSON.parse(await readFile('build/keys/manifest.json', 'utf8')) as { keys: Record<string, unknown> };
    await writeFile(join(keys, 'manifest.json'), JSON.stringify({ ...manifest, keys: { [closeCircuit]: manifest.keys[closeCircuit] } }));
    for (const kind of ['zkey', 'wasm', 'vkey.json']) {
      const file = `${closeCircuit}.${kind}`;
      if (kind === changed) await copyFile(join('build/keys', file), join(keys, file));
      else await symlink(resolve('build/keys', file), join(keys, file));
    }
    return keys;
  }

  it('shows each key, and says of development keys that they are INSECURE', async () => {
    const keys = await keysWith('whole', undefined);
    const [text, json] = await Promise.all([clearproof('keys', '--keys', keys), clearproof('keys', '--keys', keys, '--json')]);
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, new RegExp(`${closeCircuit} +INSECURE +0x[0-9a-f]{64}`));
    const [key] = oneJson(json) as unknown as { name: string; insecure: boolean }[];
    assert.deepEqual([key?.name, key?.insecure], [closeCircuit, true]);
  });

  it('holds a key against the constraints that were compiled here, and refuses others and none [S7]', async () => {
    const keys = await keysWith('of-sources', undefined);
    const whole = await clearproof('keys', '--keys', keys, '--circuits', 'build/circuits');
    assert.equal(whole.code, 0, whole.stderr);
    assert.match(whole.stdout, /every key is of the constraints in build\/circuits/);
    const circuits = join(folder, 'circuits');
    const none = errorOf(await clearproof('keys', '--keys', keys, '--circuits', circuits, '--json'));
    assert.deepEqual([none.code, /cannot be read/.test(none.message)], ['KEY_CIRCUIT', true]);
    const bytes = await readFile(join('build/circuits', closeCircuit, `${closeCircuit}.r1cs`));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await mkdir(join(circuits, closeCircuit), { recursive: true });
    await writeFile(join(circuits, closeCircuit, `${closeCircuit}.r1cs`), bytes);
    const other = errorOf(await clearproof('keys', '--keys', keys, '--circuits', circuits, '--json'));
    assert.deepEqual([other.code, /is of other constraints/.test(other.message)], ['KEY_CIRCUIT', true]);
  });

  it('signs a manifest with its files, and tells who did, who should have, and that it was changed since', async () => {
    const keys = await keysWith('signed', 'vkey.json');
    const keyFile = join(folder, 'signing.key');
    await writeFile(keyFile, `${'11'.repeat(32)}\n`, { mode: 0o600 });
    const signed = oneJson(await clearproof('keys', 'sign', '--keys', keys, '--key-file', keyFile, '--json')) as unknown as { address: string; insecure: string[] };
    assert.equal(signed.address, '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A');
    assert.deepEqual(signed.insecure, [closeCircuit]);
    assert.equal((await readFile(join(keys, 'manifest.sig.json'), 'utf8')).includes('11'.repeat(32)), false);
    const other = `0x${'12'.repeat(20)}`;
    const [told, refused] = await Promise.all([clearproof('keys', '--keys', keys, '--signer', signed.address), clearproof('keys', '--keys', keys, '--signer', other, '--json')]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, new RegExp(`the manifest is signed by ${signed.address}`));
    assert.equal(errorOf(refused).code, 'KEY_SIGNATURE');
    assert.match(errorOf(refused).message, new RegExp(`must be by ${other}`));
    const manifest = join(keys, 'manifest.json');
    await writeFile(manifest, `${await readFile(manifest, 'utf8')}\n`);
    await writeFile(join(keys, `${closeCircuit}.vkey.json`), '{}');
    const [changed, bent] = await Promise.all([clearproof('keys', '--keys', keys, '--json'), clearproof('keys', 'sign', '--keys', keys, '--key-file', keyFile, '--json')]);
    assert.equal(errorOf(changed).code, 'KEY_SIGNATURE');
    assert.equal(errorOf(bent).code, 'KEY_HASH');
  });

  it('refuses a file with one flipped byte, whichever it is, by name', () => twoAtATime(['zkey', 'wasm', 'vkey.json'], async (kind) => {
    const keys = await keysWith(`bent-${kind}`, kind);
    const file = join(keys, `${closeCircuit}.${kind}`);
    const bytes = await readFile(file);
    const place = Math.floor(bytes.length / 2);
    bytes[place] = (bytes[place] as number) ^ 1;
    await writeFile(file, bytes);
    const ended = await clearproof('keys', '--keys', keys, '--json');
    assert.equal(ended.code, 1);
    const { code, message } = errorOf(ended);
    assert.equal(code, 'KEY_HASH');
    assert.ok(message.includes(file), message);
  }));
});
