import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../src/store/database.js';
import { JobQueue } from '../../src/store/job-queue.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { Steps } from '../../src/store/steps.js';
import { PostgresServer } from '../harness/postgres.js';
import { withSmallDisk } from './mounts.js';
import { insertEpoch } from './rows.js';

const MEBIBYTE = 1024 * 1024;
const UNAVAILABLE = { code: 'DATABASE_UNAVAILABLE' };

describe('the database on a server', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let steps: Steps;
  let jobs: JobQueue;
  let epoch: bigint;

  before(async () => {
    server = await PostgresServer.start();
    url = await server.createDatabase();
    database = await openDatabase({ kind: 'server', url, connections: 4 });
    await migrate(database);
    jobs = new JobQueue(database);
    await jobs.start();
    steps = new Steps(database, jobs);
    epoch = await insertEpoch(database);
  });
  after(async () => {
    await jobs.close();
    await database.close();
    await server.stop();
  });
  beforeEach(() => database.script('delete from step; delete from clearproof_jobs.job'));

  const stepsAndJobs = async (): Promise<unknown> => (await database.query("select (select count(*) from step)::integer as steps, (select count(*) from clearproof_jobs.job)::integer as jobs")).rows[0];
  const addAnd = (then: () => Promise<unknown>): Promise<void> => database.transaction(async (sql) => {
    await steps.add(sql, [{ epoch, name: 'plan', kind: 'plan' }]);
    await then();
    await sql.query('select 1');
  });

  for (const [title, cut, restore] of [
    ['connections that the server ends', () => server.terminateConnections(url), () => Promise.resolve()],
    ['a server that restarts', () => server.pause(), () => server.resume()],
    ['a server that crashes', () => server.crash(), () => server.resume()],
  ] as const) {
    it(`survives ${title} in the middle of a transaction, which leaves nothing`, async () => {
      await assert.rejects(addAnd(cut), UNAVAILABLE);
      await restore();
      // Idle connections of the pool may be dead too; each says so once at most.
      for (let attempt = 0; attempt < 4; attempt += 1) await database.query('select 1').catch(() => undefined);
      assert.deepEqual({ ...(await stepsAndJobs() as object) }, { steps: 0, jobs: 0 });
      await addAnd(() => Promise.resolve());
      assert.deepEqual({ ...(await stepsAndJobs() as object) }, { steps: 1, jobs: 1 });
      assert.ok(await steps.take(['plan'], randomUUID(), 60));
    });
  }

  it('says that a server does not answer, without its password', async () => {
    await server.pause();
    try {
      await assert.rejects(database.query('select 1'), UNAVAILABLE);
      await assert.rejects(openDatabase({ kind: 'server', url: url.replace('@', ':canary@') }), (thrown: Error) => {
        assert.equal((thrown as { code?: string }).code, 'DATABASE_UNAVAILABLE');
        assert.doesNotMatch(`${thrown.message} ${JSON.stringify(thrown)}`, /canary/);
        return true;
      });
    } finally {
      await server.resume();
    }
    await database.query('select 1').catch(() => undefined);
    await database.query('select 1');
  });

  it('keeps more transactions waiting than it has connections, and does all', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => database.transaction((sql) => steps.add(sql, [{ epoch, name: `prove:batch-${index}`, kind: 'prove' }]))));
    assert.deepEqual({ ...(await stepsAndJobs() as object) }, { steps: 50, jobs: 50 });
  });

  it('reports a full disk, leaves nothing half done, and goes on once there is space [V24]', () => withSmallDisk(100 * MEBIBYTE, async (disk) => {
    await chmod(disk, 0o755);
    const folder = join(disk, 'cluster');
    await mkdir(folder, { mode: 0o700 });
    // Large enough a log that the tables are what hits the end.
    const small = await PostgresServer.start({ folder, settings: ['max_wal_size=16MB', 'min_wal_size=2MB'] });
    const full = await openDatabase({ kind: 'server', url: await small.createDatabase(), connections: 2 });
    try {
      await full.script('create schema clearproof; create table clearproof.half (pair integer, part integer, bytes bytea)');
      const { bavail, bsize } = await statfs(disk);
      await writeFile(join(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - 20 * MEBIBYTE)));
      const write = (pair: number): Promise<void> => full.transaction(async (sql) => {
        for (const part of [1, 2]) await sql.query('insert into half values ($1, $2, $3)', [pair, part, randomBytes(MEBIBYTE)]);
      });
      let written = 0;
      await assert.rejects(async () => {
        for (; written < 50; written += 1) await write(written);
      }, (thrown: Error) => ['STORAGE', 'DATABASE_UNAVAILABLE'].includes((thrown as { code?: string }).code ?? ''));
      assert.ok(written > 0);
      await rm(join(disk, 'ballast'));
      // Without space for its log a server stops, or tries to start again and again; an operator would start it anew.
      await small.crash();
      await small.resume();
      await full.query('select 1').catch(() => undefined);
      const counts = async (): Promise<unknown> => ({ ...(await full.query('select count(*)::integer as parts, count(distinct pair)::integer as pairs from half')).rows[0] });
      assert.deepEqual(await counts(), { parts: 2 * written, pairs: written });
      await write(written);
      assert.deepEqual(await counts(), { parts: 2 * written + 2, pairs: written + 1 });
    } finally {
      await full.close();
      await small.stop();
    }
  }));
});
