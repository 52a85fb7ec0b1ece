import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../../src/field/scalar-field.js';
import { bookOf, weightedBookOf, type CommittedAccount } from '../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, TIERED_SHAPE, batchesOf, buildEpoch } from '../builders/epoch.js';
import { smallMarket } from '../builders/market.js';
import { TIERED_ROWS, tieredMarket } from '../builders/tiered-market.js';
import { EXAMPLE_HOLDINGS, TIERED_HOLDINGS, accountsOf, matchedHoldings } from '../circuits/support/accounts.js';

const { U, depth } = TEST_SHAPE;

describe('the transcript of an epoch', () => {
  const table = smallMarket();
  let poseidon: Poseidon;
  before(async () => { poseidon = await bulkPoseidon(); });

  it('sums quantities to B and O, long and short', () => {
    const accounts = accountsOf(poseidon, table, EXAMPLE_HOLDINGS, 32);
    assert.deepEqual(bookOf(batchesOf(accounts, TEST_SHAPE.batch), U).slice(0, 4), [
      { net: 10n ** 12n - 7n + 900n + 500n, gross: 10n ** 12n + 7n + 900n + 500n }, { net: 1n, gross: 5n }, { net: 0n, gross: 80n }, { net: 0n, gross: 10n },
    ]);
  });

  it('weighs account i by alpha^i', () => {
    const accounts = accountsOf(poseidon, table, EXAMPLE_HOLDINGS, 32);
    const alpha = 10n ** 9n;
    const [row0] = weightedBookOf(batchesOf(accounts, TEST_SHAPE.batch), U, 0, alpha, 5n).rows;
    const power = (exponent: number): bigint => toField(alpha ** BigInt(exponent));
    const expected = [[0, 10n ** 12n], [2, -7n], [4, 900n], [17, 500n]] as const;
    assert.equal(row0?.net, toField(expected.reduce((sum, [place, quantity]) => sum + power(place) * quantity, 0n)));
    assert.equal(row0?.gross, toField(expected.reduce((sum, [place, quantity]) => sum + power(place) * (quantity < 0n ? -quantity : quantity), 0n)));
  });

  it('ends in sums that meet the five identities, a root over all leaves and true counts', () => {
    fc.assert(fc.property(matchedHoldings(table, 32), (holdings) => {
      const accounts: readonly CommittedAccount[] = accountsOf(poseidon, table, holdings, 32);
      const { states: { states, challenges }, closeSignals } = buildEpoch(poseidon, table, accounts);
      const batches = batchesOf(accounts, TEST_SHAPE.batch);
      const [book, weighted] = [bookOf(batches, U), weightedBookOf(batches, U, 0, challenges.alpha, challenges.r).rows];
      const fractions = (column: readonly bigint[]): bigint =>
        column.reduce((sum, value, row) => addInField(sum, multiplyInField(toField(value), invertInField(subtractInField(challenges.beta, BigInt(row))))), 0n);
      const { sums, root } = states[2] as (typeof states)[number];
      assert.equal(sums.net, fractions(book.map((row) => row.net)));
      assert.equal(sums.gross, fractions(book.map((row) => row.gross)));
      assert.equal(sums.weightedNet, fractions(weighted.map((row) => row.net)));
      assert.equal(sums.weightedGross, fractions(weighted.map((row) => row.gross)));
      assert.equal(root, MerkleTree16.ofLeaves(poseidon, depth, accounts.map((account) => account.leaf)).root);
      assert.equal(closeSignals.accountsBound, 32n);
    }), { numRuns: 10 });
  });

  it('weighs slot j of account i by alpha^i r^j where tiers are, unused slots and indices beyond the table among them', () => {
    const market = tieredMarket();
    const accounts = accountsOf(poseidon, market, TIERED_HOLDINGS, 16, TIERED_SHAPE.batch);
    const [alpha, r] = [10n ** 9n, 7n];
    const { rows, beyond } = weightedBookOf(batchesOf(accounts, TIERED_SHAPE.batch), TIERED_SHAPE.U, 2, alpha, r);
    // Row BTC-2 stands in slot 1 of account 0 alone; ETH in slot 1 of account 3 and slot 0 of account 4.
    assert.equal(rows[TIERED_ROWS.BTC2]?.tiers, r);
    assert.equal(rows[TIERED_ROWS.ETH]?.tiers, toField(alpha ** 3n * r + alpha ** 4n));
    assert.deepEqual(beyond, [0n, 0n]);
    const narrow = weightedBookOf(batchesOf(accounts, TIERED_SHAPE.batch), TIERED_ROWS.USDC, 2, alpha, r);
    assert.ok(narrow.beyond.every((weight) => weight !== 0n), 'unused slots of empty accounts stand beyond a table of seven rows');
  });

  it('ends in sums that meet the two identities of tiers', () => {
    const market = tieredMarket();
    const accounts = accountsOf(poseidon, market, TIERED_HOLDINGS, 32, TIERED_SHAPE.batch);
    const { states: { states, challenges: { beta } }, closing: { books: { weighted } } } = buildEpoch(poseidon, market, accounts, {}, 1n, TIERED_SHAPE);
    const all = [...weighted.rows.map((row) => row.tiers), ...weighted.beyond];
    const placed = all.reduce((sum, weight, row) => addInField(sum, multiplyInField(weight, invertInField(subtractInField(beta, BigInt(row))))), 0n);
    const caps = weighted.rows.reduce((sum, { tiers }, row) => {
      const cap = market.rows[row]?.cap;
      return addInField(sum, multiplyInField(tiers, cap === undefined ? 0n : cap === 0n ? 2n ** 64n : cap));
    }, 0n);
    assert.equal(states[2]?.sums.placed, placed);
    assert.equal(states[2]?.sums.filled, caps);
  });

  it('depends on every claim: one unit in one scenario changes all challenges', () => {
    const accounts = accountsOf(poseidon, table, EXAMPLE_HOLDINGS, 16);
    const changed = accounts.map((account, place) => (place === 7 ? { ...account, excess: account.excess.map((value, s) => (s === 2 ? value + 1n : value)) } : account));
    const [before, after] = [buildEpoch(poseidon, table, accounts).states.challenges, buildEpoch(poseidon, table, changed).states.challenges];
    for (const name of ['alpha', 'r', 'beta'] as const) assert.notEqual(before[name], after[name]);
  });

  it('hides counts behind the blinding: equal states have other accumulators', () => {
    const { closeSignals, batchSignals } = buildEpoch(poseidon, table, accountsOf(poseidon, table, [], 32));
    assert.equal(new Set([closeSignals.genesisAccumulator, ...batchSignals.map((signals) => signals.accumulatorAfter)]).size, 3);
  });
});
