import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { ClearproofError } from '../../src/error/clearproof-error.js';
import { readEvents } from '../../src/store/events.js';
import { JobQueue } from '../../src/store/job-queue.js';
import { openDatabase } from '../../src/store/open-database.js';
import { Steps, type StepLease } from '../../src/store/steps.js';
import { onBothDatabases } from './databases.js';
import { insertEpoch } from './rows.js';

const DAY = 86_400_000;
const WORKER = randomUUID();

class ProverDiedError extends ClearproofError {
  readonly code = 'PROVER_DIED';
}

onBothDatabases('steps', (database, url) => {
  let jobs: JobQueue;
  let steps: Steps;
  let epoch: bigint;

  before(async () => {
    jobs = new JobQueue(database(), { tries: 3, delaySeconds: 1 });
    await jobs.start();
    steps = new Steps(database(), jobs);
  });
  after(() => jobs.close());
  beforeEach(async () => {
    await database().script('delete from event; delete from step; delete from clearproof_jobs.job');
    epoch = await insertEpoch(database());
  });

  const add = (name = 'plan'): Promise<number> => database().transaction((sql) => steps.add(sql, [{ epoch, name, kind: 'plan' }]));
  const take = async (): Promise<StepLease> => {
    const lease = await steps.take(['plan'], WORKER, 60);
    assert.ok(lease !== undefined, 'a step is due');
    return lease;
  };
  /** Retries come after a delay; tests do not wait for it. */
  const hurry = (): Promise<unknown> => database().query("update clearproof_jobs.job set start_after = now() - interval '1 second' where state = 'retry'");
  const expire = (): Promise<unknown> => database().query("update step set lease_until = now() - interval '1 second' where state = 'active'");
  const stepRow = async (): Promise<Record<string, unknown>> => ({ ...(await database().query('select state, attempts, error, done_at is null as unfinished from step')).rows[0] });
  const jobCount = async (): Promise<unknown> => (await database().query("select count(*) as n from clearproof_jobs.job where name = 'plan'")).rows[0]?.['n'];

  it('are made once, with one job, when the same is asked for 100 times at once [V28]', async () => {
    const added = await Promise.all(Array.from({ length: 100 }, () => add()));
    assert.equal(added.reduce((sum, one) => sum + one, 0), 1);
    assert.equal(await jobCount(), '1');
    assert.equal((await database().query('select * from step')).rows.length, 1);
    assert.ok(await steps.take(['plan'], WORKER, 60));
    assert.equal(await steps.take(['plan'], WORKER, 60), undefined);
  });

  it('are there with their jobs or not at all', async () => {
    await assert.rejects(database().transaction(async (sql) => {
      await steps.add(sql, [{ epoch, name: 'plan', kind: 'plan' }]);
      throw new Error('out of luck');
    }), /out of luck/);
    assert.equal(await jobCount(), '0');
    assert.equal((await database().query('select * from step')).rows.length, 0);
  });

  it('are taken by one of many that race [V29]', async () => {
    await add();
    const taken = await Promise.all(Array.from({ length: 16 }, () => steps.take(['plan', 'prove'], randomUUID(), 60)));
    assert.deepEqual(taken.filter((lease) => lease !== undefined).map(({ name, lease, attempts }) => ({ name, lease, attempts })), [{ name: 'plan', lease: 1n, attempts: 1 }]);
  });

  it('are each taken once when many take many', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `prove:batch-${index}`);
    assert.equal(await database().transaction((sql) => steps.add(sql, names.map((name) => ({ epoch, name, kind: 'prove' as const, cost: 5 })))), 30);
    const taken = await Promise.all(Array.from({ length: 40 }, () => steps.take(['prove'], randomUUID(), 60)));
    assert.deepEqual(taken.flatMap((lease) => lease?.name ?? []).sort(), [...names].sort());
  });

  it('are not taken by who does not do their kind', async () => {
    await add();
    assert.equal(await steps.take(['prove', 'attest'], WORKER, 60), undefined);
  });

  it('end with what their work stores, in one transaction', async () => {
    await add();
    const lease = await take();
    await assert.rejects(steps.finish(lease, async (sql) => {
      await steps.add(sql, [{ epoch, name: 'attest', kind: 'attest' }]);
      throw new Error('out of luck');
    }), /out of luck/);
    assert.equal((await stepRow())['state'], 'active');
    assert.equal(await steps.finish(lease, async (sql) => void (await steps.add(sql, [{ epoch, name: 'attest', kind: 'attest' }]))), true);
    assert.deepEqual((await database().query('select name, state, done_at is null as unfinished from step order by name')).rows.map((row) => ({ ...row })),
      [{ name: 'attest', state: 'ready', unfinished: true }, { name: 'plan', state: 'done', unfinished: false }]);
    assert.equal(await steps.finish(lease, () => assert.fail('a second finish stores nothing')), false);
  });

  it('go to another worker when the lease runs out, and the late finisher changes nothing [V29]', async () => {
    await add();
    const late = await take();
    assert.equal(await steps.sweep(), 0);
    await expire();
    assert.equal(await steps.sweep(), 1);
    await hurry();
    const next = await take();
    assert.deepEqual([next.lease, next.attempts], [2n, 2]);
    assert.equal(await steps.heartbeat(late, 60), false);
    assert.equal(await steps.finish(late, () => assert.fail('stores nothing')), false);
    assert.equal(await steps.fail(late, new Error('late')), 'lost');
    await steps.release(late);
    assert.deepEqual(await stepRow(), { state: 'active', attempts: 2, error: { code: 'LEASE_EXPIRED', message: 'its worker went silent: killed, out of memory, or cut off' }, unfinished: true });
    assert.equal(await steps.heartbeat(next, 60), true);
    assert.equal(await steps.finish(next, () => Promise.resolve()), true);
  });

  for (const [title, shift] of [['ahead', DAY], ['behind', -DAY]] as const) {
    it(`are kept by the database's clock when a host's is a day ${title} [V30]`, async () => {
      const now = Date.now;
      const RealDate = globalThis.Date;
      try {
        globalThis.Date = class extends RealDate {
          constructor(...args: [] | [number]) {
            super(...(args.length === 0 ? [now() + shift] as const : args));
          }

          static override now = (): number => now() + shift;
        } as DateConstructor;
        assert.ok(Math.abs(new Date().getTime() - now()) > DAY / 2, 'the clock is off');
        await add();
        const lease = await take();
        assert.equal(await steps.sweep(), 0);
        assert.equal(await steps.heartbeat(lease, 60), true);
        assert.equal(await steps.sweep(), 0);
        const { rows } = await database().query("select lease_until between now() + interval '50 seconds' and now() + interval '61 seconds' as soon from step");
        assert.equal(rows[0]?.['soon'], true);
        await expire();
        assert.equal(await steps.sweep(), 1);
        await hurry();
        assert.equal(await steps.finish(await take(), () => Promise.resolve()), true);
      } finally {
        globalThis.Date = RealDate;
      }
    });
  }

  it('are given up after their last try, and lie among the dead letters [V27]', async () => {
    await add();
    const outcomes: string[] = [];
    for (const attempt of [1, 2, 3]) {
      const lease = await take();
      assert.equal(lease.attempts, attempt);
      outcomes.push(await steps.fail(lease, new ProverDiedError('the prover was killed')));
      assert.equal(await steps.take(['plan'], WORKER, 60), undefined, 'a retry comes after its delay');
      await hurry();
    }
    assert.deepEqual(outcomes, ['ready', 'ready', 'dead']);
    assert.deepEqual(await stepRow(), { state: 'dead', attempts: 3, error: { code: 'PROVER_DIED', message: 'the prover was killed' }, unfinished: true });
    assert.deepEqual(await jobs.deadLetters(database()), [{ epoch, name: 'plan' }]);
    assert.equal(await steps.sweep(), 0);
    assert.equal(await steps.take(['plan'], WORKER, 60), undefined);
    assert.deepEqual((await readEvents(database(), 0n, 10, epoch)).map(({ kind, detail }) => ({ kind, detail })), [
      { kind: 'epoch', detail: { state: 'failed' } }, { kind: 'step-dead', detail: { step: 'plan', code: 'PROVER_DIED' } },
    ]);
  });

  it('are given up when workers die of them again and again [V27]', async () => {
    await add();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await take();
      await expire();
      assert.equal(await steps.sweep(), 1);
      await hurry();
    }
    assert.equal((await stepRow())['state'], 'dead');
    assert.deepEqual(await jobs.deadLetters(database()), [{ epoch, name: 'plan' }]);
  });

  it('are given up at once when another try is no use', async () => {
    await add();
    assert.equal(await steps.fail(await take(), new ProverDiedError('no'), false), 'dead');
    assert.deepEqual(await jobs.deadLetters(database()), [{ epoch, name: 'plan' }]);
  });

  it('get another round of tries when one who was given up is retried', async () => {
    await add();
    await steps.fail(await take(), new ProverDiedError('no'), false);
    await steps.retry(epoch, 'plan');
    assert.deepEqual(await jobs.deadLetters(database()), []);
    for (const outcome of ['ready', 'ready', 'dead']) {
      assert.equal(await steps.fail(await take(), new ProverDiedError('no')), outcome);
      await hurry();
    }
    await steps.retry(epoch, 'plan');
    assert.equal(await steps.finish(await take(), () => Promise.resolve()), true);
    await assert.rejects(steps.retry(epoch, 'plan'), { code: 'STEP_NOT_DEAD', message: /step plan is not among those given up/ });
    await assert.rejects(steps.retry(epoch, 'attest'), { code: 'STEP_NOT_DEAD' });
  });

  it('let their epoch fail when it cannot be attested without them, and take it up again when they are retried', async () => {
    const stateOf = async (): Promise<unknown> => (await database().query('select state, finished_at is null as unfinished from epoch where id = $1', [epoch.toString()])).rows[0];
    await add('plan');
    await add('prove:close');
    await steps.fail(await take(), new ProverDiedError('no'), false);
    assert.deepEqual(await stateOf(), { state: 'failed', unfinished: false });
    await steps.fail(await take(), new ProverDiedError('no'), false);
    await steps.retry(epoch, 'plan');
    assert.deepEqual(await stateOf(), { state: 'failed', unfinished: false }, 'another is still given up');
    await steps.retry(epoch, 'prove:close');
    assert.deepEqual(await stateOf(), { state: 'planning', unfinished: true });
    const told = (await readEvents(database(), 0n, 100, epoch)).flatMap(({ kind, detail }) => (kind === 'epoch' ? [detail['state']] : []));
    assert.deepEqual(told, ['failed', 'planning']);
  });

  it('do not count a try that was handed back [V32]', async () => {
    await add();
    for (let round = 0; round < 5; round += 1) {
      const lease = await take();
      assert.equal(lease.attempts, 1);
      await steps.release(lease);
    }
    assert.equal(await jobCount(), '1');
    for (const outcome of ['ready', 'ready', 'dead']) {
      assert.equal(await steps.fail(await take(), new ProverDiedError('no')), outcome);
      await hurry();
    }
  });

  it('are found again when their job is lost', async () => {
    await add();
    await database().query('delete from clearproof_jobs.job');
    assert.equal(await steps.take(['plan'], WORKER, 60), undefined);
    await steps.sweep();
    const lease = await take();
    await database().query('delete from clearproof_jobs.job');
    assert.equal(await steps.fail(lease, new ProverDiedError('no')), 'ready');
    const second = await take();
    await database().query('delete from clearproof_jobs.job');
    assert.equal(await steps.fail(second, new ProverDiedError('no'), false), 'dead');
    assert.deepEqual(await jobs.deadLetters(database()), [{ epoch, name: 'plan' }]);
  });

  it('are not done again by a job that comes back', async () => {
    await add();
    const lease = await take();
    await database().query("update clearproof_jobs.job set state = 'retry'");
    assert.equal(await steps.take(['plan'], WORKER, 60), undefined);
    assert.equal(await steps.finish(lease, () => Promise.resolve()), true);
  });

  it('keep messages of unknown errors to themselves', async () => {
    await add();
    await steps.fail(await take(), new TypeError('salt 12345 is wrong'));
    assert.deepEqual((await stepRow())['error'], { code: 'INTERNAL', message: 'unexpected TypeError; the worker\'s log says more' });
  });

  it('wait longer before each retry', async () => {
    await add();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await steps.fail(await take(), new ProverDiedError('no'));
      const { rows } = await database().query('select extract(epoch from start_after - now())::float8 as seconds from clearproof_jobs.job');
      delays.push(Number(rows[0]?.['seconds']));
      await hurry();
    }
    // pg-boss draws each delay from [d·2^(n-1), d·2^n): the second range starts where the first ends.
    assert.ok((delays[1] as number) > (delays[0] as number) - 1 && (delays[1] as number) > 1, `${delays.join(' s, ')} s`);
  });

  it('are each taken once by many processes', async function () {
    const address = url();
    // One process owns the embedded database; there is no second to race with.
    const processes = address === undefined ? 0 : 3;
    const names = Array.from({ length: 60 }, (_, index) => `prove:batch-${index}`);
    await database().transaction((sql) => steps.add(sql, names.map((name) => ({ epoch, name, kind: 'prove' as const }))));
    const children = Array.from({ length: processes }, () => spawn(process.execPath, ['--import', 'tsx', 'test/store/take-all.ts', address as string], { stdio: ['ignore', 'pipe', 'inherit'] }));
    const outputs = await Promise.all(children.map(async (child) => {
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      assert.deepEqual(await once(child, 'close'), [0, null]);
      return Buffer.concat(chunks).toString('utf8').split('\n').filter((line) => line !== '');
    }));
    const rest: string[] = [];
    for (let lease = await steps.take(['prove'], WORKER, 60); lease !== undefined; lease = await steps.take(['prove'], WORKER, 60)) {
      rest.push(lease.name);
      await steps.finish(lease, () => Promise.resolve());
    }
    assert.deepEqual([...outputs.flat(), ...rest].sort(), [...names].sort());
    assert.deepEqual((await database().query("select count(*) as n from step where state <> 'done'")).rows.map((row) => ({ ...row })), [{ n: '0' }]);
  });

  it('have their queues once when many processes start together', async () => {
    await database().script('drop schema clearproof_jobs cascade');
    const address = url();
    const others = address === undefined ? [] : await Promise.all([1, 2, 3].map(() => openDatabase({ kind: 'server', url: address })));
    try {
      await Promise.all([database(), ...others].map(async (each) => {
        const queue = new JobQueue(each);
        await queue.start();
        await queue.close();
      }));
      await add();
      await take();
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });
});
