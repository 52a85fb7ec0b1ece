import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTemporaries, SECRET_FILE, temporaryName, writeFileAtomically } from '../../src/file/atomic-file.js';

describe('writing a file atomically', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clearproof-file-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it('writes text, bytes and pieces, and leaves nothing beside them', async () => {
    const file = join(folder, 'a');
    for (const content of ['old\n', new Uint8Array([0, 255]), ['one\n', 'two\n']]) {
      await writeFileAtomically(file, content);
      const expected = content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(typeof content === 'string' ? content : content.join(''));
      assert.deepEqual(await readFile(file), expected);
    }
    assert.deepEqual(await readdir(folder), ['a']);
  });

  it('gives secrets to their owner only, with the folders it makes, even over an open file', async () => {
    const file = join(folder, 'deep', 'secret');
    await writeFileAtomically(file, 'x', SECRET_FILE);
    assert.equal(await mode(file), 0o600);
    assert.equal(await mode(join(folder, 'deep')), 0o700);
    await writeFile(join(folder, 'open'), 'x', { mode: 0o644 });
    await writeFileAtomically(join(folder, 'open'), 'y', SECRET_FILE);
    assert.equal(await mode(join(folder, 'open')), 0o600);
  });

  it('hides a secret while it is being written', async () => {
    let during: number | undefined;
    let names: string[] = [];
    function* content(): Generator<string> {
      names = readdirSync(folder);
      during = statSync(join(folder, names[0] as string)).mode & 0o777;
      yield 'secret';
    }
    await writeFileAtomically(join(folder, 'secret'), content(), SECRET_FILE);
    assert.equal(during, 0o600);
    assert.match(names.join(), /^secret\.\d+-[0-9a-f]{8}\.tmp$/);
  });

  it('leaves the old file whole and nothing beside it when the content fails', async () => {
    const file = join(folder, 'a');
    await writeFileAtomically(file, 'old');
    function* failing(): Generator<string> {
      yield 'half';
      throw new Error('out of luck');
    }
    await assert.rejects(writeFileAtomically(file, failing()), /out of luck/);
    assert.equal(await readFile(file, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['a']);
  });

  it('leaves nothing beside a folder it cannot replace', async () => {
    await mkdir(join(folder, 'a'));
    await assert.rejects(writeFileAtomically(join(folder, 'a'), 'x'), { code: 'EISDIR' });
    assert.deepEqual(await readdir(folder), ['a']);
  });

  it('lets the last of many writers win, with a whole file', async () => {
    const texts = Array.from({ length: 20 }, (_, writer) => `${writer}`.repeat(10_000));
    await Promise.all(texts.map((text) => writeFileAtomically(join(folder, 'a'), text)));
    assert.ok(texts.includes(await readFile(join(folder, 'a'), 'utf8')));
    assert.deepEqual(await readdir(folder), ['a']);
  });

  it('clears away what killed writers left and nothing else', async () => {
    const kept = ['a', 'a.tmp', 'b.4-zz.tmp', 'c.1-00000000.tmp.json'];
    await Promise.all([...kept, temporaryName('a'), 'plan.json.77-0123abcd.tmp'].map((name) => writeFile(join(folder, name), 'x')));
    await removeTemporaries(folder);
    assert.deepEqual((await readdir(folder)).sort(), kept.sort());
    await removeTemporaries(join(folder, 'missing'));
  });
});
