import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectService } from '../../../src/cli/service/connect.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { syntheticVenue } from '../../../src/margin/synthetic/synthetic-venue.js';
import { writeStaticMarket } from '../../../src/risk/static-market.js';
import { startService, type RunningService } from '../../../src/service/run/run-service.js';
import { writeSnapshotCsv } from '../../../src/venue/snapshot-writer.js';
import { PostgresServer } from '../../harness/postgres.js';
import { runFolder, type RunFolder } from '../../service/run/support.js';
import { temporaryFolder } from '../program.js';
import { runConnected, type Ran } from './scripted-service.js';

const CANARY_USER = 'canary-user-7f3a';

describe('the same command on a store and through a running service', () => {
  let folder: RunFolder;
  let files: { readonly folder: string; readonly remove: () => Promise<void> };
  let server: PostgresServer;
  let running: RunningService;
  let local: readonly string[] = [];
  let operator: readonly string[] = [];
  let publisher: readonly string[] = [];
  const at = (name: string): string => join(files.folder, name);
  const before_ = { url: process.env['DATABASE_URL'], tls: process.env['CLEARPROOF_STORE_TLS'] };

  before(async () => {
    [files, server, folder] = await Promise.all([temporaryFolder(), PostgresServer.start(), runFolder()]);
    // As an operator's shell has them.
    process.env['DATABASE_URL'] = await server.createDatabase();
    process.env['CLEARPROOF_STORE_TLS'] = 'off';
    local = ['--config', folder.file];
    running = await startService(await folder.check(process.env as Record<string, string>), folder.program, { api: true }, { write: () => undefined });
    for (const role of ['operator', 'publisher']) {
      const made = await runConnected(['tokens', 'create', '--role', role, '--label', role, '--out', at(role), ...local], connectService);
      assert.equal(made.code, 0, made.stderr);
    }
    // The service that started pinned its store, to the version that these tests gave it.
    assert.match((await runConnected(['pin', '--show', ...local], connectService)).stdout, /^pinned to clearproof 0\.0\.0-test, keys [0-9a-f]{64}, which this host has NOT\n$/);
    assert.match((await runConnected(['pin', ...local], connectService)).stdout, /^pinned to clearproof \d+\.\d+\.\d+, keys [0-9a-f]{64}, which this host has\n$/);
    const url = `http://127.0.0.1:${running.address?.port}`;
    operator = ['--service', url, '--token-file', at('operator')];
    publisher = ['--service', url, '--token-file', at('publisher')];
    const { market, table, accounts } = syntheticVenue({ seed: 'local and remote', accounts: 8, slots: 3, instruments: 8, scenarios: 2 });
    await writeFile(at('market.json'), writeStaticMarket(market));
    await writeFile(at('accounts.csv'), writeSnapshotCsv(accounts.map((account, place) => (place === 2 ? { ...account, userId: CANARY_USER } : account)), table.rows));
    await writeFile(at('broken.csv'), 'user,what\nalice,1\n');
  });
  after(async () => {
    await running.stop();
    for (const [name, value] of [['DATABASE_URL', before_.url], ['CLEARPROOF_STORE_TLS', before_.tls]] as const) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await Promise.all([server.stop(), files.remove(), folder.remove()]);
    await releaseCurves();
  });

  /** Runs it both ways, for people and for programs, and gives what the store said to programs. */
  async function both(args: readonly string[], remote = operator): Promise<unknown> {
    const answers: Ran[] = [];
    for (const target of [local, remote]) for (const json of [[], ['--json']]) answers.push(await runConnected([...args, ...target, ...json], connectService));
    const [text, json, remoteText, remoteJson] = answers.map(({ code, stdout, stderr }) => ({ code, stdout: withoutStatus(stdout), stderr }));
    assert.deepEqual(remoteText, text, args.join(' '));
    assert.deepEqual(remoteJson, json, args.join(' '));
    return JSON.parse(json?.stdout ?? '') as unknown;
  }

  /** The one thing a refusal through HTTP has beside what the store says. */
  function withoutStatus(stdout: string): string {
    return stdout.replace(/,\n\s+"status": \d+(?=\n)/, '').replace(/\{\n\s+"status": \d+\n\s+\}/, '{}');
  }

  it('gives the same answers from tables to an epoch under way', async () => {
    const { commitment } = await both(['tables', 'add', '--table', at('market.json')]) as { commitment: string };
    assert.equal((await both(['tables', 'list']) as unknown[]).length, 1);
    const upload = ['snapshots', 'upload', '--input', at('accounts.csv'), '--market', commitment];
    const first = await runConnected([...upload, ...local, '--json'], connectService);
    assert.equal((JSON.parse(first.stdout) as { created: boolean }).created, true);
    const { id, created } = await both(upload) as { id: string; created: boolean };
    assert.equal(created, false);
    assert.deepEqual((await both(['snapshots', 'list']) as { id: string }[]).map((one) => one.id), [id]);
    await runConnected(['epochs', 'start', '--epoch', '1', '--snapshot', id, ...local], connectService);
    const started = await both(['epochs', 'start', '--epoch', '1', '--snapshot', id]) as { state: string };
    assert.equal(started.state, 'planning', JSON.stringify(started));
    assert.equal((await both(['epochs', 'list']) as unknown[]).length, 1);
    await both(['epochs', 'show', '--epoch', '1']);
    assert.deepEqual((await both(['epochs', 'steps', '--epoch', '1']) as { name: string }[]).map(({ name }) => name), ['plan']);
    await both(['epochs', 'open', '--epoch', '1'], publisher);
    assert.equal((await both(['outbox']) as unknown[]).length, 1);
    await both(['dead-letters']);
    await both(['workers']);
    assert.equal((await both(['health']) as { ready: boolean }).ready, true);
    const repinned = await runConnected(['pin', ...local], connectService);
    assert.match(repinned.stderr, /epoch 1 is under way with the pinned program and keys.*\[EPOCHS_UNDER_WAY\]/);
    assert.equal((await both(['tokens', 'list']) as unknown[]).length, 2);
    await both(['row-marks', 'request', '--market', commitment, '--row', '0']);
  });

  it('gives the same refusals, with code and reason', async () => {
    const refused: readonly (readonly [args: readonly string[], code: string])[] = [
      [['epochs', 'show', '--epoch', '9'], 'NOT_FOUND'],
      [['epochs', 'start', '--epoch', '2', '--snapshot', '00000000-0000-0000-0000-000000000000'], 'NOT_FOUND'],
      [['epochs', 'retry', '--epoch', '1', '--step', 'plan'], 'STATE_CONFLICT'],
      [['attestation', '--epoch', '1', '--out', at('none.json')], 'NOT_FOUND'],
      [['receipts', 'tokens', '--epoch', '1', '--out', at('none.ndjson')], 'NO_RECEIPTS'],
      [['snapshots', 'upload', '--input', at('broken.csv'), '--market', '1'], 'NOT_FOUND'],
      [['tokens', 'revoke', '--id', '00000000-0000-0000-0000-000000000000'], 'NOT_FOUND'],
      [['row-marks', 'request', '--market', '1', '--row', '0'], 'NOT_FOUND'],
    ];
    for (const [args, code] of refused) {
      const { error } = await both(args) as { error: { code: string } };
      assert.equal(error.code, code, args.join(' '));
    }
  });

  it('lets a revoked token do nothing more', async () => {
    const tokens = await both(['tokens', 'list']) as { id: string; role: string }[];
    const id = tokens.find(({ role }) => role === 'publisher')?.id ?? '';
    assert.equal((await runConnected(['tokens', 'revoke', '--id', id, ...operator], connectService)).code, 0);
    const { code, stderr } = await runConnected(['outbox', ...publisher], connectService);
    assert.equal(code, 1);
    assert.match(stderr, /\[UNAUTHENTICATED\]/);
  });
});
