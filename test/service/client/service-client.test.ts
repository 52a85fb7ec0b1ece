import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { ServiceAnswerError, ServiceRefusedError, ServiceUnreachableError, ServiceUrlError } from '../../../src/service/client/client-errors.js';
import { ServiceClient } from '../../../src/service/client/service-client.js';
import type { ServiceOperations } from '../../../src/service/operations.js';
import { runApi, TOKENS, type RunningApi } from '../api/running-api.js';
import { event, GOOD_RECEIPT_TOKEN, ID, MARKET, OTHER_ID } from '../api/scripted-service.js';

describe('the client of a service elsewhere', () => {
  let api: RunningApi;
  before(async () => { api = await runApi({ uploadBytes: 50_000_000 }); });
  after(() => api.stop());

  const as = (token?: string): ServiceClient => new ServiceClient({ url: api.url, ...(token === undefined ? {} : { token }) });
  const lines = async (from: AsyncIterable<string>): Promise<string[]> => {
    const all: string[] = [];
    for await (const line of from) all.push(line);
    return all;
  };

  /** Each operation as a call on either side. */
  const CALLS: Readonly<Record<Exclude<keyof ServiceOperations, 'startEpoch'>, readonly [token: string | undefined, call: (one: ServiceOperations) => Promise<unknown>]>> = {
    health: [undefined, (one) => one.health()],
    addMarketTable: [TOKENS.operator, (one) => one.addMarketTable('{"level":"maintenance"}')],
    marketTables: [TOKENS.auditor, (one) => one.marketTables()],
    marketTable: [TOKENS.auditor, (one) => one.marketTable(MARKET)],
    uploadSnapshot: [TOKENS.operator, (one) => one.uploadSnapshot({ bytes: Readable.from(['a,b\n', 'c,d\n'].map((line) => Buffer.from(line))), format: 'csv', market: MARKET, name: 'accounts.csv' })],
    snapshots: [TOKENS.operator, (one) => one.snapshots()],
    openSnapshot: [TOKENS.publisher, (one) => one.openSnapshot(7)],
    epochs: [TOKENS.auditor, (one) => one.epochs()],
    epoch: [TOKENS.auditor, (one) => one.epoch(7)],
    steps: [TOKENS.auditor, (one) => one.steps(7)],
    progress: [TOKENS.auditor, (one) => one.progress(7)],
    events: [TOKENS.auditor, (one) => one.events(7, '1')],
    outbox: [TOKENS.publisher, (one) => one.outbox()],
    deadLetters: [TOKENS.auditor, (one) => one.deadLetters()],
    retry: [TOKENS.operator, (one) => one.retry(7, 'prove:batch-000001')],
    attestation: [undefined, (one) => one.attestation(7)],
    receiptByToken: [undefined, (one) => one.receiptByToken(GOOD_RECEIPT_TOKEN)],
    receiptsOfUser: [TOKENS.user, (one) => one.receiptsOfUser('alice', 7)],
    receiptTokens: [TOKENS.operator, (one) => lines(one.receiptTokens(7))],
    requestAccountProof: [TOKENS.operator, (one) => one.requestAccountProof({ kind: 'row-mark', market: MARKET, row: 2 })],
    accountProof: [TOKENS.operator, (one) => one.accountProof(ID)],
    workers: [TOKENS.operator, (one) => one.workers()],
    createToken: [TOKENS.operator, (one) => one.createToken({ role: 'user', userId: 'carol', label: 'for carol', days: 30 })],
    tokens: [TOKENS.operator, (one) => one.tokens()],
    revokeToken: [TOKENS.operator, (one) => one.revokeToken(ID)],
  };

  for (const [name, [token, call]] of Object.entries(CALLS)) {
    it(`${name} gives what the operation itself gives`, async () => {
      assert.deepEqual(await call(as(token)), await call(api.service));
    });
  }

  it('startEpoch says whether it was this call that started it', async () => {
    const operator = as(TOKENS.operator);
    assert.equal((await operator.startEpoch({ epoch: 20, snapshot: ID })).created, true);
    assert.equal((await operator.startEpoch({ epoch: 20, snapshot: ID })).created, false);
  });

  it('a refusal comes with the service\'s own code, message and status', async () => {
    await as(TOKENS.operator).startEpoch({ epoch: 21, snapshot: ID });
    const refused = as(TOKENS.operator).startEpoch({ epoch: 21, snapshot: OTHER_ID });
    await assert.rejects(refused, (thrown: unknown) => {
      assert.ok(thrown instanceof ServiceRefusedError);
      assert.deepEqual([thrown.code, thrown.status, thrown.message, thrown.details.epoch], ['EPOCH_TAKEN', 409, 'epoch 21 is of another snapshot', 21]);
      return true;
    });
    await assert.rejects(as().epochs(), { code: 'UNAUTHENTICATED' });
    await assert.rejects(as(TOKENS.auditor).tokens(), { code: 'FORBIDDEN' });
    await assert.rejects(lines(as(TOKENS.operator).receiptTokens(9)), { code: 'NOT_FOUND' });
  });

  it('what opens nothing is undefined, and another user\'s receipts are none', async () => {
    assert.equal(await as().receiptByToken('wrong'), undefined);
    assert.deepEqual(await as(TOKENS.user).receiptsOfUser('bob', 8), []);
    assert.deepEqual(await as(TOKENS.bob).receiptsOfUser('bob', 8), ['{"receipt":"bob"}']);
  });

  it('an upload is sent as it is read, whole', async () => {
    const piece = Buffer.alloc(100_000, 0x61);
    const hash = createHash('sha256');
    const bytes = Readable.from((function* pieces() {
      for (let count = 0; count < 200; count += 1) {
        hash.update(piece);
        yield piece;
      }
    })());
    const stored = await as(TOKENS.operator).uploadSnapshot({ bytes, format: 'ndjson', market: MARKET, name: '/home/me/accounts of today.ndjson' });
    assert.equal(api.service.uploadedBytes, 20_000_000);
    assert.equal(stored.sha256, hash.digest('hex'));
    assert.equal(api.service.called.at(-1), 'uploadSnapshot ndjson accounts-of-today.ndjson');
  });

  it('an upload that is refused in the middle gives the refusal, not a broken connection', async () => {
    const endless = Readable.from((function* pieces() {
      for (;;) yield Buffer.alloc(1_000_000, 0x61);
    })());
    await assert.rejects(as(TOKENS.operator).uploadSnapshot({ bytes: endless, format: 'csv', market: MARKET, name: 'x' }), { code: 'TOO_LARGE' });
    assert.ok(endless.destroyed);
    const small = Readable.from([Buffer.from('x')]);
    await assert.rejects(as(TOKENS.auditor).uploadSnapshot({ bytes: small, format: 'csv', market: MARKET, name: 'x' }), { code: 'FORBIDDEN' });
  });

  it('an upload whose file cannot be read to its end fails on both sides', async () => {
    const broken = Readable.from((function* pieces() {
      yield Buffer.from('a');
      throw new Error('disk gone');
    })());
    await assert.rejects(as(TOKENS.operator).uploadSnapshot({ bytes: broken, format: 'csv', market: MARKET, name: 'x' }), ServiceUnreachableError);
  });

  it('follow gives events and progress to the end, and goes on where a connection broke', async () => {
    const { service } = api;
    service.progress7 = { ...service.progress7, state: 'proving' };
    const seen: string[] = [];
    for await (const sighting of as(TOKENS.auditor).follow(7, { after: '1', pause: 5 })) {
      seen.push(sighting.kind === 'event' ? sighting.event.id : sighting.progress.state);
      if (seen.length !== 3) continue;
      // A restart of the service, with new events meanwhile.
      const { port } = api;
      await api.stop();
      service.events7 = [...service.events7, event('4', 'final')];
      service.progress7 = { ...service.progress7, state: 'final' };
      api = await runApi({}, { operations: service }, port);
    }
    assert.deepEqual(seen, ['2', '3', 'proving', '4', 'final']);
  });

  it('follow stops when it is told to', async () => {
    const { service } = api;
    service.progress7 = { ...service.progress7, state: 'proving' };
    const stop = new AbortController();
    let count = 0;
    for await (const sighting of as(TOKENS.auditor).follow(7, { signal: stop.signal })) {
      count += 1;
      if (sighting.kind === 'progress') stop.abort();
    }
    assert.equal(count, 5);
    await assert.rejects(async () => { for await (const sighting of as().follow(7)) assert.fail(sighting.kind); }, { code: 'UNAUTHENTICATED' });
  });

  it('refuses addresses that are none, that hold a password, or that would carry the token in the clear', () => {
    assert.throws(() => new ServiceClient({ url: 'prover' }), /is no URL/);
    assert.throws(() => new ServiceClient({ url: 'ftp://prover' }), /neither http nor https/);
    assert.throws(() => new ServiceClient({ url: 'https://me:secret@prover' }), (thrown: unknown) => thrown instanceof ServiceUrlError && !thrown.message.includes('secret'));
    assert.throws(() => new ServiceClient({ url: 'http://prover.example', token: 'cp_x' }), /would carry the access token in the clear: use https/);
    new ServiceClient({ url: 'http://prover.example' });
    new ServiceClient({ url: 'http://prover.example', token: 'cp_x', allowCleartext: true });
    new ServiceClient({ url: 'https://prover.example', token: 'cp_x' });
  });
});

describe('the client before what is no such service', () => {
  let server: Server;
  let reply: { status: number; headers?: Record<string, string>; body: string };
  let client: ServiceClient;
  let requests = 0;
  before(async () => {
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new ServiceClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'cp_x' });
  });
  after(() => server.close());

  it('answers of another shape are refused', async () => {
    for (const [status, body] of [[200, '<html>'], [200, '[{"epoch":"7"}]'], [502, 'bad gateway'], [500, '{"error":"no"}']] as const) {
      reply = { status, body };
      await assert.rejects(client.epochs(), ServiceAnswerError);
    }
  });

  it('a redirect is not followed with the token', async () => {
    reply = { status: 302, headers: { location: '/elsewhere' }, body: '' };
    requests = 0;
    await assert.rejects(client.epochs(), ServiceUnreachableError);
    assert.equal(requests, 1);
  });

  it('nobody there is an error that says so', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const away = new ServiceClient({ url: `http://127.0.0.1:${port}` });
    await assert.rejects(away.health(), (thrown: unknown) => thrown instanceof ServiceUnreachableError && thrown.cause !== undefined && /does not answer \(.*ECONNREFUSED/.test(thrown.message));
  });
});
