import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../../src/file/file-lock.js';

// What happens to locks of other processes, alive and dead: test/proving/epoch-lock.test.ts.
describe('a lock file', () => {
  it('is held until it is released, names its holder, and can be had again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clearproof-lock-'));
    try {
      const file = join(folder, 'lock');
      const unlock = await lockFile(file);
      assert.equal(await readFile(file, 'utf8'), `${process.pid}\n`);
      await assert.rejects(lockFile(file), { code: 'FILE_LOCKED', holder: process.pid, message: new RegExp(`process ${process.pid} works here; wait for it, or stop it`) });
      await unlock();
      assert.deepEqual(await readdir(folder), []);
      await (await lockFile(file))();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
