import assert from 'node:assert/strict';
import { settledRowsOf } from '../../../src/cli/clearing/settled-rows.js';
import { clearedAccount } from '../../builders/cleared.js';

const SETTLEMENT = { value: 1n, unit: 1n, deliver: 0n, round: 4 };

describe('rows that what an account holds is settled in', () => {
  it('are those of the venue\'s terms: pay row of every perpetual, pay and delivery row of what expires, and whether its value is fixed', async () => {
    const dated = new Map([[9, { deliver: 0 }], [10, { deliver: 3 }]]);
    const asked: number[] = [];
    const terms: Parameters<typeof settledRowsOf>[0] = {
      perpetuals: () => Promise.resolve({ terms: [{ row: 3, indexFeed: 1, interval: 3600, maxRate: 10 }], groups: [1], payRow: 7 }),
      expiry: (row) => {
        asked.push(row);
        const found = dated.get(row);
        return Promise.resolve(found && { terms: { row, payRow: 7, deliverRow: 0, expiry: 5, ...found }, settlement: row === 10 ? SETTLEMENT : undefined });
      },
    };
    assert.deepEqual(await settledRowsOf(terms, clearedAccount({ 7: 5n, 9: 1n, 10: -1n })), [
      { row: 3, into: [7], recorded: false }, { row: 9, into: [7], recorded: false }, { row: 10, into: [7, 0], recorded: true },
    ]);
    assert.deepEqual(asked, [7, 9, 10]);
  });
});
