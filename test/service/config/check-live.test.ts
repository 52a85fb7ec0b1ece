import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { startAnvil } from '../../../src/chain/anvil.js';
import { runChecks, type CheckResult } from '../../../src/service/config/check-config.js';
import { chainCheck, databaseCheck } from '../../../src/service/config/check-live.js';
import { databaseConfigOf, openConfiguredDatabase } from '../../../src/service/config/database-config.js';
import { migrate } from '../../../src/store/migrate.js';
import { PostgresServer } from '../../harness/postgres.js';
import { serviceFolder, withSection, type ServiceFolder } from './support.js';

describe('a look at database and chain', () => {
  let service: ServiceFolder;

  before(async () => {
    service = await serviceFolder('development');
  });
  after(async () => {
    await service.remove();
    await releaseCurves();
  });

  async function look(check: typeof databaseCheck, json = service.json, environment: Readonly<Record<string, string>> = {}): Promise<CheckResult> {
    const { config } = await service.load(json, environment);
    const [result] = await runChecks([check(config)]);
    assert.ok(result);
    return result;
  }

  it('makes no embedded database, and says how far one is migrated and who has it open', async () => {
    assert.match((await look(databaseCheck)).detail, /database will be made at the first start/);
    assert.equal(existsSync(service.at('data/database')), false);
    const { config } = await service.load();
    const database = await openConfiguredDatabase(config);
    try {
      assert.deepEqual(await look(databaseCheck), { check: 'database', ok: true, detail: `in use by process ${process.pid}` });
      await migrate(database);
    } finally {
      await database.close();
    }
    assert.match((await look(databaseCheck)).detail, /embedded database answers; 1 migrations ran$/);
    await rm(service.at('data/database'), { recursive: true });
  });

  it('asks a server, and says why it is refused or not reached, without the password', async () => {
    const server = await PostgresServer.start();
    try {
      const url = new URL(await server.createDatabase());
      url.password = 'canary-password';
      const open = withSection(service.json, 'store', { tls: 'off' });
      assert.match((await look(databaseCheck, open, { DATABASE_URL: url.href })).detail, /server database answers; 0 migrations ran, 1 will at the next start/);
      const strict = await look(databaseCheck, service.json, { DATABASE_URL: url.href });
      assert.deepEqual([strict.ok, strict.code], [false, 'DATABASE_REFUSED']);
      assert.match(strict.detail, /does not support SSL connections.*store\.tls/);
      const none = await look(databaseCheck, open, { DATABASE_URL: url.href.replace(/test_1$/, 'none') });
      assert.equal(none.code, 'DATABASE_REFUSED');
      assert.match(none.detail, /database "none" does not exist/);
      await server.pause();
      const gone = await look(databaseCheck, open, { DATABASE_URL: url.href });
      assert.equal(gone.code, 'DATABASE_UNAVAILABLE');
      for (const { detail } of [strict, none, gone]) assert.doesNotMatch(detail, /canary/);
    } finally {
      await server.stop();
    }
  });

  it('asks for TLS as configured, and for nothing else', async () => {
    const urlOf = async (store: Readonly<Record<string, string>>): Promise<string> => {
      const wanted = databaseConfigOf((await service.load(withSection(service.json, 'store', store), { DATABASE_URL: 'postgres://u:p@db/d' })).config);
      return wanted.kind === 'server' ? wanted.url : wanted.kind;
    };
    assert.equal(await urlOf({}), 'postgres://u:p@db/d?sslmode=verify-full');
    assert.equal(await urlOf({ caFile: '/etc/ca.pem' }), 'postgres://u:p@db/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem');
    assert.equal(await urlOf({ tls: 'off', caFile: '/etc/ca.pem' }), 'postgres://u:p@db/d?sslmode=disable');
  });

  it('tells a chain that is silent, another one, and one without the registry', async () => {
    const silent = await look(chainCheck);
    assert.equal(silent.code, 'CHAIN_UNREACHABLE');
    assert.match(silent.detail, /127\.0\.0\.1:1 gave no chain id/);
    assert.doesNotMatch(silent.detail, /rpc-canary/);
    const [other, same] = await Promise.all([startAnvil({ chainId: 99 }), startAnvil()]);
    try {
      await writeFile(service.at('rpc.url'), other.url);
      assert.match((await look(chainCheck)).detail, /serves chain 99, expected chain 31337/);
      await writeFile(service.at('rpc.url'), same.url);
      assert.equal((await look(chainCheck)).code, 'NO_CONTRACT');
    } finally {
      await Promise.all([other.stop(), same.stop()]);
    }
    const { chain, ...rest } = service.json;
    assert.ok(chain);
    assert.deepEqual(await look(chainCheck, rest), { check: 'chain', ok: true, detail: 'not configured' });
  });
});
