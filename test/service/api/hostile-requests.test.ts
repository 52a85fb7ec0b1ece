import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ROUTE_LIST } from '../../../src/service/api/routes.js';
import { RawConnection, runApi, TOKENS, type Answered, type CallOptions, type RunningApi } from './running-api.js';
import { ID, MARKET } from './scripted-service.js';

const token = TOKENS.operator;
const UPLOAD = `/v1/snapshots?market=${MARKET}`;
const START = { epoch: '7', snapshot: ID };

describe('hostile requests', () => {
  let api: RunningApi;
  before(async () => {
    api = await runApi({ decompressedBytes: 1_000_000, uploadBytes: 2_000_000, headersTimeout: 300, timeoutCheck: 50, bodyGrace: 200, linger: 300, keepAlive: 60_000 });
  });
  after(() => api.stop());

  const start = (body: CallOptions['body'], headers: Record<string, string> = { 'content-type': 'application/json' }): Promise<Answered> =>
    api.call('/v1/epochs', { method: 'POST', token, headers, ...(body === undefined ? {} : { body }) });
  const refused = (answer: Answered, status: number, code: string, message: RegExp): void => {
    assert.deepEqual([answer.status, answer.code], [status, code], answer.text);
    assert.match(answer.text, message);
  };

  it('V1 bad JSON is refused with its place', async () => {
    for (const body of ['{', '{"epoch":"7",}', '{"epoch" "7"}', '[1,2', 'undefined', '{"epoch":"7"} {}', '"\\x"', '{"epoch":"7","epoch":"8"}']) {
      refused(await start(body), 400, 'REQUEST_JSON', /character|depth|not JSON/);
    }
    refused(await start(Buffer.from([0x22, 0xff, 0x22])), 400, 'REQUEST_JSON', /not UTF-8/);
  });

  it('V2 a body of another type, charset or encoding is refused', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/jsonx', 'application/json; charset=latin1', 'multipart/form-data; boundary=x', 'x']) {
      refused(await start('{}', { 'content-type': type }), 415, 'MEDIA_TYPE', /takes application\/json/);
    }
    refused(await start('{}', { 'content-type': 'application/json', 'content-encoding': 'gzip' }), 415, 'MEDIA_TYPE', /no Content-Encoding/);
    refused(await api.call(UPLOAD, { token, body: 'x', headers: { 'content-type': 'application/json' } }), 415, 'MEDIA_TYPE', /takes text\/csv or application\/x-ndjson/);
    refused(await api.call(UPLOAD, { token, body: 'x', headers: { 'content-type': 'text/csv', 'content-encoding': 'br' } }), 415, 'MEDIA_TYPE', /may be gzip/);
    assert.equal((await api.call('/v1/epochs', { token, json: START, headers: { 'content-type': 'application/json; charset=UTF-8' } })).status, 201);
  });

  it('V3 an empty body is refused, and a body where none belongs', async () => {
    refused(await start(''), 400, 'REQUEST_JSON', /value is missing/);
    refused(await start(undefined, {}), 415, 'MEDIA_TYPE', /takes application\/json/);
    refused(await api.call('/v1/epochs/7/steps/publish/retry', { token, body: '{}', headers: { 'content-type': 'application/json' } }), 400, 'UNEXPECTED_BODY', /no body/);
  });

  it('V4 a body of 100 MB is refused by its length before it is sent', async () => {
    const raw = await RawConnection.open(api.port);
    raw.write(`POST /v1/epochs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n`);
    await until(() => raw.received.includes('TOO_LARGE'));
    assert.match(raw.received, /^HTTP\/1.1 413 /);
    await raw.closed;
  });

  it('V4 a body of 100 MB without a length is refused when its limit is reached, and nothing of it is held', async () => {
    const piece = new Uint8Array(1_000_000).fill(0x20);
    let sent = 0;
    let peak = 0;
    const before = process.memoryUsage().arrayBuffers;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
        if (sent > 100) controller.close();
        else controller.enqueue(piece);
      },
    });
    refused(await start(body), 413, 'TOO_LARGE', /16384 bytes/);
    assert.ok(peak < 40_000_000, `held ${peak} bytes`);
  });

  it('V5 a gzip bomb is cut off where the decompressed limit ends', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x61));
    assert.ok(bomb.length < 2_000_000, 'within the limit as sent');
    const answer = await api.call(UPLOAD, { token, body: bomb, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } });
    refused(answer, 413, 'TOO_LARGE', /larger than 1000000 bytes once decompressed/);
    assert.ok(api.service.uploadedBytes <= 1_000_000, 'no more reached the operation');
  });

  it('V5 what is no gzip, or ends in the middle, is refused', async () => {
    const whole = gzipSync(Buffer.from('accounts\n'.repeat(1_000)));
    for (const body of [Buffer.from('not gzip at all'), whole.subarray(0, whole.length - 12)]) {
      const answer = await api.call(UPLOAD, { token, body, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } });
      refused(answer, 400, 'REQUEST_COMPRESSION', /gzip/);
    }
    // zlib takes all that follows a zero byte for padding: accounts in a damaged second member would be lost without a word.
    const members = Buffer.concat([whole, whole]);
    assert.equal((await api.call(UPLOAD, { token, body: members, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } })).status, 201);
    assert.equal(api.service.uploadedBytes, 18_000);
    members[whole.length] = 0;
    refused(await api.call(UPLOAD, { token, body: members, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } }), 400, 'REQUEST_COMPRESSION', /gzip/);
    const good = await api.call(UPLOAD, { token, body: whole, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } });
    assert.equal(good.status, 201);
    assert.equal(api.service.uploadedBytes, 9_000);
  });

  it('V6 JSON of depth 10,000 is refused at its sixteenth level', async () => {
    refused(await start(`${'['.repeat(8_000)}${']'.repeat(8_000)}`), 400, 'REQUEST_JSON', /deeper than 16/);
    const table = await api.call('/v1/market-tables', { method: 'POST', token, body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, headers: { 'content-type': 'application/json' } });
    refused(table, 400, 'REQUEST_JSON', /deeper than 16/);
  });

  it('V7 __proto__, constructor and prototype are refused as keys at any depth', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
      refused(await start(`{"epoch":"7","snapshot":"${ID}","${key}":{"role":"operator"}}`), 400, 'REQUEST_JSON', /has the key/);
      refused(await start(`{"epoch":"7","snapshot":[{"${key}":{}}]}`), 400, 'REQUEST_JSON', /has the key/);
    }
    const answer = await api.call('/v1/epochs/7/events?__proto__=1', { token });
    refused(answer, 400, 'REQUEST_SHAPE', /the query/);
    assert.equal(({} as { role?: string }).role, undefined);
  });

  it('V8 unknown fields are refused in bodies and queries of every route', async () => {
    refused(await api.call('/v1/epochs', { token, json: { ...START, force: 'true' } }), 400, 'REQUEST_SHAPE', /unknown: \\"force\\"/);
    refused(await api.call('/v1/tokens', { token, json: { role: 'auditor', label: 'x', admin: 'yes' } }), 400, 'REQUEST_SHAPE', /unknown: \\"admin\\"/);
    for (const [name, { url, method, body, access }] of ROUTE_LIST) {
      if (body.kind !== 'none') continue;
      const path = `${url.replace(':epoch', '7').replace(':id', ID).replace(':commitment', MARKET).replace(':step', 'publish')}?unknown=1`;
      const who = access === 'public' ? token : TOKENS[access[0] as keyof typeof TOKENS];
      const { status, code } = await api.call(path, { method, token: who });
      assert.deepEqual([status, code], [400, 'REQUEST_SHAPE'], name);
    }
    refused(await api.call('/v1/epochs/7/events?after=1&after=2', { token }), 400, 'REQUEST_SHAPE', /the query/);
  });

  it('V9 numbers are decimal strings of bounded length', async () => {
    for (const epoch of ['7', '7.5', '1e3', '-7', '12345678901234567890123']) {
      const plain = /^[0-9]{1,15}$/.test(epoch);
      refused(await start(`{"epoch":${epoch},"snapshot":"${ID}"}`), 400, plain ? 'REQUEST_SHAPE' : 'REQUEST_JSON', /string/);
    }
    refused(await start(`{"epoch":NaN,"snapshot":"${ID}"}`), 400, 'REQUEST_JSON', /not JSON/);
    for (const epoch of ['0', '07', '7.0', '1e3', '-1', '+7', '0x7', ' 7', '7\\n', '٧', '9'.repeat(16), '9'.repeat(10_000), '', 'NaN']) {
      refused(await start(`{"epoch":"${epoch}","snapshot":"${ID}"}`), 400, 'REQUEST_SHAPE', /field \\"epoch\\"/);
    }
    for (const path of ['/v1/epochs/7.0', '/v1/epochs/07', '/v1/epochs/1e3', '/v1/epochs/NaN', '/v1/epochs/-1']) {
      refused(await api.call(path, { token }), 400, 'REQUEST_SHAPE', /the path/);
    }
  });

  it('V11 no id leads out of its place', async () => {
    for (const id of ['..%2f..%2fetc%2fpasswd', '%2e%2e%2f', '..%5c..', '%00', 'a%00b', `${ID}%00`, `${ID}%2f..`, '%c0%ae%c0%ae']) {
      const { status } = await api.call(`/v1/account-proofs/${id}`, { token });
      assert.ok(status === 400 || status === 404, `${id}: ${status}`);
      assert.ok([400, 404].includes((await api.call(`/v1/attestations/${id}`, { token })).status), id);
    }
    refused(await api.call(`${UPLOAD}&name=..%2f..%2fx`, { token, body: 'x', headers: { 'content-type': 'text/csv' } }), 400, 'REQUEST_SHAPE', /field \\"name\\"/);
  });

  it('V12 headers that drip in are cut off', async () => {
    const raw = await RawConnection.open(api.port);
    const drip = setInterval(() => raw.write('X-Slow: 1\r\n'), 40);
    raw.write('GET /v1/health HTTP/1.1\r\nHost: x\r\n');
    await raw.closed;
    clearInterval(drip);
    assert.match(raw.received, /^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s);
  });

  it('V12 a body that drips in is cut off', async () => {
    for (const [path, type] of [['/v1/epochs', 'application/json'], [UPLOAD, 'text/csv']]) {
      const raw = await RawConnection.open(api.port);
      raw.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\nContent-Length: 5000\r\n\r\n`);
      const drip = setInterval(() => raw.write(' '), 40);
      await raw.closed;
      clearInterval(drip);
      assert.match(raw.received, /^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s, path);
    }
  });

  it('V13 a thousand idle connections keep nobody out, and are let go', async () => {
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => RawConnection.open(api.port)));
    assert.equal((await api.call('/v1/health')).status, 200);
    await Promise.all(idle.map(({ closed }) => closed));
  });

  it('V14 pipelined requests are answered in order', async () => {
    const raw = await RawConnection.open(api.port);
    const get = (path: string, last = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${last}\r\n`;
    raw.write(get('/v1/health').repeat(20) + get('/nowhere') + get('/v1/health') + get('/v1/epochs', 'Connection: close\r\n'));
    await raw.closed;
    assert.deepEqual([...raw.received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1]), [...Array.from({ length: 20 }, () => '200'), '404', '200', '401']);
  });

  it('V14 rubbish behind pipelined requests ends the connection, and is never answered in the place of one of them', async () => {
    const raw = await RawConnection.open(api.port);
    raw.write(`${'GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)}rubbish\r\n\r\n`);
    await raw.closed;
    assert.doesNotMatch(raw.received, /HTTP\/1\.1 400/);
    const alone = await RawConnection.open(api.port);
    alone.write('rubbish\r\n\r\n');
    await alone.closed;
    assert.match(alone.received, /^HTTP\/1\.1 400 /);
  });

  it('V15 no method or path makes the service stumble', async () => {
    const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'LOCK'];
    const pieces = ['v1', 'epochs', 'receipt', 'tokens', '7', '..', '.', '%', '%zz', '%00', '%2f', ID, '*', ':epoch', '', 'é', '%F0%9F', 'a'.repeat(300), ';x=1', '?', '#', '//'];
    const path = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => `/${parts.map((one) => encodeURI(one).replaceAll('%25', '%')).join('/')}`);
    await fc.assert(fc.asyncProperty(fc.constantFrom(...methods), path, async (method, url) => {
      const raw = await RawConnection.open(api.port);
      raw.write(`${method} ${url.replaceAll('#', '%23')} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
      await raw.closed;
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(raw.received)?.[1]);
      assert.ok(status >= 200 && status < 500, `${method} ${url}: ${raw.received.slice(0, 200)}`);
      assert.doesNotMatch(raw.received, /\s+at .*\.[jt]s:/);
    }), { numRuns: 300 });
  });

  it('headers beyond the limit are refused', async () => {
    const raw = await RawConnection.open(api.port);
    raw.write(`GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(40_000)}\r\n\r\n`);
    await raw.closed;
    assert.match(raw.received, /^HTTP\/1.1 431 /);
  });

  it('every answer, refusals and unknown paths too, has the security headers', async () => {
    for (const path of ['/v1/health', '/v1/epochs', '/nowhere', '/%zz', '/v1/attestations/7', '/v1/attestations/x']) {
      const { headers } = await api.call(path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'/, path);
      if (path !== '/v1/attestations/7') assert.equal(headers.get('cache-control'), 'no-store', path);
      assert.equal(headers.get('access-control-allow-origin'), null);
      assert.equal(headers.get('x-powered-by'), null);
      assert.equal(headers.get('server'), null);
    }
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
