import assert from 'node:assert/strict';
import { reportSnapshot } from '../../src/margin/snapshot-report.js';
import { benchAccounts, benchTable } from '../../src/toolchain/bench-service-venue.js';

describe('the venue of the service benchmark', () => {
  it('has as many accounts as it is asked for, each once, with books that match', async () => {
    for (const [count, scenarios] of [[200, 8], [20_300, 16]] as const) {
      const table = benchTable(scenarios);
      const accounts = [...benchAccounts(table, count)];
      assert.equal(accounts.length, count);
      assert.equal(new Set(accounts.map(({ userId, subAccount }) => `${userId}/${subAccount}`)).size, count);
      const { findings, unhealthy } = await reportSnapshot(accounts, table, { slots: 8, excessBits: 84 });
      assert.deepEqual(findings, []);
      assert.ok(unhealthy > 0);
    }
  });

  it('is the same each time', () => {
    const table = benchTable(8);
    assert.deepEqual([...benchAccounts(table, 300)], [...benchAccounts(table, 300)]);
  });
});
