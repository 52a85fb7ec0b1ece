import assert from 'node:assert/strict';
import { readKeyManifest } from '../../../src/groth16/key-manifest.js';
import { keyManifestDigest } from '../../../src/service/worker/key-manifest-digest.js';
import type { Database } from '../../../src/store/database.js';
import { JobQueue } from '../../../src/store/job-queue.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { Steps } from '../../../src/store/steps.js';
import type { Snapshot } from '../../../src/venue/account.js';
import { PostgresServer } from '../../harness/postgres.js';
import type { ServiceProcessConfig } from '../../harness/service-process.js';
import { account, testVenue } from '../../proving/support.js';
import { CIRCUITS, insertEpochRows } from '../epoch-rows.js';
import { KEYS, PROGRAM, ServiceProcess } from '../service-processes.js';

const AN_HOUR = { kind: 'stand-in', milliseconds: 3_600_000 } as const;
/** Six batches of sixteen and a close. */
const ACCOUNTS = 90;
const PROOFS = 7;

describe('workers on one database', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let jobs: JobQueue;
  let steps: Steps;
  const started: ServiceProcess[] = [];

  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    url = await server.createDatabase();
    database = await openDatabase({ kind: 'server', url });
    await migrate(database);
    jobs = new JobQueue(database, { tries: 5, delaySeconds: 0 });
    await jobs.start();
    steps = new Steps(database, jobs);
  });
  afterEach(async () => {
    for (const process of started.splice(0)) process.kill('SIGKILL');
    await jobs.close();
    await database.close();
  });

  const start = (config: Partial<ServiceProcessConfig> = {}): ServiceProcess => {
    const process = new ServiceProcess({ database: { kind: 'server', url }, ...config });
    started.push(process);
    return process;
  };
  const insert = async (venue = testVenue(ACCOUNTS), number = 1n): Promise<bigint> => (await insertEpochRows(database, steps, venue, {
    number, pin: { program: PROGRAM, manifestSha256: keyManifestDigest(await readKeyManifest(KEYS), KEYS, CIRCUITS) },
  })).epoch;
  const rows = async (text: string): Promise<Record<string, unknown>[]> => (await database.query(text)).rows.map((row) => ({ ...row }));
  const proofsOf = (process: ServiceProcess): string[] => process.events('proof-made').map(({ proof }) => String(proof));

  it('share the proofs of an epoch, each made once, and tell nothing secret: in no log line, error row or event [V29, V34]', async () => {
    const venue = testVenue(ACCOUNTS);
    // A salt is in no test's hand; the names and quantities below are.
    const canary: Snapshot = { accounts: venue.snapshot.accounts.map((one, place) => ({ ...one, userId: `canary-${place}-${one.userId}` })) };
    await insert({ ...venue, snapshot: canary });
    const [one, other] = [start({ prover: { kind: 'stand-in', milliseconds: 400 } }), start({ prover: { kind: 'stand-in', milliseconds: 400 } })];
    await Promise.race([one, other].map((process) => process.said('work-done', { step: 'receipts' })));
    const shares = [proofsOf(one), proofsOf(other)];
    assert.deepEqual(shares.flat().sort(), ['batch-000000', 'batch-000001', 'batch-000002', 'batch-000003', 'batch-000004', 'batch-000005', 'close']);
    assert.ok(shares.every((share) => share.length > 0), `shared ${shares.map(({ length }) => length).join(' to ')}`);
    assert.deepEqual(await rows('select count(*)::integer as proofs, count(distinct worker)::integer as workers from proof'), [{ proofs: PROOFS, workers: 2 }]);
    assert.deepEqual(await rows('select count(*)::integer as n from outbox'), [{ n: 1 }]);

    // Three slots; this account wants four.
    const wide = [0, 1, 2, 4].map((index) => ({ index, quantity: 987_654_321_012_345n + BigInt(index) }));
    await insert({ ...venue, snapshot: { accounts: [account('canary-wide', wide)] } }, 2n);
    await Promise.race([one, other].map((process) => process.said('work-failed', { step: 'plan', outcome: 'dead', code: 'SNAPSHOT_REFUSED' })));
    assert.deepEqual(await rows(`select state, attempts, error->>'code' as code from step where state = 'dead'`), [{ state: 'dead', attempts: 1, code: 'SNAPSHOT_REFUSED' }]);

    const secrets = [
      'canary', ...wide.map(({ quantity }) => quantity.toString()),
      ...(await rows('select salt::text, owner::text, key::text, holdings from place')).flatMap((row) => Object.values(row).filter((value): value is string => typeof value === 'string' && value.length > 6)),
    ];
    const told = [one.output, other.output, JSON.stringify(await rows('select * from event')), JSON.stringify(await rows('select error, name from step')), JSON.stringify(await rows('select data, output from clearproof_jobs.job'))].join('\n');
    assert.ok(secrets.length > 100 && told.length > 1000);
    assert.deepEqual(secrets.filter((secret) => told.includes(secret)), []);
  });

  it('take over what a worker that was killed in the middle of a proof had, and no work is lost [V29]', async () => {
    const epoch = await insert();
    const first = start({ prover: AN_HOUR, proofs: 2 });
    await first.said('planned');
    while (first.events('work-taken').length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    first.kill('SIGKILL');
    await first.ended();
    const second = start();
    await second.said('work-done', { step: 'receipts' });
    assert.ok(second.events('leases-swept').length > 0);
    assert.deepEqual(proofsOf(second).length, PROOFS);
    const taken = first.events('work-taken').map(({ step }) => String(step)).filter((step) => step !== 'plan');
    const again = await rows(`select name, attempts from step where epoch = ${epoch} and kind = 'prove' and attempts > 1 order by name`);
    assert.deepEqual(again, taken.sort().map((name) => ({ name, attempts: 2 })));
  });

  it('ignore the late result of a worker that hung and lost its lease [V29]', async () => {
    await insert(testVenue(10));
    const slow = start({ prover: { kind: 'stand-in', milliseconds: 1500 }, kinds: ['plan', 'prove'] });
    const { step } = await slow.said('work-taken', { step: 'prove:close' });
    slow.kill('SIGSTOP');
    const other = start();
    await other.said('work-done', { step: 'receipts' });
    const before = await rows('select name, body, worker from proof order by name');
    slow.kill('SIGCONT');
    await slow.said('lease-lost', { step });
    assert.deepEqual(await rows('select name, body, worker from proof order by name'), before);
    await slow.stop();
    assert.equal((await slow.ended()).code, 0);
  });

  it('hand back what will not finish in time when they are told to stop: the try does not count [V32]', async () => {
    await insert(testVenue(10));
    const worker = start({ prover: AN_HOUR });
    const { worker: id } = await worker.said('worker-started');
    await worker.said('planned');
    while (worker.events('work-taken').length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    worker.kill('SIGTERM');
    assert.deepEqual(await worker.ended(), { code: 0, signal: null });
    assert.deepEqual(worker.events('work-handed-back').length, 1);
    assert.deepEqual(await rows(`select state, attempts, worker from step where kind = 'prove' order by name`), Array.from({ length: 2 }, () => ({ state: 'ready', attempts: 0, worker: null })));
    assert.deepEqual(await rows(`select id::text, stopped_at is not null as stopped from worker`), [{ id, stopped: true }]);
  });

  it('are refused with another program or other keys, and take no work then [V33]', async () => {
    await insert(testVenue(10));
    const others = [start({ program: 'clearproof-test 2' }), start({ circuits: [...CIRCUITS, 'row-mark-s2'] }), start({ circuits: [...CIRCUITS, 'no-such-circuit'] })];
    const codes = ['WORKER_REFUSED', 'WORKER_REFUSED', 'KEY_MISSING'];
    for (const [place, other] of others.entries()) {
      assert.equal((await other.ended()).code, 1, other.output);
      assert.deepEqual(other.events('service-failed').map(({ code }) => code), [codes[place]]);
      assert.equal(other.events('work-taken').length, 0);
    }
    assert.deepEqual(await rows('select count(*)::integer as n from worker'), [{ n: 0 }]);
  });

  it('wait for a database that went away, and store then what they made meanwhile', async () => {
    await insert(testVenue(10));
    const worker = start({ prover: { kind: 'stand-in', milliseconds: 1000 } });
    // Before that it still reads what to prove, and a worker that cannot read hands its work back.
    await worker.said('proof-begun');
    await server.crash();
    await worker.said('proof-made');
    await server.resume();
    await worker.said('work-done', { step: 'receipts' });
    assert.equal(proofsOf(worker).length, 2, 'no proof was made twice');
    assert.ok(worker.lines.some(({ code }) => code === 'DATABASE_UNAVAILABLE'));
  });
});
