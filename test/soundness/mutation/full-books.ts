import { addInField, invertInField, multiplyInField, subtractInField } from '../../../src/field/scalar-field.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { isMatchedKind, type InstrumentKind } from '../../../src/venue/instrument.js';
import type { Holding } from '../../../src/venue/account.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { TEST_SHAPE, TIERED_SHAPE, buildEpoch, buildParts, type EpochInputs, type PartInputs } from '../../builders/epoch.js';
import { marketTable } from '../../builders/market.js';
import { tieredMarket, TIERED_ROWS } from '../../builders/tiered-market.js';
import { accountsOf, withSlots, trueExcess } from '../../circuits/support/accounts.js';
import { changedStates, epochOf, replaced, tieredWorldOf, type World } from '../../circuits/support/forgery.js';
import { STUB_HASH } from './stub-hash.js';

/** Kinds in turn, so that every page of 16 has settlement assets and matched pairs and ends with an asset. */
const KINDS: readonly InstrumentKind[] = ['spot', 'perpetual', 'cash', 'option', 'spot', 'entry', 'future', 'spot'];

/** A table without a free row; with caps, all of it is the tiered region and unused slots stand beyond the last row. */
function fullTable(rows: number, capped: boolean): MarketTable {
  return marketTable(Array.from({ length: rows }, (_, row) => ({
    id: `ROW${row}`, kind: KINDS[row % KINDS.length] as InstrumentKind, mark: 1000n + BigInt(row * row), longCharge: 10n + BigInt(row), shortCharge: 20n + BigInt(3 * row),
    pnl: [-100n - BigInt(row), 200n + BigInt(7 * row)], ...(capped ? { cap: 50n + BigInt(row) } : {}),
  })));
}

/** Two accounts a row: k + 1 of it long and as much short, or 1 short where it need not match. */
function pairs(rows: number): Holding[][] {
  return Array.from({ length: rows }, (_, index) => {
    const short = isMatchedKind(KINDS[index % KINDS.length] as InstrumentKind) ? BigInt(index + 1) : 1n;
    return [[{ index, quantity: BigInt(index + 1) }], [{ index, quantity: -short }]];
  }).flat();
}

/** Every row of 16 held, without tiers. */
export function fullEpoch(): EpochInputs {
  const table = fullTable(TEST_SHAPE.U, false);
  return buildEpoch(STUB_HASH, table, accountsOf(STUB_HASH, table, pairs(TEST_SHAPE.U), 32));
}

/** Every row held and capped. With 32 rows every account has unused slots beyond the last row; 16 and 17 end at and after a page. */
export function fullTieredEpoch(rows: number, closedBy?: string): EpochInputs {
  const table = fullTable(rows, true);
  const accounts = accountsOf(STUB_HASH, table, pairs(rows), 64, TIERED_SHAPE.batch);
  return buildEpoch(STUB_HASH, table, accounts, closedBy === undefined ? {} : { closedBy }, 1n, TIERED_SHAPE);
}

export function fullParts(): PartInputs {
  return buildParts(STUB_HASH, fullTieredEpoch(TIERED_SHAPE.U, TIERED_SHAPE.parts.endCircuit));
}

/** The book has a row that is not listed, worth nothing in either direction, and the final sums are made to fit: only the rule for such rows says no. */
export function unlistedRowInBook(world: World, closedBy?: string): EpochInputs {
  const row = world.shape.U - 1;
  return epochOf(world, world.accounts, {
    ...(closedBy === undefined ? {} : { closedBy }),
    book: (book) => replaced(book, row, (entry) => ({ ...entry, gross: entry.gross + 2n })),
    states: (states) => changedStates(states, world.accounts.length / world.shape.batch.N, (state) => {
      const share = multiplyInField(2n, invertInField(subtractInField(states.challenges.beta, BigInt(row))));
      return { ...state, sums: { ...state.sums, gross: addInField(state.sums.gross, share) } };
    }),
  });
}

/** Only the last row of the tiered region stands in the first slot that no cap is looked at, right below what is allowed there. */
export function tieredRowOutside(): { readonly name: string; readonly input: CircuitInput } {
  const world: World = tieredWorldOf(STUB_HASH);
  const { BTC, BTC2, ETH2 } = TIERED_ROWS;
  const slots = [{ index: BTC, quantity: 0n }, { index: BTC2, quantity: 0n }, { index: ETH2, quantity: 0n }, { index: ETH2 + 1, quantity: 0n }, { index: ETH2 + 2, quantity: 0n }];
  const caps = [BTC, BTC2].map((row) => tieredMarket().rows[row]?.cap ?? 0n);
  const accounts = replaced(world.accounts, 20, (account) => ({ ...withSlots(STUB_HASH, account, slots, trueExcess(world.table, slots)), headrooms: caps }));
  return { name: 'the last tiered row stands in the first slot without a cap', input: epochOf(world, accounts).batches[1] as CircuitInput };
}
