import fc from 'fast-check';
import type { BatchShape } from '../../../src/commitment/epoch-chain.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { accountLeaf } from '../../../src/commitment/account-leaf.js';
import { evaluate } from '../../../src/margin/margin.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { isMatchedKind } from '../../../src/venue/instrument.js';
import type { Holding } from '../../../src/venue/account.js';
import type { CommittedAccount } from '../../../src/witness/epoch-transcript.js';
import { TEST_SHAPE, committedAccount } from '../../builders/epoch.js';
import { TIERED_ROWS } from '../../builders/tiered-market.js';

/** Every kind of row, longs and shorts, deposits and loans, healthy and unhealthy accounts, unused slots. All in the first batch but the last. */
export const EXAMPLE_HOLDINGS: readonly (readonly Holding[])[] = [
  [{ index: 0, quantity: 10n ** 12n }, { index: 2, quantity: 40n }, { index: 3, quantity: -5n }],
  [{ index: 1, quantity: 3n }, { index: 2, quantity: -40n }, { index: 3, quantity: 5n }],
  [{ index: 0, quantity: -7n }, { index: 5, quantity: 2n }],
  [{ index: 1, quantity: -2n }, { index: 4, quantity: 6n }, { index: 5, quantity: -1n }],
  [{ index: 0, quantity: 900n }, { index: 4, quantity: -6n }],
  ...Array.from({ length: 12 }, () => []),
  [{ index: 0, quantity: 500n }],
];

const { BTC, BTC2, BTC3, PERP, PERP2, ETH, ETH2, USDC, ENTRY, CALL, DUST } = TIERED_ROWS;

/** Holdings of `tieredMarket`, row-level: full and part-filled tiers, two tiers of one asset, long and short, an account without tiers. */
export const TIERED_HOLDINGS: readonly (readonly Holding[])[] = [
  [{ index: BTC, quantity: 100n }, { index: BTC2, quantity: 50n }, { index: USDC, quantity: 10n ** 7n }],
  [{ index: PERP, quantity: 40n }, { index: PERP2, quantity: 2n }, { index: ENTRY, quantity: -(10n ** 6n) }],
  [{ index: BTC3, quantity: -2n }, { index: PERP, quantity: -40n }, { index: USDC, quantity: 10n ** 6n }, { index: CALL, quantity: 2n }],
  [{ index: PERP, quantity: -2n }, { index: ETH, quantity: 10n }, { index: ENTRY, quantity: 10n ** 6n }],
  [{ index: ETH, quantity: -10n }, { index: ETH2, quantity: -20n }, { index: CALL, quantity: -2n }],
  [{ index: ETH2, quantity: 20n }, { index: USDC, quantity: -5n }],
  ...Array.from({ length: 12 }, () => []),
  [{ index: USDC, quantity: 500n }, { index: DUST, quantity: 3n }],
];

/** Committed accounts with their true excesses and headrooms, padded with empty ones to `count`. Place i has seed i. Holdings are row-level. */
export function accountsOf(poseidon: Poseidon, table: MarketTable, holdings: readonly (readonly Holding[])[], count: number, shape: BatchShape = TEST_SHAPE.batch): CommittedAccount[] {
  return Array.from({ length: count }, (_, place) => {
    const own = holdings[place] ?? [];
    return committedAccount(poseidon, BigInt(place), table, own, evaluate(table, own).excess, shape);
  });
}

/** An account with other slots, and other claims if given; its leaf is computed anew. */
export function withSlots(poseidon: Poseidon, account: CommittedAccount, slots: readonly Holding[], excess = account.excess): CommittedAccount {
  return { ...account, slots, excess, leaf: accountLeaf(poseidon, account.key, account.salt, slots) };
}

/** E_0..E_S of these slots; an index beyond the table is worth nothing. */
export function trueExcess(table: MarketTable, slots: readonly Holding[]): bigint[] {
  return [...evaluate(table, slots.filter(({ index, quantity }) => quantity !== 0n && index < table.rows.length)).excess];
}

/** Holdings of up to `count - 1` accounts and of a house account that matches every derivative and entry row of the others. */
export function matchedHoldings(table: MarketTable, count: number): fc.Arbitrary<Holding[][]> {
  const quantity = fc.oneof(fc.bigInt(-(10n ** 6n), 10n ** 6n), fc.bigInt(-(2n ** 36n), 2n ** 36n), fc.constantFrom(1n, -1n)).filter((value) => value !== 0n);
  const matched = table.rows.filter((row) => isMatchedKind(row.kind)).map((row) => row.index);
  const rows = fc.subarray(table.rows.map((row) => row.index), { maxLength: TEST_SHAPE.batch.K });
  const account = rows.chain((indices) => fc.tuple(...indices.map(() => quantity)).map((quantities) => indices.map((index, place) => ({ index, quantity: quantities[place] as bigint }))));
  return fc.array(account, { maxLength: count - 1 }).map((accounts) => [houseOf(accounts, matched), ...accounts]);
}

function houseOf(accounts: readonly (readonly Holding[])[], matched: readonly number[]): Holding[] {
  const held = accounts.flat();
  return matched
    .map((index) => ({ index, quantity: -held.filter((holding) => holding.index === index).reduce((sum, { quantity }) => sum + quantity, 0n) }))
    .filter(({ quantity }) => quantity !== 0n);
}
