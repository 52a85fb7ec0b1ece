import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import { ServiceClient } from '../../src/service/client/service-client.js';
import { remainingSeconds } from '../../src/service/summaries.js';
import { revokeAccessToken } from '../../src/store/access-tokens.js';
import { storeAttestation } from '../../src/store/attestations.js';
import { findEpoch, setEpochState } from '../../src/store/epochs.js';
import { enqueue } from '../../src/store/outbox.js';
import { readSnapshot } from '../../src/store/snapshots.js';
import type { StepLease } from '../../src/store/steps.js';
import { smallMarket } from '../builders/market.js';
import { CIRCUITS, RECEIPT_TOKEN, StoreApi } from './store-api.js';

const TABLE = smallMarket();
const MARKET = marketCommitment(portablePoseidon, TABLE).toString();
const ACCOUNTS = [
  '{"user":"alice","holdings":{"USDC":"1000","BTC-PERP":"0.5"}}',
  '{"user":"bob","subAccount":"2","holdings":{"BTC-PERP":"-0.5","USDC":"2500.25"}}',
];
const WORKER = '00000000-0000-4000-8000-0000000000aa';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('the service over its store', () => {
  let api: StoreApi;
  let operator: ServiceClient;
  let publisher: ServiceClient;
  let auditor: ServiceClient;
  before(async () => {
    api = await StoreApi.start();
    [operator, publisher, auditor] = await Promise.all([api.as('operator'), api.as('publisher'), api.as('auditor')]);
    await operator.addMarketTable(serializeMarketTable(TABLE));
  });
  after(() => api.stop());

  const upload = (text: string | Uint8Array, format: 'csv' | 'ndjson' = 'ndjson') =>
    operator.uploadSnapshot({ bytes: Readable.from([Buffer.from(text)]), format, market: MARKET, name: 'accounts' });
  /** A snapshot of its own for each epoch. */
  const snapshotOf = async (cash: number): Promise<string> => (await upload(`{"user":"alice","holdings":{"USDC":"${cash}"}}\n`)).id;

  /** Takes what is to be planned until it is this epoch; the others are handed back. */
  const takePlanOf = async (number: number): Promise<StepLease> => {
    const id = (await findEpoch(api.database, api.venue, BigInt(number)))?.id;
    const others: StepLease[] = [];
    for (;;) {
      const lease = await api.steps.take(['plan'], WORKER, 60);
      assert.ok(lease !== undefined, `epoch ${number} waits to be planned`);
      if (lease.epoch !== id) {
        others.push(lease);
        continue;
      }
      for (const other of others) await api.steps.release(other);
      return lease;
    }
  };

  it('a market table is stored once, in its canonical form', async () => {
    const summary = await operator.addMarketTable(JSON.stringify(JSON.parse(serializeMarketTable(TABLE)), undefined, 2));
    assert.deepEqual({ ...summary, addedAt: '' }, { commitment: MARKET, level: 'maintenance', snapshotTime: TABLE.snapshotTime, rows: 6, addedAt: '' });
    assert.deepEqual((await auditor.marketTables()).map(({ commitment }) => commitment), [MARKET]);
    assert.equal(await auditor.marketTable(MARKET), serializeMarketTable(TABLE));
    await assert.rejects(auditor.marketTable('5'), { code: 'NOT_FOUND' });
    await assert.rejects(operator.addMarketTable('{"level":"maintenance"}'), { code: 'JSON_SHAPE', status: 422 });
  });

  it('a snapshot is checked, stored in canonical form and found again by its content', async () => {
    const first = await upload(ACCOUNTS.join('\n'));
    assert.deepEqual([first.accounts, first.findings, first.created, first.market], [2, [], true, MARKET]);
    const again = await upload(`\ufeff${ACCOUNTS.join('\r\n')}\r\n`);
    assert.deepEqual([again.id, again.sha256, again.created], [first.id, first.sha256, false]);
    const csv = await upload('user_id,sub_account,instrument,quantity\nalice,0,USDC,1000\nalice,0,BTC-PERP,0.5\nbob,2,BTC-PERP,-0.5\nbob,2,USDC,2500.25\n', 'csv');
    assert.equal(csv.id, first.id, 'CSV and NDJSON of the same accounts are one snapshot');
    assert.ok((await operator.snapshots()).some(({ id }) => id === first.id));
    let stored = '';
    for await (const part of readSnapshot(api.database, first)) stored += Buffer.from(part).toString();
    assert.equal(stored.split('\n').length, 3);
    assert.match(stored, /^\{"user":"alice","subAccount":"0","holdings":\{"USDC":"1000","BTC-PERP":"0\.5"\}\}\n/);
  });

  it('a snapshot in gzip is the same snapshot', async () => {
    const token = await api.token('operator');
    const response = await fetch(`${api.url}/v1/snapshots?market=${MARKET}`, {
      method: 'POST', body: gzipSync(ACCOUNTS.join('\n')), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    });
    assert.equal(response.status, 200);
    assert.equal((await response.json() as { created: boolean }).created, false);
  });

  it('many accounts go into several parts and come out whole', async () => {
    const lines = Array.from({ length: 60_000 }, (_none, index) => `{"user":"user-${index}-${'x'.repeat(50)}","holdings":{"USDC":"${index + 1}"}}`);
    const { id, sha256, accounts } = await upload(lines.join('\n'));
    assert.equal(accounts, lines.length);
    const sizes: number[] = [];
    let text = '';
    for await (const part of readSnapshot(api.database, { id, sha256 })) {
      sizes.push(part.length);
      text += Buffer.from(part).toString();
    }
    assert.ok(sizes.length > 1, sizes.join(' '));
    assert.deepEqual(text.trimEnd().split('\n').map((line) => (JSON.parse(line) as { user: string }).user), lines.map((line) => (JSON.parse(line) as { user: string }).user));
  });

  it('findings come with the snapshot and keep it from being proven', async () => {
    const { id, findings } = await upload(ACCOUNTS.slice(0, 1).join('\n'));
    assert.equal(findings.length, 1);
    assert.match(findings[0] ?? '', /BTC-PERP/);
    await assert.rejects(operator.startEpoch({ epoch: 50, snapshot: id }), { code: 'SNAPSHOT_NOT_PROVABLE', status: 422 });
  });

  const csv = (...rows: string[]): string => ['user_id,sub_account,instrument,quantity', ...rows].join('\n');
  const HOSTILE: readonly (readonly [what: string, text: string, code: string])[] = [
    ['a duplicate column', 'user_id,sub_account,instrument,quantity,quantity\na,0,USDC,1,2\n', 'CSV_HEADER'],
    ['a duplicate instrument', csv('a,0,USDC,1', 'a,0,USDC,2'), 'DUPLICATE_HOLDING'],
    ['a duplicate account', csv('a,0,USDC,1', 'b,0,USDC,1', 'a,0,BTC,1'), 'DUPLICATE_ACCOUNT'],
    ['a formula', csv('a,0,USDC,=1+1'), 'QUANTITY_FORM'],
    ['an exponent', csv('a,0,USDC,1e6'), 'QUANTITY_FORM'],
    ['a quantity beyond 64 bits', csv(`a,0,USDC,${'9'.repeat(30)}`), 'QUANTITY_RANGE'],
    ['an unknown instrument', csv('a,0,DOGE,1'), 'UNKNOWN_INSTRUMENT'],
    ['a missing cell', csv('a,0,USDC'), 'CSV_ROW'],
    ['an open quote', csv('"a,0,USDC,1'), 'CSV_ROW'],
    ['a row without end', csv(`${'a'.repeat(200_000)},0,USDC,1`), 'ROW_LENGTH'],
    ['no account', csv(), 'EMPTY_SNAPSHOT'],
  ];
  for (const [what, text, code] of HOSTILE) {
    it(`V10 ${what} in a CSV is refused, and nothing of it stays`, async () => {
      await assert.rejects(upload(text, 'csv'), { code });
      const { rows } = await api.database.query('select count(*)::integer as left from snapshot where state = \'receiving\'');
      assert.equal(rows[0]?.['left'], 0);
    });
  }

  it('V10 a byte order mark and CRLF change nothing', async () => {
    const plain = await upload(csv('a,0,USDC,1', 'b,0,USDC,2'), 'csv');
    const other = await upload(`\ufeff${csv('a,0,USDC,1', 'b,0,USDC,2').replaceAll('\n', '\r\n')}`, 'csv');
    assert.equal(other.id, plain.id);
  });

  it('an upload that breaks off leaves nothing', async () => {
    const broken = Readable.from((function* pieces() {
      yield Buffer.from(`${ACCOUNTS[0]}\n`);
      throw new Error('line cut');
    })());
    await assert.rejects(operator.uploadSnapshot({ bytes: broken, format: 'ndjson', market: MARKET, name: 'x' }));
    const left = async (): Promise<unknown> => (await api.database.query('select count(*)::integer as left from snapshot where state = \'receiving\'')).rows[0]?.['left'];
    for (let tries = 0; tries < 200 && await left() !== 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await left(), 0);
  });

  it('V28 an epoch asked for 100 times at once is one row with one step and one job', async () => {
    const snapshot = await snapshotOf(1);
    const started = await Promise.all(Array.from({ length: 100 }, () => operator.startEpoch({ epoch: 1, snapshot })));
    assert.equal(started.filter(({ created }) => created).length, 1);
    assert.deepEqual([started[0]?.state, started[0]?.circuits], ['planning', CIRCUITS]);
    assert.deepEqual((await auditor.steps(1)).map(({ name, state }) => [name, state]), [['plan', 'ready']]);
    const { rows } = await api.database.query('select count(*)::integer as jobs from clearproof_jobs.job where name = \'plan\'');
    assert.equal(rows[0]?.['jobs'], 1);
    await assert.rejects(operator.startEpoch({ epoch: 1, snapshot: await snapshotOf(2) }), { code: 'EPOCH_TAKEN', status: 409 });
    await assert.rejects(operator.startEpoch({ epoch: 2, snapshot: NOWHERE }), { code: 'NOT_FOUND' });
  });

  it('progress counts steps and estimates what remains from what was done', async () => {
    const snapshot = await snapshotOf(3);
    await operator.startEpoch({ epoch: 3, snapshot });
    const id = (await findEpoch(api.database, api.venue, 3n))?.id as bigint;
    await api.database.transaction((sql) => api.steps.add(sql, ['a', 'b', 'c'].map((name) => ({ epoch: id, name: `prove:${name}`, kind: 'prove' as const, cost: 1_000 }))));
    assert.deepEqual(await auditor.progress(3), { epoch: 3, state: 'planning', proofsDone: 0, proofsTotal: 3, remainingSeconds: null, steps: { ready: 4, active: 0, done: 0, dead: 0 } });
    const lease = await api.steps.take(['prove'], WORKER, 60);
    assert.ok(lease !== undefined);
    await api.database.query('update step set started_at = now() - interval \'30 seconds\' where name = $1', [lease.name]);
    await api.steps.finish(lease, () => Promise.resolve());
    const { proofsDone, remainingSeconds: remaining, steps } = await auditor.progress(3);
    assert.deepEqual([proofsDone, steps], [1, { ready: 3, active: 0, done: 1, dead: 0 }]);
    assert.ok(remaining !== null && remaining >= 60, `${remaining}`);
    await assert.rejects(auditor.progress(77), { code: 'NOT_FOUND' });
  });

  it('the estimate is the rest of the cost at the pace so far', () => {
    const now = { done: 1, total: 4, doneCost: 100, totalCost: 400, elapsedSeconds: 10 };
    assert.equal(remainingSeconds(now), 30);
    assert.equal(remainingSeconds({ ...now, done: 4, doneCost: 400 }), 0);
    assert.equal(remainingSeconds({ ...now, done: 0, doneCost: 0 }), null);
    assert.equal(remainingSeconds({ ...now, elapsedSeconds: undefined }), null);
    assert.equal(remainingSeconds({ done: 0, total: 0, doneCost: 0, totalCost: 0, elapsedSeconds: undefined }), null);
  });

  it('a dead step is a dead letter, and gets another round from an operator', async () => {
    await operator.startEpoch({ epoch: 4, snapshot: await snapshotOf(4) });
    const id = (await findEpoch(api.database, api.venue, 4n))?.id as bigint;
    await api.database.transaction((sql) => api.steps.add(sql, [{ epoch: id, name: 'prove:x', kind: 'prove' }]));
    await api.database.query('update step set state = \'done\' where name <> \'prove:x\' and kind = \'prove\'');
    const lease = await api.steps.take(['prove'], WORKER, 60);
    assert.equal(lease?.name, 'prove:x');
    await api.steps.fail(lease, new Error('secret text'), false);
    const dead = (await auditor.deadLetters()).find(({ epoch }) => epoch === 4);
    assert.deepEqual([dead?.name, dead?.state, dead?.error?.code], ['prove:x', 'dead', 'INTERNAL']);
    await assert.rejects(publisher.retry(4, 'prove:x'), { code: 'FORBIDDEN' });
    assert.equal((await operator.retry(4, 'prove:x')).state, 'ready');
    await assert.rejects(operator.retry(4, 'prove:x'), { code: 'STATE_CONFLICT', status: 409 });
    await assert.rejects(operator.retry(4, 'prove:none'), { code: 'NOT_FOUND' });
    assert.equal((await auditor.deadLetters()).length, 0);
  });

  it('the opening of a snapshot stands in the outbox once, and a dead entry gets another round from a publisher', async () => {
    const first = await publisher.openSnapshot(5);
    assert.deepEqual(await publisher.openSnapshot(5), first);
    assert.deepEqual([first.kind, first.state, first.transaction, first.block], ['open-snapshot', 'pending', null, null]);
    assert.equal((await auditor.outbox()).filter(({ epoch }) => epoch === 5).length, 1);
    await assert.rejects(publisher.retry(5, 'open-snapshot'), { status: 409 });
    await api.database.query('update outbox set state = \'dead\', error = \'{"code":"EPOCH_TAKEN","message":"m"}\' where epoch_number = 5');
    assert.deepEqual((await auditor.deadLetters()).map(({ epoch, name, kind }) => [epoch, name, kind]), [[5, 'open-snapshot', 'outbox']]);
    assert.equal((await publisher.retry(5, 'open-snapshot')).state, 'ready');
    assert.equal((await auditor.deadLetters()).length, 0);
  });

  it('a dead submission that gets another round takes the step along that was given up with it, or the epoch would never be retired', async () => {
    await operator.startEpoch({ epoch: 15, snapshot: await snapshotOf(15) });
    const id = (await findEpoch(api.database, api.venue, 15n))?.id as bigint;
    await api.database.transaction((sql) => api.steps.add(sql, [{ epoch: id, name: 'publish', kind: 'publish' }]));
    await api.database.query('insert into outbox (venue, epoch_number, kind, target, calldata, state) values ($1, 15, \'submit-epoch\', \'0x\', \'\', \'dead\')', [api.venue]);
    const lease = await api.steps.take(['publish'], WORKER, 60);
    assert.ok(lease !== undefined);
    await api.steps.fail(lease, new Error('its entry was given up'), false);
    assert.deepEqual((await auditor.deadLetters()).map(({ name }) => name), ['publish', 'submit-epoch']);
    assert.equal((await publisher.retry(15, 'submit-epoch')).state, 'ready');
    assert.deepEqual(await auditor.deadLetters(), []);
    assert.equal((await operator.steps(15)).find(({ name }) => name === 'publish')?.state, 'ready');
    await api.database.query('delete from outbox where epoch_number = 15');
  });

  it('events come page by page behind the last one seen, and as a stream that ends with the epoch', async () => {
    await operator.startEpoch({ epoch: 6, snapshot: await snapshotOf(6) });
    const id = (await findEpoch(api.database, api.venue, 6n))?.id as bigint;
    const seen: unknown[] = [];
    for await (const sighting of auditor.follow(6)) {
      if (sighting.kind === 'event') seen.push(sighting.event.detail['state']);
      else if (sighting.progress.state === 'planning') await setEpochState(api.database, id, 'failed');
    }
    assert.deepEqual(seen, ['planning', 'failed']);
    const events = await auditor.events(6, '0');
    assert.deepEqual(await auditor.events(6, events[0]?.id ?? ''), events.slice(1));
    await assert.rejects(auditor.events(66, '0'), { code: 'NOT_FOUND' });
  });

  it('an attestation is there for everybody once it is stored', async () => {
    await operator.startEpoch({ epoch: 7, snapshot: await snapshotOf(7) });
    const id = (await findEpoch(api.database, api.venue, 7n))?.id as bigint;
    const anyone = new ServiceClient({ url: api.url });
    await assert.rejects(anyone.attestation(7), { code: 'NOT_FOUND' });
    await storeAttestation(api.database, id, '{"epoch":"7"}');
    assert.equal(await anyone.attestation(7), '{"epoch":"7"}');
    const { attestationSha256 } = await auditor.epoch(7);
    const response = await fetch(`${api.url}/v1/attestations/7`);
    assert.equal(response.headers.get('etag'), `"${attestationSha256}"`);
    assert.ok((await auditor.epochs()).some(({ epoch }) => epoch === 7));
  });

  it('a proof about a row is asked for once, and a row or table that is not there is refused', async () => {
    const asked = await operator.requestAccountProof({ kind: 'row-mark', market: MARKET, row: 3 });
    assert.deepEqual(await operator.requestAccountProof({ kind: 'row-mark', market: MARKET, row: 3 }), asked);
    assert.deepEqual(await auditor.accountProof(asked.id), { id: asked.id, kind: 'row-mark', state: 'ready', result: null, error: null });
    await assert.rejects(operator.requestAccountProof({ kind: 'row-mark', market: MARKET, row: 6 }), { code: 'NOT_FOUND' });
    await assert.rejects(operator.requestAccountProof({ kind: 'row-mark', market: '5', row: 0 }), { code: 'NOT_FOUND' });
    await assert.rejects(auditor.accountProof(NOWHERE), { code: 'NOT_FOUND' });
  });

  it('V17 tokens open nothing once they are revoked or expired', async () => {
    const { token, id } = await operator.createToken({ role: 'auditor', label: 'for the auditor', days: 30 });
    const other = new ServiceClient({ url: api.url, token });
    assert.ok((await other.epochs()).length > 0);
    assert.ok((await operator.revokeToken(id)).revokedAt !== null);
    await assert.rejects(other.epochs(), { code: 'UNAUTHENTICATED' });
    const late = await operator.createToken({ role: 'auditor', label: 'expired', days: 1 });
    await api.database.query('update access_token set expires_at = now() - interval \'1 second\' where id = $1::uuid', [late.id]);
    await assert.rejects(new ServiceClient({ url: api.url, token: late.token }).epochs(), { code: 'UNAUTHENTICATED' });
    await assert.rejects(operator.revokeToken(NOWHERE), { code: 'NOT_FOUND' });
    assert.ok(!JSON.stringify(await operator.tokens()).includes(token));
    assert.equal(await revokeAccessToken(api.database, 'no id'), undefined);
  });

  it('a token is made for no user id that a snapshot cannot have', async () => {
    for (const userId of ['a\u0000b', 'a\u200bb', '\ud800', ' a', '=a', 'x'.repeat(129)]) {
      await assert.rejects(operator.createToken({ role: 'user', userId, label: 'odd' }), { code: 'USER_ID', status: 422 }, JSON.stringify(userId));
    }
    assert.equal((await operator.createToken({ role: 'user', userId: 'Zoë 李 o\'Hara;--', label: 'fine' })).userId, 'Zoë 李 o\'Hara;--');
  });

  it('V18 a user sees the own receipts and nobody else\'s', async () => {
    const [alice, carol] = await Promise.all([api.as('user', 'alice'), api.as('user', 'carol')]);
    assert.deepEqual(await alice.receiptsOfUser('alice', 1), ['{"user":"alice"}']);
    assert.deepEqual(await alice.receiptsOfUser('bob', 1), []);
    assert.deepEqual(await carol.receiptsOfUser('carol', 1), []);
    await assert.rejects(alice.epochs(), { code: 'FORBIDDEN' });
    assert.equal(await new ServiceClient({ url: api.url }).receiptByToken(RECEIPT_TOKEN), '{"user":"alice"}');
  });

  it('health says what is amiss and never why, and metrics count what is there', async () => {
    const anyone = new ServiceClient({ url: api.url });
    assert.deepEqual(await anyone.health(), { database: 'ok', chain: 'ok', keys: 'ok', ready: true, insecureKeys: true });
    [api.keys, api.chain] = ['refused', 'unavailable'];
    assert.deepEqual(await anyone.health(), { database: 'ok', chain: 'unavailable', keys: 'refused', ready: false, insecureKeys: true });
    assert.equal((await fetch(`${api.url}/v1/ready`)).status, 503);
    assert.equal((await fetch(`${api.url}/v1/health`)).status, 200);
    const token = await api.token('auditor');
    const metrics = await (await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
    assert.match(metrics, /^clearproof_up\{part="keys"\} 0$/m);
    assert.match(metrics, /^clearproof_epochs\{state="planning"\} [1-9]/m);
    assert.match(metrics, /^clearproof_outbox_entries\{state="pending"\} 1$/m);
    assert.match(metrics, /^clearproof_http_requests_total\{method="GET",route="\/v1\/ready",status="503"\} 2$/m);
    assert.doesNotMatch(metrics, /alice|bob|cp_/);
    [api.keys, api.chain] = ['ok', 'ok'];
  });

  it('an epoch that failed before it was attested may start again from another snapshot, and nothing of the first try is left', async () => {
    const bad = await snapshotOf(91);
    await operator.startEpoch({ epoch: 9, snapshot: bad });
    const good = await snapshotOf(92);
    await assert.rejects(operator.startEpoch({ epoch: 9, snapshot: good }), { code: 'EPOCH_TAKEN' }, 'not while it is under way');
    const lease = await takePlanOf(9);
    await api.steps.fail(lease, new Error('no'), false);
    assert.equal((await operator.epoch(9)).state, 'failed');
    assert.equal((await operator.startEpoch({ epoch: 9, snapshot: bad })).created, false, 'the same again is the same epoch: it is retried, not restarted');
    const again = await operator.startEpoch({ epoch: 9, snapshot: good });
    assert.deepEqual([again.created, again.state, again.snapshot], [true, 'planning', good]);
    assert.deepEqual((await operator.deadLetters()).filter(({ epoch }) => epoch === 9), []);
    assert.deepEqual((await api.jobs.deadLetters(api.database)).filter(({ epoch }) => epoch === lease.epoch), []);
    assert.deepEqual((await operator.steps(9)).map(({ name, state, attempts }) => ({ name, state, attempts })), [{ name: 'plan', state: 'ready', attempts: 0 }]);
    assert.equal(await api.steps.finish(lease, () => Promise.reject(new Error('stored'))), false, 'who still works on the first try stores nothing');
    const { rows } = await api.database.query("select count(*)::int as parts from snapshot_part where snapshot = $1::uuid", [bad]);
    assert.equal(rows[0]?.['parts'], 0, 'the accounts nobody proves are gone');
  });

  it('a step is not retried under other keys than its epoch began with; the epoch starts again under the new ones', async () => {
    const snapshot = await snapshotOf(111);
    await operator.startEpoch({ epoch: 11, snapshot });
    const lease = await takePlanOf(11);
    await api.steps.fail(lease, new Error('no'), false);
    const { rows: [pinned] } = await api.database.query('select manifest_sha256 from pin');
    const pin = (digest: unknown): Promise<unknown> => api.database.query('update pin set manifest_sha256 = $1', [String(digest)]);
    try {
      await pin('other keys');
      await assert.rejects(operator.retry(11, 'plan'), { code: 'EPOCH_REFUSED', message: /pinned to other keys since this epoch began/ });
      assert.equal((await operator.startEpoch({ epoch: 11, snapshot })).created, true);
      assert.notEqual((await findEpoch(api.database, api.venue, 11n))?.id, lease.epoch);
      assert.equal((await findEpoch(api.database, api.venue, 11n))?.manifestSha256, 'other keys');
    } finally {
      await pin(pinned?.['manifest_sha256']);
    }
  });

  it('an epoch that was attested starts again from another snapshot only when nothing of it was ever signed', async () => {
    await operator.startEpoch({ epoch: 10, snapshot: await snapshotOf(101) });
    const { epoch } = await takePlanOf(10);
    await storeAttestation(api.database, epoch, '{}');
    await setEpochState(api.database, epoch, 'failed');
    const other = await snapshotOf(102);
    const { entry } = await api.database.transaction((sql) => enqueue(sql, { venue: api.venue, epoch: 10, kind: 'submit-epoch', target: `0x${'1'.repeat(40)}`, calldata: Uint8Array.of(1) }));
    await assert.rejects(operator.startEpoch({ epoch: 10, snapshot: other }), { code: 'EPOCH_TAKEN' }, 'not while it may be published');
    await api.database.query("update outbox set state = 'dead' where id = $1", [entry.id.toString()]);
    await api.database.query("insert into outbox_attempt (outbox, number, sender, nonce, raw, hash, max_fee, priority_fee, gas_limit) values ($1, 1, '0x', 0, '0x', '0x', 1, 1, 1)", [entry.id.toString()]);
    await assert.rejects(operator.startEpoch({ epoch: 10, snapshot: other }), { code: 'EPOCH_TAKEN' }, 'not when it was signed: it may be mined yet');
    await api.database.query('delete from outbox_attempt');
    assert.equal((await operator.startEpoch({ epoch: 10, snapshot: other })).created, true);
    await assert.rejects(operator.attestation(10), { code: 'NOT_FOUND' });
    assert.deepEqual((await auditor.outbox()).filter((one) => one.epoch === 10), []);
  });

  it('V34 no user, quantity or token of all this stands in the log', () => {
    const log = api.log.join('');
    assert.ok(api.log.length > 100);
    assert.doesNotMatch(log, /alice|bob|carol|2500\.25|secret text|cp_[A-Za-z0-9]|BTC-PERP/);
  });
});
