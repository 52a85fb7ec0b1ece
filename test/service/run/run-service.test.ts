import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { startAnvil } from '../../../src/chain/anvil.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { connectService } from '../../../src/cli/service/connect.js';
import { openServiceParts } from '../../../src/service/run/service-parts.js';
import { startService } from '../../../src/service/run/run-service.js';
import { repin } from '../../../src/store/pins.js';
import { PostgresServer } from '../../harness/postgres.js';
import { runConnected } from '../../cli/service/scripted-service.js';
import { runFolder, type RunFolder } from './support.js';

const SINK = { write: (): void => undefined };

describe('a service in one process', () => {
  let folder: RunFolder;

  afterEach(() => folder.remove());
  after(releaseCurves);

  it('answers until it is stopped, and keeps its store to itself meanwhile: commands on the store say to ask it', async () => {
    folder = await runFolder();
    const running = await startService(await folder.check(), folder.program, { api: true }, SINK);
    const url = `http://127.0.0.1:${running.address?.port}`;
    try {
      assert.equal((await fetch(`${url}/v1/ready`)).status, 200);
      assert.equal((await fetch(`${url}/v1/tokens`)).status, 401);
      const { code, stderr } = await runConnected(['epochs', 'list', '--config', folder.file], connectService);
      assert.equal(code, 1);
      assert.match(stderr, /^error: process \d+ runs on this store: ask it, with --service http:\/\/127\.0\.0\.1:0 --token-file FILE \[STORE_LOCKED\]\n$/);
    } finally {
      await running.stop();
    }
    await running.done;
    await assert.rejects(fetch(`${url}/v1/ready`));
    await running.stop();
    // Free again.
    const { code } = await runConnected(['epochs', 'list', '--config', folder.file], connectService);
    assert.equal(code, 0);
  });

  it('does not start on a store that is pinned to another program, and leaves it closed', async () => {
    folder = await runFolder();
    const parts = await openServiceParts(await folder.check(), folder.program);
    await parts.store.database.transaction((sql) => repin(sql, { program: 'clearproof 9.9.9', manifestSha256: 'ab' }));
    await parts.close();
    await assert.rejects(startService(await folder.check(), folder.program, { api: true }, SINK), { code: 'WORKER_REFUSED', message: /runs another program/ });
    // The store was closed: the next process can open it.
    const { code } = await runConnected(['workers', '--config', folder.file], connectService);
    assert.equal(code, 0);
  });

  it('ends as a whole, saying why, when the store is pinned to another program while it runs', async () => {
    const postgres = await PostgresServer.start();
    try {
      folder = await runFolder({ store: { tls: 'off' }, worker: { processes: '1', kinds: ['prove'], leaseSeconds: '5' } });
      const checked = await folder.check({ DATABASE_URL: await postgres.createDatabase() });
      const running = await startService(checked, folder.program, { api: true }, SINK);
      const other = await openServiceParts(checked, folder.program);
      await other.store.database.transaction((sql) => repin(sql, { program: 'clearproof 9.9.9', manifestSha256: 'ab' }));
      await other.close();
      await assert.rejects(running.done, { code: 'WORKER_REFUSED' });
      await assert.rejects(fetch(`http://127.0.0.1:${running.address?.port}/v1/ready`));
    } finally {
      await postgres.stop();
    }
  });

  it('drops what a killed process left of an upload, once it works', async () => {
    folder = await runFolder({ worker: { processes: '1', kinds: ['receipts'] } });
    const left = async (change = 'select 1'): Promise<unknown> => {
      const parts = await openServiceParts(await folder.check(), folder.program);
      try {
        await parts.store.database.query("insert into market_table (venue, commitment, level, snapshot_time, body) values ($1, 5, 'maintenance', 1, '') on conflict do nothing", [parts.store.venue]);
        await parts.store.database.query(change);
        return (await parts.store.database.query('select count(*)::integer as n from snapshot')).rows[0]?.['n'];
      } finally {
        await parts.close();
      }
    };
    assert.equal(await left("insert into snapshot (venue, market, touched_at) select venue, commitment, now() - interval '1 day' from market_table"), 1);
    await (await startService(await folder.check(), folder.program, { api: false }, SINK)).stop();
    assert.equal(await left(), 0);
  });

  it('closes its store when it cannot listen', async () => {
    folder = await runFolder();
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    const port = (taken.address() as AddressInfo).port.toString();
    try {
      const checked = await folder.check({ CLEARPROOF_API_PORT: port });
      await assert.rejects(startService(checked, folder.program, { api: true }, SINK), { code: 'EADDRINUSE' });
      assert.equal((await runConnected(['epochs', 'list', '--config', folder.file], connectService)).code, 0);
    } finally {
      await new Promise((closed) => taken.close(closed));
    }
  });

  it('does not start beside a chain that has no verifier where the deployment says, publisher or not [V33]', async () => {
    folder = await runFolder();
    const node = await startAnvil();
    try {
      const checked = await folder.check({ CLEARPROOF_CHAIN_RPC_URL: node.url });
      await assert.rejects(startService(checked, folder.program, { api: true }, SINK), { code: 'NO_CONTRACT' });
      // The store was closed: the next process can open it.
      assert.equal((await runConnected(['epochs', 'list', '--config', folder.file], connectService)).code, 0);
    } finally {
      await node.stop();
    }
  });

  it('waits for a chain that does not answer, and stops while it waits', async () => {
    folder = await runFolder({ worker: { processes: '1', kinds: ['publish'] } });
    // Never read before the chain answers.
    await chmod(folder.file, 0o600);
    const checked = await folder.check({ CLEARPROOF_CHAIN_RPC_URL: 'http://127.0.0.1:1/canary-key', CLEARPROOF_CHAIN_PUBLISHER_KEY_FILE: folder.file });
    const running = await startService(checked, folder.program, { api: false });
    const waited = async (): Promise<void> => {
      while (!folder.log.some((line) => line.startsWith('warn chain-unavailable'))) await new Promise((soon) => setTimeout(soon, 20));
    };
    await waited();
    await running.stop();
    await running.done;
    assert.match(folder.log.join('\n'), /warn verifiers-not-checked .*CHAIN_UNREACHABLE/);
    assert.doesNotMatch(folder.log.join('\n'), /canary/);
  });
});
