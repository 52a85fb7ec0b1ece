import { absorb, hashList } from '../../../src/commitment/hash-list.js';
import { marketCommitment, marketHeader, rowsTree, scenarioDigest } from '../../../src/commitment/market-commitment.js';
import { committedRows } from '../../../src/commitment/table-digests.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { toField } from '../../../src/field/scalar-field.js';
import { settlementPoint, settlementValue } from '../../../src/statement/settlement-vector.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TEST_SHAPE, buildEpoch, type EpochInputs } from '../../builders/epoch.js';
import { marketTable } from '../../builders/market.js';
import { accountsOf, EXAMPLE_HOLDINGS, withSlots } from './accounts.js';
import { changedStates, closeRefuses, raised, replaced, rulesRefuse, worldOf, type Forgery, type World } from './forgery.js';

const GENESIS = closeRefuses('genesis.hash === genesisAccumulator');
const FINAL = closeRefuses('final.hash === finalAccumulator');
const MARKET = closeRefuses('market.commitment === marketCommitment');
const AFTER = { refusedBy: 1, at: { template: 'SolvencyBatch', statement: 'after.hash === accumulatorAfter' } } as const;

const honest = ({ poseidon, table, accounts }: World): EpochInputs => buildEpoch(poseidon, table, accounts);

function withClose(epoch: EpochInputs, change: CircuitInput): EpochInputs {
  return { ...epoch, close: { ...epoch.close, ...change } };
}

/** Settlement words other than those of the book, with point and value that fit them. */
function otherWords(world: World, change: (words: readonly bigint[]) => bigint[]): EpochInputs {
  const epoch = honest(world);
  const words = change(epoch.words);
  const z = settlementPoint({ base: epoch.base, ...epoch.closeSignals }, words);
  return { ...withClose(epoch, { z, settlementValue: settlementValue(words, z) }), words };
}

/** A table whose row 5 is worth a thousand times as much, and accounts whose claims follow it. */
function changedRow(world: World): EpochInputs {
  const changed = { ...world.table, rows: replaced(world.table.rows, 5, (row) => ({ ...row, mark: 1000n * row.mark })) };
  const accounts = accountsOf(world.poseidon, changed, EXAMPLE_HOLDINGS, 32);
  return buildEpoch(world.poseidon, world.table, accounts, { tableInClose: () => changed });
}

function holdingIn(world: World, index: number, quantity: bigint, book?: { readonly net: bigint; readonly gross: bigint }): EpochInputs {
  const { poseidon, table } = world;
  const slots = [{ index, quantity }, { index: index + 1, quantity: 0n }, { index: index + 2, quantity: 0n }];
  const row = table.rows[index];
  const first = row === undefined ? 0n : quantity * (row.mark - row.longCharge);
  const excess = [first, ...table.scenarios.map((_, scenario) => first + quantity * (row?.pnl[scenario] ?? 0n))];
  const accounts = replaced(world.accounts, 20, (account) => withSlots(poseidon, account, slots, excess));
  return buildEpoch(poseidon, table, accounts, book === undefined ? {} : { book: (rows) => replaced(rows, index, () => book) });
}

/** Nobody holds row 4, and its place in the registered table is empty though row 5 is listed. */
function tableWithHole(poseidon: World['poseidon']): EpochInputs {
  const world = worldOf(poseidon);
  const holdings = EXAMPLE_HOLDINGS.map((own) => own.filter(({ index }) => index !== 4));
  const header = marketHeader(world.table);
  const rows = committedRows(world.table, TEST_SHAPE.U).map((row) => (row.class === HOLE ? { ...row, class: 0n } : row));
  const digest = absorb(poseidon, tagOf('rows', 2), rows.flatMap((row) => [row.class, row.mark, row.longCharge, row.shortCharge, ...row.pnl.map(toField)]));
  const commitment = hashList(poseidon, tagOf('market'), [
    header.level, header.snapshotTime, header.valueScale, header.scenarios, header.listedRows - 1n, header.tieredRows, header.instrumentList,
    header.parameterSet, scenarioDigest(poseidon, world.table), digest, rowsTree(poseidon, world.table.rows).root,
  ]);
  const epoch = buildEpoch(poseidon, world.table, accountsOf(poseidon, world.table, holdings, 32), { marketCommitment: () => commitment });
  return withClose(epoch, { class: replaced(epoch.close.class as bigint[], 4, () => 0n) });
}

/** Class of row 4, the only option. */
const HOLE = 6n;

/** Row 6 is not listed; the venue claims that 5 of it are worth a billion each. */
function inventedRow(world: World, hidden: boolean): EpochInputs {
  const value = 5n * 10n ** 9n;
  const slots = [{ index: 0, quantity: 0n }, { index: 1, quantity: 0n }, { index: 6, quantity: 5n }];
  const accounts = replaced(world.accounts, 20, (account) => withSlots(world.poseidon, account, slots, [value, value, value]));
  return buildEpoch(world.poseidon, world.table, accounts, hidden ? { book: (rows) => replaced(rows, 6, () => ({ net: 0n, gross: 0n })) } : {});
}

/** All 16 rows are listed, the last one is a perpetual. */
function unmatchedInLastRow(poseidon: World['poseidon']): EpochInputs {
  const last = TEST_SHAPE.U - 1;
  const table = marketTable(Array.from({ length: TEST_SHAPE.U }, (_, row) => ({ id: `ROW${row}`, kind: row === last ? 'perpetual' as const : 'spot' as const, mark: 10n })));
  return buildEpoch(poseidon, table, accountsOf(poseidon, table, [[{ index: last, quantity: 5n }]], 32));
}

/** Power 0 at the start: alpha^i is 0 for every account, so G, G', XG, XG' and XD are 0 whatever anyone claims. */
function weightless({ poseidon, table, accounts }: World): EpochInputs {
  return buildEpoch(poseidon, table, raised(accounts, 2, 10n ** 9n), {
    weightedBook: (book) => book.map(() => ({ net: 0n, gross: 0n, tiers: 0n })),
    states: (states) => changedStates(states, 0, (state) => ({ ...state, power: 0n, sums: { ...state.sums, weightedNet: 0n, weightedGross: 0n, excess: 0n } })),
  });
}

function initialLevel(poseidon: World['poseidon']): EpochInputs {
  const table: MarketTable = { ...worldOf(poseidon).table, level: 'initial' };
  return honest(worldOf(poseidon, table));
}

/** Batch 1 continues from a state with less shortfall than its public accumulator holds. */
function otherStateBefore({ poseidon, table, accounts }: World): EpochInputs {
  const epoch = buildEpoch(poseidon, table, accounts, { states: (states) => changedStates(states, 2, (state) => ({ ...state, shortfall: state.shortfall - 5n })) });
  return { ...epoch, batches: replaced(epoch.batches, 1, (batch) => ({ ...batch, shortfallBefore: (batch.shortfallBefore as bigint) - 5n })) };
}

/** Lies about the state between batches, the table, the book's shape and the published figures. */
export const FORGERIES_OF_STATEMENTS: readonly Forgery[] = [
  {
    name: 'the first accumulator starts with a negative shortfall',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, accounts, { states: (states) => changedStates(states, 0, (state) => ({ ...state, shortfall: toField(state.shortfall - 7n) })) }),
    ...GENESIS, checks: ['genesis'],
  },
  {
    name: 'the first accumulator starts with fewer unhealthy accounts than none',
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, accounts, { states: (states) => changedStates(states, 0, (state) => ({ ...state, unhealthy: toField(state.unhealthy - 1n) })) }),
    ...GENESIS, checks: ['genesis'],
  },
  { name: 'the first accumulator starts with power 0, so that no account has weight', make: weightless, ...GENESIS, checks: ['genesis'] },
  { name: 'a row of the table changes after the challenge', make: changedRow, ...MARKET, checks: ['market'] },
  {
    name: 'a row of the table changes after the challenge, in the published commitment too',
    make: (world) => {
      const changed = { ...world.table, rows: replaced(world.table.rows, 5, (row) => ({ ...row, mark: 1000n * row.mark })) };
      return withClose(changedRow(world), { marketCommitment: marketCommitment(world.poseidon, changed) });
    },
    ...GENESIS,
  },
  { name: 'the close publishes less shortfall', make: (world) => withClose(honest(world), { shortfall: 0n }), ...FINAL, checks: ['final'] },
  { name: 'the close publishes fewer unhealthy accounts', make: (world) => withClose(honest(world), { unhealthyBound: 0n }), ...FINAL, checks: ['final'] },
  { name: 'the close publishes fewer accounts', make: (world) => withClose(honest(world), { accountsBound: 16n }), ...FINAL, checks: ['final'] },
  { name: 'the close publishes another accounts root', make: (world) => withClose(honest(world), { accountsRoot: 1n }), ...FINAL, checks: ['final'] },
  ...(['shortfall', 'unhealthy', 'positions'] as const).map((figure): Forgery => ({
    name: `a batch adds less to its ${figure} than its accounts do`,
    make: ({ poseidon, table, accounts }) => buildEpoch(poseidon, table, accounts, { states: (states) => changedStates(states, 2, (state) => ({ ...state, [figure]: state[figure] - 1n })) }),
    ...AFTER, checks: ['after'],
  })),
  ...([['root', 'its leaves stand elsewhere in the tree'], ['chain', 'its claims are not those of its leaves']] as const).map(([part, meaning]): Forgery => ({
    name: `a batch hands on another ${part}: ${meaning}`,
    make: ({ poseidon, table, accounts }) => {
      const other = buildEpoch(poseidon, table, replaced(accounts, 17, (account) => withSlots(poseidon, account, (accounts[18] as typeof account).slots))).states;
      return buildEpoch(poseidon, table, accounts, { states: (states) => changedStates(states, 2, (state) => ({ ...state, [part]: other.states[2]?.[part] ?? 0n })) });
    },
    ...AFTER,
  })),
  { name: 'a batch starts from a state that is not its accumulator before', make: otherStateBefore, refusedBy: 1, at: { template: 'SolvencyBatch', statement: 'before.hash === accumulatorBefore' }, checks: ['before'] },
  {
    name: 'a batch uses other challenges than the one before',
    make: (world) => {
      const epoch = honest(world);
      return { ...epoch, batches: replaced(epoch.batches, 1, (batch) => ({ ...batch, beta: 5n })) };
    },
    refusedBy: 1, at: { template: 'SolvencyBatch', statement: 'before.hash === accumulatorBefore' },
  },
  { name: 'a perpetual is held long without a short', make: (world) => holdingIn(world, 3, 5n), ...rulesRefuse('(1 - row[k].continues) * unmatched[k] === 0'), checks: ['matched'] },
  { name: 'an entry is credited to nobody\'s debit', make: (world) => holdingIn(world, 2, 10n ** 9n), ...rulesRefuse('(1 - row[k].continues) * unmatched[k] === 0'), checks: ['matched'] },
  { name: 'a perpetual in the last row there can be is held long without a short', make: ({ poseidon }) => unmatchedInLastRow(poseidon), ...closeRefuses('rules[6] === 0'), checks: ['matchedLast'] },
  { name: 'an unmatched perpetual is called matched in the book', make: (world) => holdingIn(world, 3, 5n, { net: 0n, gross: 15n }), ...closeRefuses('accumulated[2] === sums[2]'), checks: ['XB'] },
  { name: 'the published loans are lower than the book\'s', make: (world) => otherWords(world, (words) => replaced(words, 1, () => 0n)), ...closeRefuses('vectorValue === zSquare * settlementValue'), checks: ['settlement'] },
  { name: 'deposits and loans are both published lower', make: (world) => otherWords(world, (words) => replaced(replaced(words, 2, (word) => word - 1n), 3, (word) => word - 1n)), ...closeRefuses('vectorValue === zSquare * settlementValue'), checks: ['settlement'] },
  { name: 'deposits and loans are both published higher', make: (world) => otherWords(world, (words) => replaced(replaced(words, 0, (word) => word + 9n), 1, (word) => word + 9n)), ...closeRefuses('vectorValue === zSquare * settlementValue'), checks: ['settlement'] },
  { name: 'deposits of one asset are published as another\'s', make: (world) => otherWords(world, ([a = 0n, b = 0n, ...others]) => [...others, a, b]), ...closeRefuses('vectorValue === zSquare * settlementValue'), checks: ['settlement'] },
  { name: 'the table is the one of initial margin', make: ({ poseidon }) => initialLevel(poseidon), ...MARKET, checks: ['level'] },
  { name: 'a row that is not listed is held, worth nothing', make: (world) => holdingIn(world, 6, 5n), ...rulesRefuse('(1 - listed[k]) * gross[k] === 0'), checks: ['unlisted'] },
  { name: 'a row that is not listed is held at an invented mark', make: (world) => inventedRow(world, false), ...rulesRefuse('(1 - listed[k]) * gross[k] === 0') },
  { name: 'a row that is not listed is held and left out of the book', make: (world) => inventedRow(world, true), ...closeRefuses('accumulated[2] === sums[2]') },
  { name: 'a row is listed after one that is not', make: ({ poseidon }) => tableWithHole(poseidon), ...rulesRefuse('listed[k] * (1 - lastListed) === 0'), checks: ['listedFirst'] },
  { name: 'a row has a kind that does not exist', make: (world) => withClose(honest(world), { class: replaced(honest(world).close.class as bigint[], 5, () => 7n) }), refusedBy: 'close', at: { template: 'RowClass', statement: 'three * bits.out[2] === 0', below: { template: 'TableRules', statement: 'row[k].class <== class[k]' } } },
  { name: 'the close is of another epoch', make: (world) => withClose(honest(world), { epoch: 2n }), ...GENESIS, checks: ['genesis'] },
  { name: 'the close is of another chain, registry or venue', make: (world) => withClose(honest(world), { domain: (honest(world).closeSignals.domain + 1n) }), ...GENESIS, checks: ['genesis'] },
  {
    name: 'the final accumulator is that of another epoch',
    make: ({ poseidon, table, accounts }) => withClose(buildEpoch(poseidon, table, accounts), { finalAccumulator: buildEpoch(poseidon, table, accounts, {}, 2n).closeSignals.finalAccumulator }),
    ...FINAL, checks: ['final'],
  },
  {
    name: 'the book has a row more for the challenges than for the identities',
    make: (world) => withClose(honest(world), { net: replaced(honest(world).close.net as bigint[], TEST_SHAPE.U - 1, () => 1n) }),
    ...GENESIS,
  },
];
