import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MAX_QUANTITY, MIN_QUANTITY, type Account } from '../../src/venue/account.js';
import { writeSnapshotCsv, writeSnapshotNdjson } from '../../src/venue/snapshot-writer.js';
import { importText, INSTRUMENTS } from './fixtures.js';

const userId = fc.string({ unit: fc.constantFrom('a', 'B', '7', ',', '"', '\'', ' ', 'é', '漢', '💰', '\\', '{'), minLength: 1, maxLength: 20 })
  .map((text) => `u${text}u`);
const quantity = fc.oneof(fc.constantFrom(MIN_QUANTITY, MAX_QUANTITY, 1n, -1n), fc.bigInt({ min: MIN_QUANTITY, max: MAX_QUANTITY }))
  .filter((one) => one !== 0n);
const holdings = fc.uniqueArray(fc.integer({ min: 0, max: INSTRUMENTS.length - 1 }), { maxLength: INSTRUMENTS.length })
  .chain((indices) => fc.tuple(...indices.sort((a, b) => a - b).map((index) => quantity.map((one) => ({ index, quantity: one })))));
const account: fc.Arbitrary<Account> = fc.record({
  userId,
  subAccount: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  owner: fc.option(fc.bigInt({ min: 1n, max: 2n ** 250n }), { nil: undefined }),
  holdings,
}, { noNullPrototype: true });
const accounts = fc.uniqueArray(account, { minLength: 1, maxLength: 6, selector: (one) => `${one.userId}/${one.subAccount}` });

describe('writing a snapshot', () => {
  it('is undone by reading the CSV', async () => {
    await fc.assert(fc.asyncProperty(accounts, async (list) => {
      assert.deepEqual(await importText([...writeSnapshotCsv(list, INSTRUMENTS)].join(''), { kind: 'csv' }), list);
    }), { numRuns: 60 });
  });

  it('is undone by reading the NDJSON', async () => {
    await fc.assert(fc.asyncProperty(accounts, async (list) => {
      assert.deepEqual(await importText([...writeSnapshotNdjson(list, INSTRUMENTS)].join(''), { kind: 'ndjson' }), list);
    }), { numRuns: 60 });
  });

  it('refuses a holding of an unlisted row', () => {
    const stray: Account = { userId: 'a', subAccount: 0, owner: undefined, holdings: [{ index: 9, quantity: 1n }] };
    for (const write of [writeSnapshotCsv, writeSnapshotNdjson]) {
      assert.throws(() => [...write([stray], INSTRUMENTS)], { code: 'UNKNOWN_INSTRUMENT' });
    }
  });
});
