import assert from 'node:assert/strict';
import { SeenAccounts } from '../../src/venue/seen-accounts.js';

const PLACE = { file: 'accounts' };

describe('accounts seen so far', () => {
  it('takes each user and sub-account once, also across the table\'s growth', () => {
    const seen = new SeenAccounts();
    const all = Array.from({ length: 20_000 }, (_none, index) => [`user-${index % 7_000}`, Math.floor(index / 7_000)] as const);
    for (const [user, subAccount] of all) seen.add(user, subAccount, PLACE);
    for (const [user, subAccount] of all) {
      assert.throws(() => seen.add(user, subAccount, { ...PLACE, row: 9 }), { code: 'DUPLICATE_ACCOUNT', details: { file: 'accounts', row: 9 } });
    }
    seen.add('user-1', 3, PLACE);
  });

  it('does not take a user whose id begins with a number for a sub-account', () => {
    const seen = new SeenAccounts();
    seen.add('1:a', 2, PLACE);
    seen.add('a', 1, PLACE);
    seen.add('2:1:a', 0, PLACE);
    assert.throws(() => seen.add('1:a', 2, PLACE), /user "1:a", sub-account 2 came before/);
  });
});
