import assert from 'node:assert/strict';
import { KeeperMetricsError } from '../../src/keeper/keeper-errors.js';
import { KeeperMetrics } from '../../src/keeper/keeper-metrics.js';
import { KeeperMetricsListener } from '../../src/keeper/metrics-listener.js';

describe('a keeper\'s metrics', () => {
  it('are given in Prometheus\' format at /metrics, and nothing else is', async () => {
    const metrics = new KeeperMetrics();
    metrics.acted('bidder', 'take', 'sent');
    metrics.looked({ block: 12, seconds: 1_800_000_000, waiting: 1, accounts: 3, liquidating: 2 });
    const listener = await KeeperMetricsListener.start(metrics, 0);
    try {
      const answer = await fetch(`http://127.0.0.1:${listener.port}/metrics`);
      const text = await answer.text();
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
      assert.match(text, /^clearproof_keeper_actions_total\{role="bidder",kind="take",outcome="sent"\} 1$/m);
      assert.match(text, /^clearproof_keeper_block 12$/m);
      assert.match(text, /^clearproof_keeper_accounts\{state="liquidating"\} 2$/m);
      for (const [path, method] of [['/', 'GET'], ['/metrics', 'POST']] as const) assert.equal((await fetch(`http://127.0.0.1:${listener.port}${path}`, { method })).status, 404);
    } finally {
      await listener.close();
    }
  });

  it('refuse a port that is taken, and name the field', async () => {
    const listener = await KeeperMetricsListener.start(new KeeperMetrics(), 0);
    try {
      await assert.rejects(KeeperMetricsListener.start(new KeeperMetrics(), listener.port), (error) => error instanceof KeeperMetricsError && error.details['field'] === 'metricsPort');
    } finally {
      await listener.close();
    }
  });
});
