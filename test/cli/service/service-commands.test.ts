import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { syntheticVenue } from '../../../src/margin/synthetic/synthetic-venue.js';
import { serializeMarketTable } from '../../../src/risk/market-table-json.js';
import { writeStaticMarket } from '../../../src/risk/static-market.js';
import { addServiceCommands } from '../../../src/cli/service/service-command.js';
import type { ServiceOperations, TokenSummary } from '../../../src/service/operations.js';
import { EpochTakenError } from '../../../src/store/epochs.js';
import { temporaryFolder } from '../program.js';
import { bytesOf, EPOCH, progressOf, runService, type Ran } from './scripted-service.js';

const TOKEN: TokenSummary = { id: 't1', role: 'auditor', userId: null, label: 'auditor 2026', expiresAt: null, revokedAt: null };
const STEP = { name: 'prove:batch-000000', kind: 'prove', state: 'dead', attempts: 5, error: { code: 'PROVER_LIMIT', message: 'too much memory' } } as const;

async function lines(...ids: readonly string[]): Promise<AsyncIterable<string>> {
  await Promise.resolve();
  return (async function* () {
    for (const id of ids) yield await Promise.resolve(id);
  })();
}

function serviceCommand(): Command {
  const run = (): (() => Promise<void>) => () => Promise.resolve();
  return addServiceCommands(new Command('clearproof'), run, () => Promise.reject(new Error('nobody is asked')));
}

/** Words of every command that does something. */
function commandsOf(command: Command): string[][] {
  return command.commands.flatMap((one) => (one.commands.length === 0 ? [[one.name()]] : commandsOf(one).map((words) => [one.name(), ...words])));
}

describe('clearproof service', () => {
  let folder: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(folder, name);

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
  });
  after(() => remove());

  async function succeeds(args: readonly string[], operations: Partial<ServiceOperations>): Promise<Ran> {
    const ran = await runService(args, operations);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.open, 0, 'the connection is closed');
    return ran;
  }

  it('connects with what names the service, and closes the connection after a failure too', async () => {
    const local = await succeeds(['epochs', 'list', '--config', 'service.json'], { epochs: () => Promise.resolve([]) });
    assert.deepEqual(local.target, { config: 'service.json' });
    assert.match(local.stdout, /^no epoch: start one/);
    const remote = await runService(['epochs', 'start', '--epoch', '1', '--snapshot', 'a1', '--service', 'https://h', '--token-file', 't'], {
      startEpoch: () => Promise.reject(new EpochTakenError('epoch 1 is of another snapshot: take the next number')),
    });
    assert.deepEqual([remote.code, remote.open], [1, 0]);
    assert.match(remote.stderr, /^error: epoch 1 is of another snapshot.* \[EPOCH_TAKEN\]\n$/);
  });

  it('has an example in the help of every command, and says which service it speaks to', async () => {
    const leaves = commandsOf(serviceCommand());
    assert.ok(leaves.length > 22);
    for (const words of leaves) {
      const { code, stdout } = await runService([...words, '--help'], {});
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\\n  clearproof service ${words.join(' ')} `), words.join(' '));
      assert.match(stdout, /--config <file>/);
    }
  });

  it('refuses a store and a running service at once', async () => {
    const { code, stderr, target } = await runService(['epochs', 'list', '--config', 'a', '--service', 'b'], {});
    assert.equal(code, 2);
    assert.match(stderr, /option '--config <file>' cannot be used with option '--service <url>'/);
    assert.equal(target, undefined);
  });

  it('adds a table from a file and lists tables', async () => {
    const { market, table } = syntheticVenue({ seed: 'service tables', accounts: 8, slots: 3, instruments: 4, scenarios: 2 });
    await writeFile(at('market.json'), writeStaticMarket(market));
    await writeFile(at('table.json'), serializeMarketTable(table));
    const summary = { commitment: '99', level: 'maintenance', snapshotTime: 5, rows: 8, addedAt: '2026-01-01T00:00:00Z' } as const;
    for (const file of ['market.json', 'table.json']) {
      const added = await succeeds(['tables', 'add', '--table', at(file), '--json'], { addMarketTable: () => Promise.resolve(summary) });
      assert.deepEqual(added.asked, [`addMarketTable(${JSON.stringify(serializeMarketTable(table))})`], 'parameters are made a table, a table is sent as it is');
      assert.deepEqual(JSON.parse(added.stdout), summary);
    }
    const listed = await succeeds(['tables', 'list'], { marketTables: () => Promise.resolve([summary]) });
    assert.match(listed.stdout, /^commitment .*\n +99 {2}maintenance/);
  });

  it('uploads a snapshot with its format and name, and ends with 1 where it cannot be proven', async () => {
    await writeFile(at('accounts.ndjson'), '{"user":"alice"}\n');
    let bytes = '';
    const upload = (findings: readonly string[]): Partial<ServiceOperations> => ({
      uploadSnapshot: async (given) => {
        bytes = await bytesOf(given.bytes);
        return { id: 's1', market: given.market, accounts: 1, sha256: 'ab', findings, created: true };
      },
    });
    const { asked } = await succeeds(['snapshots', 'upload', '--input', at('accounts.ndjson'), '--market', '99'], upload([]));
    assert.deepEqual(asked, ['uploadSnapshot({"bytes":"stream","format":"ndjson","market":"99","name":"accounts.ndjson"})']);
    assert.equal(bytes, '{"user":"alice"}\n');
    const found = await runService(['snapshots', 'upload', '--input', at('accounts.ndjson'), '--market', '99', '--format', 'csv'], upload(Array.from({ length: 23 }, (_, place) => `finding ${place}`)));
    assert.equal(found.code, 1);
    assert.match(found.asked[0] ?? '', /"format":"csv"/);
    assert.match(found.stdout, /cannot be proven: finding 19\nand 3 findings more/);
  });

  it('uploads nothing from a file that is not there', async () => {
    const { code, stderr, asked } = await runService(['snapshots', 'upload', '--input', at('none.csv'), '--market', '99'], {});
    assert.equal(code, 1);
    assert.match(stderr, /none\.csv cannot be read.*\[FILE_READ\]/);
    assert.deepEqual(asked, []);
  });

  it('opens, starts and shows an epoch', async () => {
    const entry = { epoch: 1, kind: 'open-snapshot', state: 'mined', transaction: '0xab', block: 7, attempts: 1, error: null } as const;
    assert.equal((await succeeds(['epochs', 'open', '--epoch', '1'], { openSnapshot: () => Promise.resolve(entry) })).stdout, 'open-snapshot of epoch 1 is mined, transaction 0xab in block 7\n');
    const started = await succeeds(['epochs', 'start', '--epoch', '1', '--snapshot', 'a1'], { startEpoch: () => Promise.resolve({ ...EPOCH, created: true }) });
    assert.deepEqual(started.asked, ['startEpoch({"epoch":1,"snapshot":"a1"})']);
    const shown = await succeeds(['epochs', 'show', '--epoch', '1'], { epoch: () => Promise.resolve(EPOCH) });
    assert.match(shown.stdout, /^epoch 1 of snapshot a1 is proving\n {2}market +99\n {2}circuits +batch, close\n/);
  });

  it('refuses a number that is no epoch before it asks anybody', async () => {
    for (const epoch of ['0', '-1', 'x', '1e3']) {
      const { code, stderr, asked } = await runService(['epochs', 'show', '--epoch', epoch], {});
      assert.deepEqual([code, asked], [2, []]);
      assert.match(stderr, /It must be/);
    }
  });

  it('watches an epoch until it is final, telling each change once', async () => {
    const states = [progressOf(), progressOf(), progressOf({ proofsDone: 3, state: 'publishing', remainingSeconds: 0 }), progressOf({ proofsDone: 3, state: 'final', remainingSeconds: 0 })];
    const waits: number[] = [];
    const next = (): Promise<ReturnType<typeof progressOf>> => Promise.resolve(states[Math.min(waits.push(1) - 1, states.length - 1)] ?? progressOf());
    const { stdout, stderr, asked } = await succeeds(['epochs', 'watch', '--epoch', '1', '--every', '1', '--until', 'published'], { progress: next });
    assert.equal(asked.length, 4);
    assert.deepEqual(stderr.trim().split('\n'), ['epoch 1 proving: 1 of 3 proofs, about 13 s left', 'epoch 1 publishing: 3 of 3 proofs', 'epoch 1 final: 3 of 3 proofs']);
    assert.equal(stdout, 'epoch 1 final: 3 of 3 proofs\n');
  });

  it('stops watching an epoch that failed or has a dead step, and ends with 1', async () => {
    const dead = await runService(['epochs', 'watch', '--epoch', '1'], { progress: () => Promise.resolve(progressOf({ steps: { ready: 0, active: 0, done: 2, dead: 1 } })) });
    assert.equal(dead.code, 1);
    assert.match(dead.stdout, /1 steps dead\nsteps were given up: "clearproof service dead-letters" says why/);
    assert.equal((await runService(['epochs', 'watch', '--epoch', '1'], { progress: () => Promise.resolve(progressOf({ state: 'failed' })) })).code, 1);
  });

  it('shows steps and dead letters with their reason, and retries one', async () => {
    const steps = await succeeds(['epochs', 'steps', '--epoch', '1'], { steps: () => Promise.resolve([STEP]) });
    assert.match(steps.stdout, /prove:batch-000000 {2}dead +5 {2}PROVER_LIMIT: too much memory/);
    const dead = await runService(['dead-letters'], { deadLetters: () => Promise.resolve([{ ...STEP, epoch: 1 }]) });
    assert.equal(dead.code, 1);
    assert.match(dead.stdout, /1 {2}prove:batch-000000 +5 {2}PROVER_LIMIT/);
    assert.equal((await runService(['dead-letters'], { deadLetters: () => Promise.resolve([]) })).code, 0);
    const retried = await succeeds(['epochs', 'retry', '--epoch', '1', '--step', STEP.name], { retry: () => Promise.resolve({ ...STEP, state: 'ready', attempts: 0, error: null }) });
    assert.deepEqual(retried.asked, ['retry(1, "prove:batch-000000")']);
    assert.equal(retried.stdout, 'prove:batch-000000 is ready after 0 attempts\n');
  });

  it('ends with 1 where the service is not ready', async () => {
    const health = { database: 'ok', chain: 'unavailable', keys: 'ok', ready: false, insecureKeys: true } as const;
    const { code, stdout } = await runService(['health'], { health: () => Promise.resolve(health) });
    assert.equal(code, 1);
    assert.equal(stdout, 'NOT READY: database ok, chain unavailable, keys ok, INSECURE keys\n');
    assert.equal((await runService(['health'], { health: () => Promise.resolve({ ...health, ready: true }) })).code, 0);
  });

  it('writes an attestation as it came', async () => {
    await succeeds(['attestation', '--epoch', '1', '--out', at('attestation.json')], { attestation: () => Promise.resolve('{"a":1}') });
    assert.equal(await readFile(at('attestation.json'), 'utf8'), '{"a":1}');
  });

  it('writes receipts and their tokens to files of their owner alone, and shows neither', async () => {
    const tokens = await succeeds(['receipts', 'tokens', '--epoch', '1', '--out', at('tokens.ndjson'), '--json'], {
      receiptTokens: () => (async function* () {
        yield* await lines('{"user":"alice","token":"canary-1"}', '{"user":"bob","token":"canary-2"}\n');
      })(),
    });
    assert.equal(await readFile(at('tokens.ndjson'), 'utf8'), '{"user":"alice","token":"canary-1"}\n{"user":"bob","token":"canary-2"}\n');
    assert.equal((await stat(at('tokens.ndjson'))).mode & 0o777, 0o600);
    assert.doesNotMatch(tokens.stdout + tokens.stderr, /canary|alice/);
    await writeFile(at('receipt.token'), 'secret-token\n', { mode: 0o600 });
    const got = await succeeds(['receipts', 'get', '--receipt-token', at('receipt.token'), '--out', at('receipt.json')], { receiptByToken: () => Promise.resolve('{"r":1}') });
    assert.deepEqual(got.asked, ['receiptByToken("secret-token")']);
    assert.equal(await readFile(at('receipt.json'), 'utf8'), '{"r":1}');
    assert.equal((await stat(at('receipt.json'))).mode & 0o777, 0o600);
    await succeeds(['receipts', 'get', '--user', 'alice', '--epoch', '1', '--out', at('both.json')], { receiptsOfUser: () => Promise.resolve(['{"r":1}', '{"r":2}']) });
    assert.equal(await readFile(at('both.json'), 'utf8'), '{"r":1}\n{"r":2}');
  });

  it('refuses a receipt token that others may read, and says when a token opens nothing', async () => {
    await writeFile(at('open.token'), 'secret-token\n', { mode: 0o644 });
    const open = await runService(['receipts', 'get', '--receipt-token', at('open.token'), '--out', at('r.json')], {});
    assert.match(open.stderr, /open\.token can be read by others.*\[SECRET_FILE\]/);
    const none = await runService(['receipts', 'get', '--receipt-token', at('receipt.token'), '--out', at('r.json')], { receiptByToken: () => Promise.resolve(undefined) });
    assert.equal(none.code, 1);
    assert.match(none.stderr, /this token opens no receipt.*\[NO_RECEIPT\]/);
    for (const wrong of [[], ['--user', 'alice'], ['--epoch', '1'], ['--receipt-token', 'a', '--user', 'alice', '--epoch', '1']]) {
      const ran = await runService(['receipts', 'get', ...wrong, '--out', at('r.json')], {});
      assert.deepEqual([ran.code, ran.asked], [2, []]);
      assert.match(ran.stderr, /one of --receipt-token, and --user with --epoch, is needed/);
    }
  });

  it('writes a new access token to a file of its owner alone, and makes none when it could not keep it', async () => {
    const create = ['tokens', 'create', '--role', 'auditor', '--label', 'auditor 2026', '--days', '90', '--out', at('auditor.token')];
    const made = await succeeds([...create, '--json'], { createToken: () => Promise.resolve({ ...TOKEN, token: 'cp_canary' }) });
    assert.deepEqual(made.asked, ['createToken({"role":"auditor","label":"auditor 2026","days":90})']);
    assert.doesNotMatch(made.stdout + made.stderr, /canary/);
    assert.equal(await readFile(at('auditor.token'), 'utf8'), 'cp_canary\n');
    assert.equal((await stat(at('auditor.token'))).mode & 0o777, 0o600);
    const again = await runService(create, {});
    assert.deepEqual([again.code, again.asked], [1, []]);
    assert.match(again.stderr, /auditor\.token exists.*\[SECRET_FILE\]/);
  });

  it('asks for a user exactly where a token is of one', async () => {
    for (const wrong of [['--role', 'user'], ['--role', 'operator', '--user', 'alice']]) {
      const ran = await runService(['tokens', 'create', ...wrong, '--label', 'x', '--out', at('x.token')], {});
      assert.deepEqual([ran.code, ran.asked], [2, []]);
      assert.match(ran.stderr, /--user is needed for role user, and for no other/);
    }
    const made = await succeeds(['tokens', 'create', '--role', 'user', '--user', 'alice', '--label', 'x', '--out', at('alice.token')], { createToken: () => Promise.resolve({ ...TOKEN, role: 'user', userId: 'alice', token: 'cp_x' }) });
    assert.deepEqual(made.asked, ['createToken({"role":"user","label":"x","userId":"alice"})']);
  });

  it('lists and revokes tokens, the outbox, workers and snapshots', async () => {
    assert.match((await succeeds(['tokens', 'list'], { tokens: () => Promise.resolve([TOKEN]) })).stdout, /t1 +auditor {2}auditor 2026 +- /);
    const revoked = await succeeds(['tokens', 'revoke', '--id', 't1'], { revokeToken: () => Promise.resolve({ ...TOKEN, revokedAt: '2026-01-02T00:00:00Z' }) });
    assert.equal(revoked.stdout, 'token t1 of auditor 2026 revoked at 2026-01-02T00:00:00Z\n');
    const entry = { epoch: 1, kind: 'submit-epoch', state: 'dead', transaction: null, block: null, attempts: 24, error: { code: 'EPOCH_TAKEN', message: 'other root' } } as const;
    assert.match((await succeeds(['outbox'], { outbox: () => Promise.resolve([entry]) })).stdout, /submit-epoch {2}dead +24 .*EPOCH_TAKEN: other root/);
    const worker = { id: 'w1', host: 'h', process: 7, kinds: ['prove'], startedAt: '2026-01-01T00:00:00Z', seenAt: '2026-01-01T00:00:05Z', stoppedAt: null };
    assert.match((await succeeds(['workers'], { workers: () => Promise.resolve([worker]) })).stdout, /w1 +h +7 {2}prove/);
    const snapshot = { id: 's1', market: '99', accounts: 5, sha256: 'ab', findings: [], created: false };
    assert.match((await succeeds(['snapshots', 'list'], { snapshots: () => Promise.resolve([snapshot]) })).stdout, /s1 +99 +5 +0 {2}ab/);
  });

  it('requests a row mark and shows its proof', async () => {
    const proof = { id: 'p1', kind: 'row-mark', state: 'done', result: { proof: 1 }, error: null } as const;
    const { asked } = await succeeds(['row-marks', 'request', '--market', '99', '--row', '0'], { requestAccountProof: () => Promise.resolve(proof) });
    assert.deepEqual(asked, ['requestAccountProof({"kind":"row-mark","market":"99","row":0})']);
    assert.match((await succeeds(['row-marks', 'show', '--id', 'p1'], { accountProof: () => Promise.resolve(proof) })).stdout, /^row-mark p1 is done\n\{/);
  });
});
