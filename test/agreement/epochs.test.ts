import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExcessRangeError } from '../../src/commitment/epoch-chain.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../src/venue/account.js';
import type { CommittedAccount } from '../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, buildEpoch, committedAccount, type EpochInputs } from '../builders/epoch.js';
import { marketTable, smallMarket } from '../builders/market.js';
import { accountsOf, matchedHoldings, withSlots } from '../circuits/support/accounts.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { assertAccepted, assertRefused } from '../circuits/support/refusal.js';

const { batch, U } = TEST_SHAPE;
const LARGEST_EXCESS = 2n ** BigInt(batch.W - 1) - 1n;

/** Marks 2^19 and 1 without charges: with them excesses of 2^83 - 1 and -2^83 can be held, while the scenarios lie inside the range. */
function limitMarket(): MarketTable {
  return marketTable([{ id: 'BIG', kind: 'spot', mark: 2n ** 19n, pnl: [-1n, -1n] }, { id: 'UNIT', kind: 'spot', mark: 1n }]);
}

/** All U rows listed; the last is the last row there can be. */
function fullMarket(): MarketTable {
  return marketTable(Array.from({ length: U }, (_, row) => ({ id: `ROW${row}`, kind: 'spot' as const, mark: 10n + BigInt(row), longCharge: 1n, shortCharge: 3n })));
}

describe('an epoch of TypeScript is an epoch of the circuits', () => {
  let poseidon: Poseidon;
  let batchCircuit: TestCircuit;
  let closeCircuit: TestCircuit;
  before(async function () {
    this.timeout(240_000);
    poseidon = await bulkPoseidon();
    batchCircuit = await listedCircuit(TEST_SHAPE.batchCircuit);
    closeCircuit = await listedCircuit(TEST_SHAPE.closeCircuit);
  });

  const accept = async (epoch: EpochInputs): Promise<EpochInputs> => {
    for (const input of epoch.batches) await assertAccepted(batchCircuit, input);
    await assertAccepted(closeCircuit, epoch.close);
    return epoch;
  };
  const acceptHoldings = (table: MarketTable, holdings: readonly (readonly Holding[])[], count = 16): Promise<EpochInputs> =>
    accept(buildEpoch(poseidon, table, accountsOf(poseidon, table, holdings, count)));

  it('for random books of two batches', async function () {
    this.timeout(120_000);
    const table = smallMarket();
    await fc.assert(fc.asyncProperty(matchedHoldings(table, 32), async (holdings) => {
      const accounts = accountsOf(poseidon, table, holdings, 32);
      const { closeSignals } = await accept(buildEpoch(poseidon, table, accounts));
      assert.equal(closeSignals.unhealthyBound, BigInt(accounts.filter(({ excess }) => excess.some((one) => one < 0n)).length));
      assert.equal(closeSignals.shortfall, accounts.reduce((sum, { excess: [first = 0n] }) => sum + (first < 0n ? -first : 0n), 0n));
    }), { numRuns: 20 });
  });

  for (const [name, quantity] of [['1', 1n], ['-1', -1n], ['the largest', MAX_QUANTITY], ['the smallest', MIN_QUANTITY]] as const) {
    it(`for a quantity of ${name}`, async () => {
      const magnitude = quantity < 0n ? -quantity : quantity;
      const { closeSignals, words } = await acceptHoldings(smallMarket(), [[{ index: 5, quantity }]]);
      assert.equal(closeSignals.unhealthyBound, 1n);
      assert.deepEqual(words.slice(4), quantity < 0n ? [0n, magnitude] : [magnitude, 0n]);
    });
  }

  it('for a holding of quantity 0, which counts as an unused slot', async () => {
    const { words } = await acceptHoldings(smallMarket(), [[{ index: 3, quantity: 0n }]]);
    assert.deepEqual(words, new Array(6).fill(0n));
  });

  it('for an excess of exactly 2^(W-1) - 1 and of exactly -2^(W-1)', async () => {
    const most = [{ index: 0, quantity: MAX_QUANTITY }, { index: 1, quantity: 2n ** 19n - 1n }];
    const least = [{ index: 0, quantity: MIN_QUANTITY }];
    const { accounts, closeSignals } = await acceptHoldings(limitMarket(), [most, least]);
    assert.deepEqual(accounts.slice(0, 2).map(({ excess }) => excess[0]), [LARGEST_EXCESS, -LARGEST_EXCESS - 1n]);
    assert.equal(closeSignals.shortfall, LARGEST_EXCESS + 1n);
  });

  for (const [name, unit] of [['above', 2n ** 19n], ['below', -1n]] as const) {
    it(`but for a true excess one unit ${name} the range, which no batch takes`, async () => {
      const big = unit > 0n ? MAX_QUANTITY : MIN_QUANTITY;
      const table = limitMarket();
      const accounts = accountsOf(poseidon, table, [[{ index: 0, quantity: big }, { index: 1, quantity: unit }]], 16);
      assert.throws(() => buildEpoch(poseidon, table, accounts), ExcessRangeError);
      // The circuit is asked with the true excess in an epoch that claims 0 instead.
      const epoch = buildEpoch(poseidon, table, accounts.map((account) => ({ ...account, excess: [0n, 0n, 0n] })));
      await assertRefused(batchCircuit, { ...epoch.batches[0], excess: accounts.map(({ excess }) => excess) }, {
        template: 'Num2Bits', statement: 'lc1 === in', below: { template: 'SignedExcess', statement: 'bits.in <== offset' },
      });
    });
  }

  it('for a book in which nobody holds anything', async () => {
    const { closeSignals } = await acceptHoldings(smallMarket(), []);
    assert.deepEqual([closeSignals.unhealthyBound, closeSignals.shortfall, closeSignals.settlementValue], [0n, 0n, 0n]);
  });

  it('for one account among padding', async () => {
    const { closeSignals, words } = await acceptHoldings(smallMarket(), [[{ index: 0, quantity: 42n }]]);
    assert.equal(closeSignals.accountsBound, 16n);
    assert.deepEqual(words.slice(0, 2), [42n, 0n]);
  });

  it('for a full tree of 16 batches', async function () {
    this.timeout(60_000);
    const holdings = Array.from({ length: 256 }, (_, place) => [{ index: 0, quantity: BigInt(place) }]);
    assert.equal((await acceptHoldings(smallMarket(), holdings, 256)).closeSignals.accountsBound, 256n);
  });

  it('for a table without a free row and a holding in its last one, whose empty slots pass U', async () => {
    const { accounts } = await acceptHoldings(fullMarket(), [[{ index: U - 1, quantity: -9n }], [{ index: 0, quantity: 4n }, { index: U - 1, quantity: 9n }]]);
    assert.deepEqual(accounts[0]?.slots.map((slot) => slot.index), [U - 1, U, U + 1]);
  });

  it('for the largest indices that an unused slot can have', async () => {
    const table = smallMarket();
    const last = 2 ** TEST_SHAPE.indexBits - 1;
    const slots = [last - 2, last - 1, last].map((index) => ({ index, quantity: 0n }));
    const [first, ...others] = accountsOf(poseidon, table, [], 16) as [CommittedAccount, ...CommittedAccount[]];
    await accept(buildEpoch(poseidon, table, [withSlots(poseidon, first, slots), ...others]));
  });

  it('for a market without rows', async () => {
    const none = marketTable([]);
    await accept(buildEpoch(poseidon, none, Array.from({ length: 16 }, (_, seed) => committedAccount(poseidon, BigInt(seed), none, [], [0n, 0n, 0n]))));
  });
});
