import assert from 'node:assert/strict';
import { DatabaseUnavailableError, StorageError } from '../../../src/store/database.js';
import { SourceReadError } from '../../../src/venue/import-errors.js';
import { runApi, TOKENS, type RunningApi } from './running-api.js';
import { GOOD_RECEIPT_TOKEN, ID, MARKET } from './scripted-service.js';

const CANARY = 'canary-5e1f';

describe('errors and logs of the API', () => {
  let api: RunningApi;
  beforeEach(async () => { api = await runApi({}, { logLevel: 'debug' }); });
  afterEach(() => api.stop());

  it('an unexpected error says nothing but an id, under which the log has names and places but no message', async () => {
    api.service.broken = new TypeError(`cannot read ${CANARY}`, { cause: new Error(`inner ${CANARY}`) });
    const { status, text, code } = await api.call('/v1/epochs', { token: TOKENS.operator });
    assert.deepEqual([status, code], [500, 'INTERNAL']);
    const { requestId } = (JSON.parse(text) as { error: { details: { requestId: string } } }).error.details;
    assert.doesNotMatch(text, /TypeError|scripted|canary/);
    const line = JSON.parse(api.log.find((one) => one.includes('request failed')) ?? '{}') as { requestId: string; trace: { name: string; frames: string[]; cause: { name: string } } };
    assert.equal(line.requestId, requestId);
    assert.equal(line.trace.name, 'TypeError');
    assert.equal(line.trace.cause.name, 'Error');
    assert.ok(line.trace.frames.some((frame) => frame.includes('errors-and-logs.test')), line.trace.frames.join('\n'));
    assert.doesNotMatch(api.log.join(''), new RegExp(CANARY));
  });

  it('an error of this program without a status is a 500 without its message', async () => {
    api.service.broken = new (class extends StorageError { override readonly code = 'STORAGE'; })('x');
    assert.equal((await api.call('/v1/epochs', { token: TOKENS.operator })).status, 503);
    api.service.broken = new RangeError(CANARY);
    assert.equal((await api.call('/v1/epochs', { token: TOKENS.operator })).code, 'INTERNAL');
  });

  it('a database that is away is a 503 that names no host', async () => {
    api.service.broken = new DatabaseUnavailableError(`cannot connect to postgres://me:${CANARY}@db`, { host: CANARY });
    const { status, code, text } = await api.call('/v1/epochs', { token: TOKENS.operator });
    assert.deepEqual([status, code], [503, 'DATABASE_UNAVAILABLE']);
    assert.doesNotMatch(text, new RegExp(CANARY));
    assert.doesNotMatch(api.log.join(''), new RegExp(CANARY));
  });

  it('an answer that does not fit its schema never leaves', async () => {
    api.service.workers = () => Promise.resolve([{ id: ID, host: 'h', process: 1, kinds: [], startedAt: '2026-01-01T00:00:00Z', seenAt: '2026-01-01T00:00:00Z', stoppedAt: null, secret: CANARY }] as never);
    const { status, text } = await api.call('/v1/workers', { token: TOKENS.operator });
    assert.equal(status, 500);
    assert.doesNotMatch(text + api.log.join(''), new RegExp(CANARY));
  });

  it('an error of an import keeps its place for the one who uploads', async () => {
    api.service.broken = new SourceReadError({ file: 'upload', row: 17 }, 'cannot be read: check it');
    const { status, text } = await api.call(`/v1/snapshots?market=${MARKET}`, { token: TOKENS.operator, body: 'x', headers: { 'content-type': 'text/csv' } });
    assert.equal(status, 422);
    assert.deepEqual((JSON.parse(text) as { error: { details: object } }).error.details, { file: 'upload', row: 17 });
  });

  it('V34 tokens, users, bodies and queries reach no line of the log', async () => {
    const secret = (name: string): string => `${CANARY}-${name}`;
    await api.call('/v1/epochs', { token: secret('bearer') });
    await api.call('/v1/receipt', { headers: { authorization: `Receipt ${secret('receipt')}` } });
    await api.call('/v1/receipt', { json: { token: secret('posted') } });
    await api.call('/v1/receipt', { json: { token: GOOD_RECEIPT_TOKEN } });
    await api.call(`/v1/epochs?token=${secret('query')}`, { token: TOKENS.operator });
    await api.call(`/v1/${secret('path')}`, { token: TOKENS.operator });
    await api.call(`/v1/epochs/${secret('parameter')}`, { token: TOKENS.operator });
    await api.call('/v1/tokens', { token: TOKENS.operator, json: { role: 'user', userId: secret('user'), label: secret('label') } });
    await api.call('/v1/tokens', { token: TOKENS.operator, body: `{"${secret('field')}":`, headers: { 'content-type': 'application/json' } });
    await api.call(`/v1/snapshots?market=${MARKET}`, { token: TOKENS.operator, body: `${secret('holding')},1`, headers: { 'content-type': 'text/csv', 'x-request-id': secret('id'), 'user-agent': secret('agent') } });
    await api.call('/v1/epochs/7/receipts', { token: TOKENS.user, headers: { 'clearproof-user': secret('asked') } });
    const log = api.log.join('');
    assert.equal(api.log.filter((line) => line.includes('answered')).length, 11, 'a line for each request');
    assert.doesNotMatch(log, new RegExp(CANARY));
    for (const hidden of [...Object.values(TOKENS), GOOD_RECEIPT_TOKEN, 'alice', '127.0.0.1:']) {
      assert.ok(!api.log.filter((line) => line.includes('answered')).join('').includes(hidden), hidden);
    }
  });

  it('each request has one line of JSON with its route, status and role, under the id that its answer has', async () => {
    const { headers } = await api.call('/v1/epochs/7/progress', { token: TOKENS.auditor });
    const line = JSON.parse(api.log.find((one) => one.includes('answered')) ?? '{}') as Record<string, unknown>;
    const { requestId, method, route, status, role } = line;
    assert.deepEqual({ requestId, method, route, status, role }, {
      requestId: headers.get('x-request-id'), method: 'GET', route: '/v1/epochs/:epoch/progress', status: 200, role: 'auditor',
    });
  });
});
