import assert from 'node:assert/strict';
import { AbiCoder, keccak256 } from 'ethers';
import fc from 'fast-check';
import { accountNameOf, balanceCommitment, heldInRows, type BalanceOpening } from '../../src/commitment/balance-commitment.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { tagOf } from '../../src/commitment/tags.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';

const BALANCE: BalanceOpening = Object.freeze({ key: 11n, firstRow: 2, lastRow: 5, amount: 70n, blinding: 13n });
const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });

describe('a balance commitment', () => {
  it('is the tagged hash of key, rows, amount and blinding', () => {
    assert.equal(balanceCommitment(poseidon, BALANCE), poseidon.hash([tagOf('balance'), 11n, 2n, 5n, 70n, 13n]));
    assert.equal(tagOf('balance'), 25n);
  });

  it('changes with each of them', () => {
    const changes: readonly Partial<BalanceOpening>[] = [{}, { key: 12n }, { firstRow: 3 }, { lastRow: 6 }, { amount: 71n }, { blinding: 14n }];
    assert.equal(new Set(changes.map((change) => balanceCommitment(poseidon, { ...BALANCE, ...change }))).size, changes.length);
  });

  it('takes every row, amount and element there is', () => {
    for (const change of [{ firstRow: 0, lastRow: 0 }, { firstRow: 65_535, lastRow: 65_535 }, { amount: 0n }, { amount: 2n ** 64n - 1n }, { key: FIELD_MODULUS - 1n, blinding: 0n }]) {
      balanceCommitment(poseidon, { ...BALANCE, ...change });
    }
  });

  for (const [what, change, code, message] of [
    ['a first row behind the last', { firstRow: 6 }, 'BALANCE_RANGE', /the first row of the balance stands behind its last/],
    ['a row below 0', { firstRow: -1 }, 'BALANCE_RANGE', /the first row of the balance must lie in \[0, 2\^16\)/], ['a row of 17 bits', { lastRow: 65_536 }, 'BALANCE_RANGE', /the last row of the balance must lie in/],
    ['half a row', { firstRow: 1.5 }, 'BALANCE_RANGE', /the first row/], ['an amount below 0', { amount: -1n }, 'BALANCE_RANGE', /the amount of the balance must lie in \[0, 2\^64\)/],
    ['an amount of 65 bits', { amount: 2n ** 64n }, 'BALANCE_RANGE', /the amount of the balance must lie in/],
    ['a key that is no field element', { key: FIELD_MODULUS }, 'FIELD_RANGE', /the key is not a field element/], ['a blinding that is none', { blinding: -1n }, 'FIELD_RANGE', /the blinding is not a field element/],
  ] as const) {
    it(`does not exist of ${what}`, () => {
      assert.throws(() => balanceCommitment(poseidon, { ...BALANCE, ...change }), { code, message });
    });
  }

  it('is over what the rows hold in all, debts taken off', () => {
    const holdings = [{ index: 1, quantity: 1000n }, { index: 2, quantity: 30n }, { index: 5, quantity: -7n }, { index: 6, quantity: 1000n }];
    assert.equal(heldInRows(holdings, 2, 5), 23n);
    assert.equal(heldInRows(holdings, 3, 4), 0n);
    assert.equal(heldInRows(holdings, 0, 65_535), 2023n);
  });
});

describe('the name of an account in disputes', () => {
  it('is keccak256 of what a contract encodes', () => {
    fc.assert(fc.property(element, element, (base, key) => {
      assert.equal(accountNameOf(base, key), keccak256(AbiCoder.defaultAbiCoder().encode(['string', 'uint256', 'uint256'], ['clearproof.account', base, key])));
    }), { numRuns: 20 });
  });

  it('differs by venue and by key, and does not exist of what is no field element', () => {
    assert.equal(new Set([accountNameOf(1n, 2n), accountNameOf(2n, 1n), accountNameOf(1n, 1n)]).size, 3);
    assert.throws(() => accountNameOf(FIELD_MODULUS, 1n), { code: 'FIELD_RANGE', message: /the base/ });
    assert.throws(() => accountNameOf(1n, -1n), { code: 'FIELD_RANGE', message: /the key/ });
  });
});
