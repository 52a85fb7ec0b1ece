import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EmbeddedDatabase } from '../../src/store/embedded-database.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { withFolder } from './databases.js';
import { withReadOnly, withSmallDisk } from './mounts.js';

const MEBIBYTE = 1024 * 1024;
const DISK = 120 * MEBIBYTE;
const RESERVE = 40 * MEBIBYTE;

describe('the embedded database in a folder', () => {
  let template: string | undefined;
  let release: (() => void) | undefined;
  let finished: Promise<void> | undefined;

  // Making a cluster takes seconds, copying one does not.
  before(async () => {
    await new Promise<void>((ready, failed) => {
      finished = withFolder(async (folder) => {
        const database = await EmbeddedDatabase.open(folder);
        await database.script('create schema clearproof; create table clearproof.half (pair integer, part integer, text text, primary key (pair, part))');
        await database.close();
        template = folder;
        ready();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
      finished.catch(failed);
    });
  });
  after(async () => {
    release?.();
    await finished;
  });

  const copyTo = (folder: string): Promise<void> => cp(template as string, folder, { recursive: true });
  const pairs = async (database: EmbeddedDatabase): Promise<{ whole: number; broken: number }> => {
    const { rows } = await database.query<{ whole: number; broken: number }>(`
      select count(*) filter (where parts = 2)::integer as whole, count(*) filter (where parts <> 2)::integer as broken from (select count(*) as parts from half group by pair) as pairs`);
    return rows[0] as { whole: number; broken: number };
  };
  const writePair = (database: EmbeddedDatabase, pair: number, text: string): Promise<void> => database.transaction(async (sql) => {
    await sql.query('insert into half values ($1, 1, $2)', [pair, text]);
    await sql.query('insert into half values ($1, 2, $2)', [pair, text]);
  });

  it('is in a folder that only its owner may enter, and keeps what was written', () => withFolder(async (parent) => {
    const folder = join(parent, 'deep', 'store');
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await copyTo(folder);
    const database = await openDatabase({ kind: 'embedded', directory: folder });
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    await migrate(database);
    await database.close();
    assert.deepEqual((await readdir(folder)).sort(), ['postgres'], 'the lock is gone');
    const again = await openDatabase({ kind: 'embedded', directory: folder });
    assert.deepEqual((await again.query('select count(*) as n from epoch')).rows.map((row) => ({ ...row })), [{ n: '0' }]);
    await again.close();
  }));

  it('starts over where a process was killed while making the cluster', () => withFolder(async (folder) => {
    await mkdir(join(folder, 'postgres.new'));
    await writeFile(join(folder, 'postgres.new', 'PG_VERSION'), '18\n');
    const database = await EmbeddedDatabase.open(folder);
    await database.query('select 1');
    await database.close();
    assert.deepEqual(await readdir(folder), ['postgres']);
  }));

  it('is refused to a second process, and to a second time in this one', () => withFolder(async (folder) => {
    await copyTo(folder);
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/store/writer.ts', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      await assert.rejects(openDatabase({ kind: 'embedded', directory: folder }), { code: 'STORE_LOCKED', message: new RegExp(`process ${child.pid} has this store open; use its API, stop it`) });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    const database = await EmbeddedDatabase.open(folder);
    await assert.rejects(EmbeddedDatabase.open(folder), { code: 'STORE_LOCKED' });
    await database.close();
  }));

  it('has whole transactions only, and all that were reported, after kill -9 in the middle of them', async function () {
    this.timeout(120_000);
    await withFolder(async (folder) => {
      await copyTo(folder);
      let reported = 0;
      for (const moment of [1, 40, 263]) {
        const child = spawn(process.execPath, ['--import', 'tsx', 'test/store/writer.ts', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
        const closed = once(child, 'close');
        let written = 0;
        for await (const line of createInterface({ input: child.stdout })) {
          if (line === 'open') continue;
          reported = Number(line);
          written += 1;
          // Lines that are still on their way are read after it, until the pipe ends.
          if (written === moment) child.kill('SIGKILL');
        }
        await closed;
        const database = await EmbeddedDatabase.open(folder, 0);
        const { whole, broken } = await pairs(database);
        assert.equal(broken, 0);
        assert.ok(whole === reported || whole === reported + 1, `${whole} pairs, ${reported} reported`);
        await database.close();
      }
      assert.ok(reported >= 304);
    });
  });

  it('refuses to write before the disk is full, leaves nothing half done, can be read, and goes on once there is space [V24, V26]', () => withSmallDisk(DISK, async (disk) => {
    const folder = join(disk, 'store');
    await copyTo(folder);
    const database = await EmbeddedDatabase.open(folder, RESERVE);
    let written = 0;
    const failure = await (async (): Promise<unknown> => {
      for (; written < 1000; written += 1) {
        try {
          await writePair(database, written, randomBytes(MEBIBYTE).toString('hex'));
        } catch (thrown) {
          return thrown;
        }
      }
      return undefined;
    })();
    assert.ok(written > 2, `${written} pairs fit`);
    assert.deepEqual([(failure as { code?: string }).code, (failure as { details?: { reason?: string } }).details?.reason], ['STORAGE', 'ENOSPC']);
    assert.deepEqual(await pairs(database), { whole: written, broken: 0 });
    await assert.rejects(database.query("insert into half values (-1, 1, 'x')"), { code: 'STORAGE', message: /bytes free, 41943040 needed; nothing was written, free space and try again/ });
    await assert.rejects(database.script("begin; insert into half values (-1, 1, 'x'); commit"), { code: 'STORAGE' });
    await assert.rejects(database.transaction((sql) => sql.query("insert into half values (-1, 1, 'x')")), { code: 'STORAGE' });
    await database.close();

    // A store that is full can be opened and read.
    const full = await EmbeddedDatabase.open(folder, RESERVE);
    assert.deepEqual(await pairs(full), { whole: written, broken: 0 });
    await writeFile(join(disk, 'ballast'), '');
    await full.close();
    const roomy = await EmbeddedDatabase.open(folder, 1);
    await roomy.script('truncate half; checkpoint');
    await roomy.close();
    const later = await EmbeddedDatabase.open(folder, RESERVE);
    await writePair(later, 1, 'x');
    assert.deepEqual(await pairs(later), { whole: 1, broken: 0 });
    await later.close();
  }));

  it('goes on by itself when space comes back while it is open', () => withSmallDisk(DISK, async (disk) => {
    const folder = join(disk, 'store');
    await copyTo(folder);
    const database = await EmbeddedDatabase.open(folder, RESERVE);
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - RESERVE + MEBIBYTE));
    await assert.rejects(writePair(database, 1, 'x'), { code: 'STORAGE' });
    assert.deepEqual(await pairs(database), { whole: 0, broken: 0 });
    await rm(join(disk, 'ballast'));
    await writePair(database, 1, 'x');
    assert.deepEqual(await pairs(database), { whole: 1, broken: 0 });
    await database.close();
  }));

  it('is not made on a disk that is too small, which is left as it was', () => withSmallDisk(MEBIBYTE, async (disk) => {
    await assert.rejects(openDatabase({ kind: 'embedded', directory: join(disk, 'store') }), { code: 'STORAGE', message: /bytes free, 268435456 needed; nothing was written/ });
    assert.deepEqual(await readdir(join(disk, 'store')), []);
  }));

  it('says so when its folder is read-only, and opens once it is not [V25]', () => withFolder(async (folder) => {
    await copyTo(folder);
    await withReadOnly(folder, async (readOnly) => {
      await assert.rejects(openDatabase({ kind: 'embedded', directory: readOnly }), { code: 'STORAGE', message: /cannot write \(EROFS\); free space or make its folder writable/ });
      await assert.rejects(openDatabase({ kind: 'embedded', directory: join(readOnly, 'new') }), { code: 'STORAGE' });
    });
    const database = await EmbeddedDatabase.open(folder);
    await writePair(database, 1, 'x');
    await database.close();
  }));

  it('takes a parameter that cannot be encoded for the caller\'s mistake, not for a crash', () => withFolder(async (folder) => {
    await copyTo(folder);
    const database = await EmbeddedDatabase.open(folder);
    await assert.rejects(database.transaction(async (sql) => {
      await sql.query("insert into half values (1, 1, 'x')");
      await sql.query('select $1::bytea', ['not bytes']);
    }), /Invalid input for bytea type/);
    assert.deepEqual(await pairs(database), { whole: 0, broken: 0 });
    await database.close();
  }));

  it('takes over the lock of a process that has died', () => withFolder(async (folder) => {
    await copyTo(folder);
    await writeFile(join(folder, 'lock'), `${spawnSync(process.execPath, ['-e', '0']).pid}\n`);
    await (await EmbeddedDatabase.open(folder)).close();
  }));
});
