import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withEpochLock } from '../../src/proving/epoch-lock.js';
import { withFolder } from './support.js';

/** Id of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '0']).pid;
}

describe('the lock of an epoch folder', () => {
  const lockWith = (folder: string, content: string): Promise<void> => writeFile(join(folder, 'lock'), content);
  const nothing = (): Promise<void> => Promise.resolve();

  it('names this process while work goes on and is gone afterwards', () => withFolder(async (folder) => {
    const inside = await withEpochLock(folder, () => readFile(join(folder, 'lock'), 'utf8'));
    assert.equal(inside, `${process.pid}\n`);
    assert.deepEqual(await readdir(folder), []);
  }));

  it('is released when the work fails, and the failure passes', () => withFolder(async (folder) => {
    await assert.rejects(withEpochLock(folder, () => Promise.reject(new Error('out of luck'))), /^Error: out of luck$/);
    assert.deepEqual(await readdir(folder), []);
    assert.equal(await withEpochLock(folder, () => Promise.resolve('again')), 'again');
  }));

  it('refuses a second run in this process, and leaves the first its lock', () => withFolder(async (folder) => {
    await withEpochLock(folder, async () => {
      await assert.rejects(withEpochLock(folder, nothing), { code: 'EPOCH_LOCKED', message: new RegExp(`lock: process ${process.pid} works here`) });
      assert.deepEqual(await readdir(folder), ['lock']);
    });
  }));

  it('refuses while another process lives, by its id', () => withFolder(async (folder) => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    try {
      await lockWith(folder, `${other.pid}\n`);
      await assert.rejects(withEpochLock(folder, nothing), { code: 'EPOCH_LOCKED', message: new RegExp(`process ${other.pid} works here; wait for it, or stop it`) });
      assert.equal(await readFile(join(folder, 'lock'), 'utf8'), `${other.pid}\n`);
    } finally {
      other.kill('SIGKILL');
    }
  }));

  for (const [title, content] of [
    ['of a dead process', () => `${deadProcess()}\n`],
    ['that is empty', () => ''],
    ['that holds no process id', () => 'none'],
    ['of a dead process whose id this process has now', () => `${process.pid}\n`],
  ] as const) {
    it(`takes over a lock ${title}`, () => withFolder(async (folder) => {
      await lockWith(folder, content());
      assert.equal(await withEpochLock(folder, () => readFile(join(folder, 'lock'), 'utf8')), `${process.pid}\n`);
      assert.deepEqual(await readdir(folder), []);
    }));
  }

  it('lets one of many in when all find a dead lock', () => withFolder(async (folder) => {
    await lockWith(folder, `${deadProcess()}\n`);
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 50));
      inside -= 1;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => withEpochLock(folder, work)));
    assert.equal(most, 1);
    assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal((outcome.reason as { code?: string }).code, 'EPOCH_LOCKED');
  }));

  it('says why a folder that is not there cannot be locked', () => withFolder(async (folder) => {
    await assert.rejects(withEpochLock(join(folder, 'missing'), nothing), { code: 'ENOENT' });
  }));
});
