import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExcessRangeError } from '../../src/commitment/epoch-chain.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../src/venue/account.js';
import type { CommittedAccount } from '../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, TIERED_SHAPE, batchesOf, buildEpoch, buildMixedEpoch, buildParts, committedAccount, type EpochInputs } from '../builders/epoch.js';
import { marketTable, smallMarket } from '../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../builders/tiered-market.js';
import { TIERED_HOLDINGS, accountsOf, matchedHoldings, withSlots } from '../circuits/support/accounts.js';
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

describe('an epoch with size tiers is an epoch of the circuits', () => {
  const { batch: shape, closeCircuit: closeName, batchCircuit: batchName, parts: { partCircuit, endCircuit } } = TIERED_SHAPE;
  const table = tieredMarket();
  const R = TIERED_ROWS;
  let poseidon: Poseidon;
  let circuits: Record<'plain' | 'tiered' | 'close' | 'part' | 'end', TestCircuit>;
  before(async function () {
    this.timeout(240_000);
    poseidon = await bulkPoseidon();
    const [plain, tiered, close, part, end] = await Promise.all([TEST_SHAPE.batchCircuit, batchName, closeName, partCircuit, endCircuit].map((name) => listedCircuit(name)));
    circuits = { plain, tiered, close, part, end } as typeof circuits;
  });

  const build = (holdings: readonly (readonly Holding[])[], market = table, closedBy?: string): EpochInputs =>
    buildEpoch(poseidon, market, accountsOf(poseidon, market, holdings, 16, shape), closedBy === undefined ? {} : { closedBy }, 1n, TIERED_SHAPE);
  const accept = async (holdings: readonly (readonly Holding[])[], market = table): Promise<EpochInputs> => {
    const epoch = build(holdings, market);
    for (const input of epoch.batches) await assertAccepted(circuits.tiered, input);
    await assertAccepted(circuits.close, epoch.close);
    return epoch;
  };

  for (const [name, holdings] of [
    ['nobody holds anything, and every tiered slot is unused', []],
    ['nobody holds anything in a tier', [[{ index: R.USDC, quantity: 5n }, { index: R.DUST, quantity: -2n }]]],
    ['a tier is one short of its cap', [[{ index: R.BTC, quantity: 99n }]]],
    ['a tier is full, long and short', [[{ index: R.BTC, quantity: 100n }], [{ index: R.BTC, quantity: -100n }]]],
    ['a holding is split otherwise than greedily, within the caps', [[{ index: R.BTC2, quantity: 50n }, { index: R.BTC3, quantity: 7n }]]],
    ['an uncapped tier holds the largest and the smallest quantity', [[{ index: R.BTC3, quantity: MAX_QUANTITY / 2n ** 20n }], [{ index: R.BTC3, quantity: MIN_QUANTITY / 2n ** 20n }]]],
    ['a row without tiers stands in a tiered slot', [[{ index: R.DUST, quantity: MAX_QUANTITY }], [{ index: R.DUST, quantity: MIN_QUANTITY }]]],
  ] as const) {
    it(`where ${name}`, async () => { await accept(holdings); });
  }

  it('where unused tiered slots stand beyond the last row there can be', async () => {
    const { U } = TIERED_SHAPE;
    const full = { ...table, rows: [...table.rows, ...Array.from({ length: U - table.rows.length }, (_, more) => ({ ...(table.rows[R.DUST] as (typeof table.rows)[number]), index: R.DUST + 1 + more, id: `MORE${more}`, group: 20 + more }))] };
    const { accounts, closing } = await accept([[{ index: U - 1, quantity: 9n }]], full);
    assert.deepEqual(accounts[0]?.slots.map(({ index }) => index), [U - 1, U, U + 1, U + 2, U + 3]);
    assert.ok(closing.books.weighted.beyond[0] !== 0n);
  });

  it('for random holdings within the caps, and its figures are those of the margin engine', async function () {
    this.timeout(120_000);
    const within = (index: number): fc.Arbitrary<Holding> => {
      const cap = table.rows[index]?.cap ?? 0n;
      return fc.bigInt({ min: cap === 0n ? -(2n ** 30n) : -cap, max: cap === 0n ? 2n ** 30n : cap }).map((quantity) => ({ index, quantity }));
    };
    // Cash and coins only, so that no book has to match: at most two of the tiered region, five in all.
    const account = fc.tuple(fc.subarray([R.BTC, R.BTC2, R.BTC3], { maxLength: 2 }), fc.subarray([R.USDC, R.DUST])).chain(([tiers, rest]) => fc.tuple(...[...tiers, ...rest].map(within)));
    await fc.assert(fc.asyncProperty(fc.array(account, { maxLength: 16 }), async (holdings) => {
      const { closeSignals, accounts } = await accept(holdings.map((own) => own.filter(({ quantity }) => quantity !== 0n)));
      assert.equal(closeSignals.unhealthyBound, BigInt(accounts.filter(({ excess }) => excess.some((one) => one < 0n)).length));
    }), { numRuns: 8 });
  });

  it('mixed with batches of accounts without tiers, under one close and in parts', async () => {
    const [first, second] = [accountsOf(poseidon, table, TIERED_HOLDINGS, 16, shape), accountsOf(poseidon, table, [[{ index: R.USDC, quantity: 77n }, { index: R.DUST, quantity: 5n }]], 16)];
    const batches = [...batchesOf(first, shape), ...batchesOf(second, TEST_SHAPE.batch)];
    for (const closedBy of [undefined, endCircuit]) {
      const epoch = buildMixedEpoch(poseidon, table, batches, TIERED_SHAPE, [batchName, TEST_SHAPE.batchCircuit], closedBy === undefined ? {} : { closedBy });
      await assertAccepted(circuits.tiered, epoch.batches[0] ?? {});
      await assertAccepted(circuits.plain, epoch.batches[1] ?? {});
      assert.equal(epoch.words.length, 2 * 3, 'the tiers of BTC are one settlement asset');
      if (closedBy === undefined) {
        await assertAccepted(circuits.close, epoch.close);
        continue;
      }
      const { parts, end } = buildParts(poseidon, epoch);
      for (const input of parts) await assertAccepted(circuits.part, input);
      await assertAccepted(circuits.end, end);
    }
  });
});
