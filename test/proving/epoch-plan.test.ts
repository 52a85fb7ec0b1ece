import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { isPlanOf, placesOf, planEpoch, type EpochPlan, type PlannedAccount } from '../../src/proving/epoch-plan.js';
import type { EpochShape } from '../../src/proving/epoch-shape.js';
import { commitAccounts, epochStatements, keyOfPlace } from '../../src/proving/epoch-statements.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import type { Account } from '../../src/venue/account.js';
import { marketTable, smallMarket } from '../builders/market.js';
import { account, testShape, testVenue, VENUE } from './support.js';

const CASH = Object.freeze({ index: 0, quantity: 5_000_000n });
const [ENTRY, PERPETUAL] = [2, 3];

describe('planning an epoch', () => {
  let poseidon: Poseidon;
  let shape: EpochShape;
  before(async () => {
    [poseidon, shape] = await Promise.all([bulkPoseidon(), testShape()]);
  });

  const plan = (accounts: readonly Account[], market: MarketTable = smallMarket(), epoch = 1): EpochPlan =>
    planEpoch(poseidon, { accounts }, market, shape, VENUE, epoch);
  const leavesOf = (planned: EpochPlan): bigint[] => commitAccounts(poseidon, planned).flatMap(({ accounts }) => accounts.map(({ leaf }) => leaf));
  const users = (count: number): Account[] => Array.from({ length: count }, (_, place) => account(`user-${place}`, [CASH]));

  describe('refuses before any proof', () => {
    const refusals: readonly (readonly [string, () => readonly Account[], () => MarketTable, RegExp])[] = [
      ['a snapshot without accounts', () => [], smallMarket, /^the snapshot has no account/],
      ['more accounts than the tree holds', () => users(257), smallMarket, /^257 accounts do not fit in a tree of depth 2, which holds 256/],
      [
        'more rows than the close takes', () => users(1),
        () => marketTable(Array.from({ length: 17 }, (_, place) => ({ id: `COIN${place}`, kind: 'spot', mark: 1n }))),
        /^the table lists 17 rows, solvency-close-u16-s2 takes 16: no circuit of circuits.json would do/,
      ],
      ['another count of scenarios', () => users(1), () => marketTable([{ id: 'USDC', kind: 'cash', mark: 1n }], ['down']), /^the table has 1 scenarios, the circuits prove 2/],
      ['a table at initial level', () => users(1), () => ({ ...smallMarket(), level: 'initial' }), /^the table is at initial level/],
      [
        'a perpetual without its other side', () => [account('long', [{ index: PERPETUAL, quantity: 3n }]), account('short', [{ index: PERPETUAL, quantity: -2n }])],
        smallMarket, /^instrument BTC-PERP: longs and shorts differ by 1 quanta/,
      ],
      ['an entry row that does not net to zero', () => [account('a', [{ index: ENTRY, quantity: -7n }])], smallMarket, /^instrument USD-ENTRY: longs and shorts differ by -7 quanta/],
      [
        'more holdings than slots', () => [account('alice', [0, 1, 4, 5].map((index) => ({ index, quantity: 1n })), 2), account('bob', [{ index: 4, quantity: -1n }])],
        smallMarket, /^account alice\/2 has 4 holdings, solvency-batch-n16-k3-s2 has 3 slots: .*; no circuit of circuits.json would do, add a wider one$/,
      ],
      [
        'an excess beyond W bits', () => [account('whale', [{ index: 0, quantity: 2n ** 64n - 1n }])],
        () => marketTable([{ id: 'USDC', kind: 'cash', mark: 2n ** 40n }]), /^account whale\/0: an excess needs more than 84 bits/,
      ],
    ];
    for (const [title, accounts, market, message] of refusals) {
      it(title, () => {
        assert.throws(() => plan(accounts(), market()), { code: 'PLAN', message });
      });
    }
  });

  it('takes an excess of exactly -2^83 and refuses one below', () => {
    const market = marketTable([{ id: 'USDC', kind: 'cash', mark: 2n ** 43n }]);
    assert.equal(plan([account('debtor', [{ index: 0, quantity: -(2n ** 40n) }])], market).batches.length, 1);
    assert.throws(() => plan([account('debtor', [{ index: 0, quantity: -(2n ** 40n) - 1n }])], market), { code: 'PLAN', message: /84 bits/ });
  });

  it('takes as many accounts as the tree holds', () => {
    assert.equal(plan(users(256)).batches.length, 16);
  });

  for (const [count, places] of [[1, 16], [16, 16], [17, 32], [40, 48]] as const) {
    it(`pads ${count} accounts to ${places} places, a blinding for each accumulator`, () => {
      const planned = plan(users(count));
      assert.deepEqual(planned.batches.map((batch) => batch.places.length), Array(places / 16).fill(16));
      assert.equal(planned.blindings.length, places / 16 + 1);
      assert.deepEqual(planned.partBlindings, []);
      const names = placesOf(planned).flatMap((place) => (place.kind === 'account' ? [place.userId] : []));
      assert.deepEqual(names.sort(), users(count).map(({ userId }) => userId).sort());
    });
  }

  it('keeps every account whole and gives one without an owner a random one', () => {
    const { snapshot, market } = testVenue(40);
    const owned = snapshot.accounts.map((each, place) => (place === 3 ? { ...each, owner: 77n } : each));
    const planned = planEpoch(poseidon, { accounts: owned }, market, shape, VENUE, 1);
    const found = new Map(placesOf(planned).flatMap((place) => (place.kind === 'account' ? [[`${place.userId}/${place.subAccount}`, place] as const] : [])));
    for (const each of owned) {
      const place = found.get(`${each.userId}/${each.subAccount}`);
      assert.deepEqual(place?.holdings, each.holdings);
      if (each.owner !== undefined) assert.equal(place?.owner, each.owner);
      else assert.ok(place !== undefined && place.owner > 2n ** 128n, 'an owner nobody can guess');
    }
  });

  it('shuffles: users stand in another order than in the snapshot, and in another at each plan', () => {
    const order = (): string => placesOf(plan(users(64))).map((place) => (place.kind === 'account' ? place.userId : '')).join();
    const orders = new Set([users(64).map(({ userId }) => userId).join(), order(), order(), order()]);
    assert.equal(orders.size, 4);
  });

  it('puts padding anywhere, not only at the end', () => {
    const last = Array.from({ length: 12 }, () => placesOf(plan(users(8))).slice(8).every(({ kind }) => kind === 'padding'));
    // By chance every run would have it at the end once in 12870^12.
    assert.ok(last.includes(false));
  });

  it('makes epochs unlinkable: two plans of one snapshot share no salt, blinding, padding key, owner or leaf [I20]', () => {
    const secretsOf = (epoch: number): bigint[] => {
      const planned = plan(users(30), smallMarket(), epoch);
      const leaves = leavesOf(planned);
      const keys = placesOf(planned).map((place) => keyOfPlace(poseidon, place));
      return [...leaves, ...keys, ...placesOf(planned).map(({ salt }) => salt), ...planned.blindings];
    };
    const all = [...secretsOf(1), ...secretsOf(1), ...secretsOf(2)];
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.every((value) => value >= 0n && value < FIELD_MODULUS));
  });

  it('makes padding look like accounts: no zero, no repeated and no short value among leaves [I18]', () => {
    const planned = plan(users(17));
    const committed = commitAccounts(poseidon, planned).flatMap((batch) => batch.accounts);
    const padding = committed.filter((_, place) => placesOf(planned)[place]?.kind === 'padding');
    assert.equal(padding.length, 15);
    assert.equal(new Set(committed.map(({ leaf }) => leaf)).size, 32);
    // A uniform element is below 2^200 once in 2^54.
    for (const { key, salt, leaf } of padding) assert.ok([key, salt, leaf].every((value) => value > 2n ** 200n));
  });

  it('knows the snapshot and table it was made from, and no other', () => {
    const accounts = users(3);
    const made = plan(accounts);
    const of = (others: readonly Account[], market: MarketTable = smallMarket()): boolean => isPlanOf(made, { accounts: others }, market);
    assert.ok(of(accounts));
    assert.ok(of([...accounts].reverse()));
    assert.ok(!of(accounts.slice(1)));
    assert.ok(!of(users(4)));
    assert.ok(!of([{ ...(accounts[0] as Account), holdings: [{ ...CASH, quantity: CASH.quantity + 1n }] }, ...accounts.slice(1)]));
    assert.ok(!of([{ ...(accounts[0] as Account), subAccount: 1 }, ...accounts.slice(1)]));
    assert.ok(!of([{ ...(accounts[0] as Account), owner: 5n }, ...accounts.slice(1)]));
    assert.ok(!of(accounts, { ...smallMarket(), snapshotTime: 1 }));
  });

  it('gives the same statements for the same plan, and others under another salt, order or blinding', () => {
    const planned = plan(users(20));
    const close = (changed: EpochPlan): unknown => epochStatements(poseidon, changed).closeSignals;
    assert.deepEqual(close(planned), close(structuredClone(planned)));
    const [first, ...others] = placesOf(planned);
    assert.ok(first !== undefined);
    const ordered = (places: readonly PlannedAccount[]): EpochPlan =>
      ({ ...planned, batches: planned.batches.map((batch, place) => ({ ...batch, places: places.slice(16 * place, 16 * place + 16) })) });
    assert.deepEqual(close(ordered([first, ...others])), close(planned));
    assert.notDeepEqual(close(ordered([{ ...first, salt: first.salt ^ 1n }, ...others])), close(planned));
    assert.notDeepEqual(close(ordered([...others, first])), close(planned));
    assert.notDeepEqual(close({ ...planned, blindings: planned.blindings.map((blinding) => blinding ^ 1n) }), close(planned));
  });
});
