import assert from 'node:assert/strict';
import { MetricsListener } from '../../../src/service/api/metrics-listener.js';
import { runApi, TOKENS, type RunningApi } from './running-api.js';

describe('metrics', () => {
  let api: RunningApi;
  beforeEach(async () => { api = await runApi(); });
  afterEach(() => api.stop());

  const scrape = async (): Promise<string> => (await api.call('/metrics', { token: TOKENS.auditor })).text;

  it('count requests by route pattern, so that callers cannot make series', async () => {
    for (const path of ['/v1/epochs/7', '/v1/epochs/8', '/v1/epochs/x', '/a', '/b', '/c']) await api.call(path, { token: TOKENS.auditor });
    await api.call('/d', { method: 'DELETE' });
    const text = await scrape();
    const counted = [...text.matchAll(/^clearproof_http_requests_total\{(.*)\} (\d+)$/gm)].map((match) => `${match[1]} ${match[2]}`).sort();
    assert.deepEqual(counted, [
      'method="GET",route="/v1/epochs/:epoch",status="200" 1',
      'method="GET",route="/v1/epochs/:epoch",status="400" 1',
      'method="GET",route="/v1/epochs/:epoch",status="404" 1',
      'method="any",route="none",status="404" 4',
    ]);
  });

  it('show parts, epochs, outbox, dead steps and workers', async () => {
    api.service.healthNow = { ...api.service.healthNow, chain: 'unavailable' };
    const text = await scrape();
    for (const line of [
      'clearproof_up{part="database"} 1', 'clearproof_up{part="chain"} 0', 'clearproof_insecure_keys 1', 'clearproof_epochs{state="proving"} 1',
      'clearproof_outbox_entries{state="pending"} 1', 'clearproof_dead_steps 1', 'clearproof_workers 1', 'clearproof_http_streams 0',
    ]) assert.ok(text.includes(`${line}\n`), line);
  });

  it('are the same for those who ask at once', async () => {
    for (const text of await Promise.all([1, 2, 3].map(() => api.server.metrics.text()))) {
      for (const line of ['clearproof_epochs{state="proving"} 1', 'clearproof_outbox_entries{state="pending"} 1']) assert.ok(text.includes(`${line}\n`), line);
    }
  });

  it('are given also while the database is away, and say so', async () => {
    api.service.healthNow = { ...api.service.healthNow, database: 'unavailable', ready: false };
    api.service.broken = new Error('no database');
    const { status, text } = await api.call('/metrics', { token: TOKENS.operator });
    assert.equal(status, 200);
    assert.match(text, /^clearproof_up\{part="database"\} 0$/m);
    assert.doesNotMatch(text, /^clearproof_epochs\{/m);
  });

  it('are given without a token on a loopback listener of their own, which has nothing else', async () => {
    const listener = await MetricsListener.start(api.server.metrics, '127.0.0.1', 0);
    const base = `http://127.0.0.1:${listener.port}`;
    const { status, headers } = await fetch(`${base}/metrics`);
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/plain/);
    assert.deepEqual([(await fetch(`${base}/v1/epochs`)).status, (await fetch(`${base}/metrics`, { method: 'POST' })).status], [404, 404]);
    await listener.close();
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost']) {
      await assert.rejects(MetricsListener.start(api.server.metrics, host, 0), { code: 'METRICS_ADDRESS' });
    }
  });
});
