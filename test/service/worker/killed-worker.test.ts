import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readKeyManifest } from '../../../src/groth16/key-manifest.js';
import { keyManifestDigest } from '../../../src/service/worker/key-manifest-digest.js';
import type { Database } from '../../../src/store/database.js';
import { JobQueue } from '../../../src/store/job-queue.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { Steps } from '../../../src/store/steps.js';
import type { ServiceProcessConfig } from '../../harness/service-process.js';
import { testVenue } from '../../proving/support.js';
import { CIRCUITS, insertEpochRows } from '../epoch-rows.js';
import { KEYS, PROGRAM, ServiceProcess } from '../service-processes.js';

describe('a worker on an embedded database that is killed', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'clearproof-killed-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function withStore<Result>(work: (database: Database, steps: Steps) => Promise<Result>): Promise<Result> {
    const database = await openDatabase({ kind: 'embedded', directory: join(directory, 'store') });
    const jobs = new JobQueue(database);
    try {
      await migrate(database);
      await jobs.start();
      return await work(database, new Steps(database, jobs));
    } finally {
      await jobs.close();
      await database.close();
    }
  }
  const prepare = (): Promise<unknown> => withStore(async (database, steps) => insertEpochRows(database, steps, testVenue(40), {
    pin: { program: PROGRAM, manifestSha256: keyManifestDigest(await readKeyManifest(KEYS), KEYS, CIRCUITS) },
  }));
  const start = (dieAt?: string, prover?: ServiceProcessConfig['prover']): ServiceProcess => new ServiceProcess({
    database: { kind: 'embedded', directory: join(directory, 'store') }, ...(dieAt === undefined ? {} : { dieAt }), ...(prover === undefined ? {} : { prover }),
  }, directory);
  const row = (text: string): Promise<Readonly<Record<string, unknown>> | undefined> => withStore(async (database) => (await database.query(text)).rows[0]);

  it('after its plan was stored, and again after a proof was made, goes on with that plan and makes that proof again: one root, one publication [V20]', async () => {
    await prepare();
    const first = start('plan-stored');
    assert.equal((await first.ended()).signal, 'SIGKILL', first.output);
    const planned = await row('select sha256, (select count(*)::integer from place) as places, (select count(*)::integer from task) as tasks from plan');
    assert.deepEqual([planned?.places, planned?.tasks], [0, 0]);

    const second = start('proof-made');
    assert.equal((await second.ended()).signal, 'SIGKILL', second.output);
    const root = second.events('planned')[0]?.['accountsRoot'];
    assert.deepEqual([second.events('plan-stored').length, typeof root], [0, 'string'], 'it was not planned again');

    const third = start();
    await third.said('work-done', { step: 'receipts' });
    await third.stop();
    assert.deepEqual([third.events('planned').length, third.events('proof-made').length], [0, 4], 'the proof that was not stored is made again');
    assert.deepEqual({ ...await row(`
      select (select sha256 from plan) as plan, (select accounts_root from epoch) as root, (select count(*)::integer from proof) as proofs,
        (select count(*)::integer from attestation) as attestations, (select count(*)::integer from outbox) as outbox`) },
    { plan: planned?.sha256, root, proofs: 4, attestations: 1, outbox: 1 });
  });

  it('with a prover program leaves a witness that only its user can read, and the next start removes it [V35]', async () => {
    await prepare();
    const [program, note] = [join(directory, 'hanging.cjs'), join(directory, 'note')];
    await writeFile(program, `#!${process.execPath}
require('node:fs').writeFileSync('${note}.part', [process.pid, process.ppid, process.argv[3]].join(' '));
require('node:fs').renameSync('${note}.part', '${note}');
setInterval(() => {}, 1000);
`);
    await chmod(program, 0o700);
    const first = start(undefined, { kind: 'pool', config: { backend: 'external', keysDirectory: KEYS, path: program, timeoutMilliseconds: 600_000 } });
    await first.said('planned');
    let noted = '';
    while (noted === '') noted = await readFile(note, 'utf8').catch(() => new Promise<string>((resolve) => setTimeout(() => resolve(''), 20)));
    const [pid, parent, witness = ''] = noted.split(' ');
    assert.deepEqual([(await stat(witness)).mode & 0o777, (await stat(dirname(witness))).mode & 0o777], [0o600, 0o700]);
    // All of it at once, as when the machine's memory runs out: nobody is left to clean up.
    first.kill('SIGSTOP');
    for (const each of [parent, pid]) process.kill(Number(each), 'SIGKILL');
    first.kill('SIGKILL');
    await first.ended();
    assert.ok((await stat(witness)).isFile());

    const second = start();
    await second.said('witness-folders-removed');
    await assert.rejects(stat(dirname(witness)), { code: 'ENOENT' });
    await second.stop();
  });
});
