import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import { addInField, invertInField, multiplyInField, subtractInField, toField } from '../../src/field/scalar-field.js';
import { bookOf, weightedBookOf, type CommittedAccount } from '../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, buildEpoch } from '../builders/epoch.js';
import { smallMarket } from '../builders/market.js';
import { EXAMPLE_HOLDINGS, accountsOf, matchedHoldings } from '../circuits/support/accounts.js';

const { U, depth } = TEST_SHAPE;

describe('the transcript of an epoch', () => {
  const table = smallMarket();
  let poseidon: Poseidon;
  before(async () => { poseidon = await bulkPoseidon(); });

  it('sums quantities to B and O, long and short', () => {
    const accounts = accountsOf(poseidon, table, EXAMPLE_HOLDINGS, 32);
    assert.deepEqual(bookOf(accounts, U).slice(0, 4), [
      { net: 10n ** 12n - 7n + 900n + 500n, gross: 10n ** 12n + 7n + 900n + 500n }, { net: 1n, gross: 5n }, { net: 0n, gross: 80n }, { net: 0n, gross: 10n },
    ]);
  });

  it('weighs account i by alpha^i', () => {
    const accounts = accountsOf(poseidon, table, EXAMPLE_HOLDINGS, 32);
    const alpha = 10n ** 9n;
    const [row0] = weightedBookOf(accounts, U, alpha);
    const power = (exponent: number): bigint => toField(alpha ** BigInt(exponent));
    const expected = [[0, 10n ** 12n], [2, -7n], [4, 900n], [17, 500n]] as const;
    assert.equal(row0?.net, toField(expected.reduce((sum, [place, quantity]) => sum + power(place) * quantity, 0n)));
    assert.equal(row0?.gross, toField(expected.reduce((sum, [place, quantity]) => sum + power(place) * (quantity < 0n ? -quantity : quantity), 0n)));
  });

  it('ends in sums that meet the five identities, a root over all leaves and true counts', () => {
    fc.assert(fc.property(matchedHoldings(table, 32), (holdings) => {
      const accounts: readonly CommittedAccount[] = accountsOf(poseidon, table, holdings, 32);
      const { states: { states, challenges }, closeSignals } = buildEpoch(poseidon, table, accounts);
      const [book, weighted] = [bookOf(accounts, U), weightedBookOf(accounts, U, challenges.alpha)];
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
