import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { RawConnection, runApi, TOKENS, type RunningApi } from './running-api.js';
import { ID, MARKET } from './scripted-service.js';

describe('limits of the API', () => {
  let api: RunningApi;
  afterEach(() => api.stop());

  it('V19 more requests than an address may send are refused with the time to come again', async () => {
    api = await runApi({ perAddress: 3 });
    const answers = [];
    for (let count = 0; count < 5; count += 1) answers.push(await api.call('/v1/health'));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 429, 429]);
    const last = answers[4];
    assert.equal(last?.code, 'RATE_LIMITED');
    assert.match(last?.text ?? '', /more than 3 requests a minute from this address/);
    const retryAfter = Number(last?.headers.get('retry-after'));
    assert.ok(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 60, `${retryAfter}`);
  });

  it('V19 guessing tokens runs into the address\'s limit', async () => {
    api = await runApi({ perAddress: 4 });
    const statuses = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await api.call('/v1/epochs', { token: `cp_guess${count}` })).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 429, 429]);
  });

  it('V19 a token has a limit of its own, which another token does not feel', async () => {
    api = await runApi({ perToken: 2 });
    const statuses = [];
    for (const token of [TOKENS.operator, TOKENS.operator, TOKENS.operator, TOKENS.auditor]) statuses.push((await api.call('/v1/epochs', { token })).status);
    assert.deepEqual(statuses, [200, 200, 429, 200]);
    assert.equal((await api.call('/v1/epochs', { token: TOKENS.operator })).code, 'RATE_LIMITED');
    assert.equal((await api.call('/v1/health')).status, 200);
  });

  it('V19 heavy routes take a tenth of a token\'s requests at most', async () => {
    api = await runApi({ perToken: 20 });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await api.call('/v1/epochs/7/receipt-tokens', { token: TOKENS.operator })).status);
    assert.deepEqual(statuses, [200, 200, 429]);
    assert.equal((await api.call('/v1/epochs', { token: TOKENS.operator })).status, 200);
  });

  it('V19 behind a trusted proxy each address has its own limit, and nobody else may claim one', async () => {
    api = await runApi({ perAddress: 1, remembered: 4 }, { trustedProxies: ['127.0.0.1'] });
    const from = async (address: string): Promise<number> => (await api.call('/v1/health', { headers: { 'x-forwarded-for': address } })).status;
    assert.deepEqual([await from('10.0.0.1'), await from('10.0.0.1'), await from('10.0.0.2')], [200, 429, 200]);
    // One /64 is one address.
    assert.deepEqual([await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8:0:1::1')], [200, 429, 200]);
    await api.stop();
    api = await runApi({ perAddress: 1 });
    assert.deepEqual([await from('10.0.0.1'), await from('10.0.0.2')], [200, 429]);
  });

  it('V19 the limiter remembers a bounded number of addresses, and forgets the longest unused', async () => {
    api = await runApi({ perAddress: 1, remembered: 3 }, { trustedProxies: ['127.0.0.1'] });
    const from = async (address: string): Promise<number> => (await api.call('/v1/health', { headers: { 'x-forwarded-for': address } })).status;
    assert.equal(await from('10.0.0.1'), 200);
    assert.equal(await from('10.0.0.1'), 429);
    for (let last = 2; last < 6; last += 1) assert.equal(await from(`10.0.0.${last}`), 200);
    assert.equal(await from('10.0.0.1'), 200);
  });

  it('V13 connections beyond the most are closed at once, and the others served', async () => {
    api = await runApi({ connections: 5 });
    const held = await Promise.all(Array.from({ length: 5 }, () => RawConnection.open(api.port)));
    held[0]?.write('GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n');
    const beyond = await RawConnection.open(api.port);
    await beyond.closed;
    assert.equal(beyond.received, '');
    while (!(held[0]?.received ?? '').includes('"live":true')) await new Promise((resolve) => setTimeout(resolve, 5));
    held.forEach(({ socket }) => socket.destroy());
  });

  it('closing does not wait for ever for a sender that never ends', async () => {
    api = await runApi({ closing: 200 });
    const sender = await RawConnection.open(api.port);
    sender.write(`POST /v1/snapshots?market=${MARKET} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKENS.operator}\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const sending = setInterval(() => sender.write('1\r\na\r\n'), 20);
    try {
      while (api.service.uploadedBytes === 0) await sleep(5);
      const since = performance.now();
      await Promise.race([api.stop(), sleep(5_000)]);
      assert.ok(performance.now() - since < 4_000, 'it closed');
      await sender.closed;
    } finally {
      clearInterval(sending);
      sender.socket.destroy();
    }
  });

  it('progress streams beyond the most are refused with the time to come again, and one that ends makes room', async () => {
    api = await runApi({ streams: 1 });
    api.service.progress7 = { ...api.service.progress7, state: 'proving' };
    const stop = new AbortController();
    const headers = { authorization: `Bearer ${TOKENS.auditor}` };
    const first = await fetch(`${api.url}/v1/epochs/7/events/stream`, { headers, signal: stop.signal });
    assert.equal(first.status, 200);
    const second = await api.call('/v1/epochs/7/events/stream', { token: TOKENS.auditor });
    assert.deepEqual([second.status, second.code, second.headers.get('retry-after')], [503, 'TOO_MANY_STREAMS', '30']);
    stop.abort();
    await first.text().catch(() => undefined);
    api.service.progress7 = { ...api.service.progress7, state: 'final' };
    let third = second;
    while (third.status === 503) third = await api.call('/v1/epochs/7/events/stream', { token: TOKENS.auditor });
    assert.equal(third.status, 200);
  });

  it('V28 the same epoch asked for 100 times at once is started once', async () => {
    api = await runApi();
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.call('/v1/epochs', { token: TOKENS.operator, json: { epoch: '9', snapshot: ID } })));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(answers.filter(({ status }) => status === 200).length, 99);
    const other = await api.call('/v1/epochs', { token: TOKENS.operator, json: { epoch: '9', snapshot: ID.replace(/1$/, '2') } });
    assert.deepEqual([other.status, other.code], [409, 'EPOCH_TAKEN']);
  });
});
