import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../src/commitment/digest.js';
import { ownerOf } from '../../src/commitment/identity.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { clearproof, errorOf, oneJson, temporaryFolder } from './program.js';

describe('clearproof owner new', () => {
  let folder: string;
  let remove: () => Promise<void>;
  before(async () => {
    ({ folder, remove } = await temporaryFolder());
  });
  after(() => remove());

  const secretIn = async (file: string): Promise<{ secret: string; owner: string }> => JSON.parse(await readFile(file, 'utf8')) as { secret: string; owner: string };

  it('keeps the secret in a file of its owner, prints the commitment only, and never overwrites', async () => {
    const file = join(folder, 'keys', 'owner.json');
    const made = await clearproof('owner', 'new', '--out', file, '--signing-key', 'ed25519:abc');
    assert.equal(made.code, 0, made.stderr);
    const { secret, owner } = await secretIn(file);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'keys'))).mode & 0o777, 0o700);
    assert.equal(ownerOf(portablePoseidon, BigInt(secret), digestOf('ed25519:abc')).toString(), owner);
    assert.match(made.stdout, new RegExp(`^owner ${owner}\n`));
    assert.ok(!made.stdout.includes(secret) && !made.stderr.includes(secret));

    const again = await clearproof('owner', 'new', '--out', file, '--json');
    assert.equal(again.code, 1);
    assert.equal(errorOf(again).code, 'OWNER_FILE_EXISTS');
    assert.ok(!again.stdout.includes(secret) && !again.stderr.includes(secret));
    assert.equal((await secretIn(file)).secret, secret);
    assert.deepEqual(await readdir(join(folder, 'keys')), ['owner.json']);
  });

  it('gives commitment and file under --json, another secret each time', async () => {
    const files = [join(folder, 'a.json'), join(folder, 'b.json')];
    const [a, b] = await Promise.all(files.map((file) => clearproof('owner', 'new', '--out', file, '--json')));
    assert.ok(a !== undefined && b !== undefined);
    assert.deepEqual(oneJson(a), { owner: (await secretIn(files[0] as string)).owner, file: files[0] });
    assert.notEqual(oneJson(a)['owner'], oneJson(b)['owner']);
  });
});
