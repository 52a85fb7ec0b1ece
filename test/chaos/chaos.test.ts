import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '../harness/postgres.js';
import { runSeed } from './seed-run.js';
import { startService } from './service-under-attack.js';

/** Long enough after the start for a kill to strike within an epoch, on any machine: kills may come to rest, too. */
const SPAN_MS = 6_000;

describe('a service whose processes are killed', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'clearproof-chaos-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  it('ends an epoch with one root and one publication on an embedded store [V20, V21]', async () => {
    const service = await startService(join(folder, 'embedded'));
    try {
      const { kills } = await runSeed(service, 1, 1, 2, SPAN_MS);
      assert.ok(kills.length > 0, 'something was killed');
    } finally {
      await service.stop();
    }
  });

  it('ends an epoch with one root and one publication when two processes share a PostgreSQL [V20, V29]', async () => {
    const postgres = await PostgresServer.start();
    const service = await startService(join(folder, 'server'), await postgres.createDatabase());
    try {
      const { kills } = await runSeed(service, 2, 1, 3, SPAN_MS);
      assert.ok(kills.length > 0, 'something was killed');
    } finally {
      await service.stop();
      await postgres.stop();
    }
  });
});
