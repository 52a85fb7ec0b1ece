import { baseOf } from '../../../src/commitment/identity.js';
import { hashList } from '../../../src/commitment/hash-list.js';
import { MerkleTree16 } from '../../../src/commitment/merkle-tree-16.js';
import { ROWS_DEPTH, instrumentDigest, marketHeader, rowsTree, scenarioDigest } from '../../../src/commitment/market-commitment.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { rowsDigest } from '../../../src/commitment/table-digests.js';
import { tagOf } from '../../../src/commitment/tags.js';
import { addInField, multiplyInField, subtractInField, toField } from '../../../src/field/scalar-field.js';
import type { MarketRow, MarketTable } from '../../../src/risk/market-table.js';
import { packRates } from '../../../src/risk/row-terms.js';
import { valueAt } from '../../../src/statement/public-vector.js';
import { tablePoint, tableVector } from '../../../src/statement/table-vector.js';
import { kindCode } from '../../../src/venue/instrument.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { PLAIN_TABLE, TIERED_TABLE, tableInput } from '../../builders/market-table.js';
import { TEST_VENUE } from '../../builders/epoch.js';
import { termedMarket, termedTieredMarket, termedTable, termsOf, TERMED_MOVES } from '../../builders/termed-market.js';
import { replaced } from './forgery.js';
import type { ExpectedRefusal } from './refusal.js';

/** Checks that broken-tables.test.ts can switch off one at a time in a copy of the circuit. */
export const TABLE_CHECKS = [
  'level', 'assets', 'market', 'vector', 'nothing', 'base', 'exact', 'ceiling', 'pnl', 'optionLeast', 'optionMost', 'optionAfter', 'optionRange',
  'strike', 'volatility', 'rise', 'alike', 'untieredOption', 'unlistedCap',
] as const;
export type TableCheck = (typeof TABLE_CHECKS)[number];

/** One lie about a table, made as consistent as the venue can, and the only place that refuses it. */
export interface TableForgery {
  readonly name: string;
  readonly of: typeof PLAIN_TABLE | typeof TIERED_TABLE;
  readonly make: (poseidon: Poseidon) => CircuitInput;
  readonly at: ExpectedRefusal;
  /** With this check switched off the lie is accepted. */
  readonly check?: TableCheck;
}

const TOO_WIDE = { template: 'Num2Bits', statement: 'lc1 === in' } as const;
const inTable = (statement: string): ExpectedRefusal => ({ template: 'MarketTable', statement });
const inRow = (at: Pick<ExpectedRefusal, 'template' | 'statement'>, template: string, statement: string): ExpectedRefusal => ({ ...at, below: { template, statement } });
/** Words of a row in the vector, in order. */
const ROW_WORDS = ['instrument', 'listedClass', 'activationEpoch', 'price', 'volatility', 'multiplier', 'rates', 'strike'] as const;
const [BTC, PERP, CALL, PUT] = [1, 3, 4, 5] as const;
const [BTC_1, BTC_2, BTC_3, LAST] = [0, 1, 2, 8] as const;

/** What the board holds stays; the venue commits to `forged` and proves that. */
function against(poseidon: Poseidon, forged: MarketTable, honest: MarketTable, of: TableForgery['of']): CircuitInput {
  return onVector(poseidon, tableInput(poseidon, forged, of), tableVector(honest));
}

/** z and value as the board makes them of its own words and the commitment it is shown. */
function onVector(poseidon: Poseidon, input: CircuitInput, vector: readonly bigint[]): CircuitInput {
  const marketCommitment = input.marketCommitment as bigint;
  const z = tablePoint({ base: baseOf(poseidon, TEST_VENUE), marketCommitment, snapshotTime: input.snapshotTime as bigint }, vector);
  return { ...input, z, tableValue: valueAt(z, vector) };
}

/** The commitment over a digest of some rows and a tree of others. */
function mixedCommitment(poseidon: Poseidon, inDigest: MarketTable, inTree: MarketTable): bigint {
  return namedBy(poseidon, inDigest, rowsTree(poseidon, inTree.rows).root);
}

function namedBy(poseidon: Poseidon, inDigest: MarketTable, rowsRoot: bigint): bigint {
  const header = marketHeader(inDigest);
  return hashList(poseidon, tagOf('market'), [
    header.level, header.snapshotTime, header.valueScale, header.scenarios, header.listedRows, header.tieredRows, header.instrumentList, header.parameterSet,
    scenarioDigest(poseidon, inDigest), rowsDigest(poseidon, inDigest), rowsRoot,
  ]);
}

function withRow(table: MarketTable, index: number, change: (row: MarketRow) => Partial<MarketRow>): MarketTable {
  return { ...table, rows: replaced(table.rows, index, (row) => ({ ...row, ...change(row) })) };
}

function withColumn(input: CircuitInput, name: string, row: number, value: bigint): CircuitInput {
  return { ...input, [name]: replaced(input[name] as bigint[], row, () => value) };
}

/** A vector with another word of a row; rows up to it are zeros where the vector has none. */
function withWord(vector: readonly bigint[], row: number, word: string, value: bigint): readonly bigint[] {
  const place = 1 + 2 * TERMED_MOVES.length + ROW_WORDS.length * row + (ROW_WORDS as readonly string[]).indexOf(word);
  const end = 1 + 2 * TERMED_MOVES.length + ROW_WORDS.length * (row + 1);
  return Array.from({ length: Math.max(vector.length, end) }, (_, at) => (at === place ? value : (vector[at] ?? 0n)));
}

/** A table of other values, committed to and proven under the board's own vector. */
const valued = (index: number, change: (row: MarketRow) => Partial<MarketRow>, edit: (input: CircuitInput) => CircuitInput = (input) => input) =>
  (poseidon: Poseidon): CircuitInput => edit(tableInput(poseidon, withRow(termedMarket(), index, change), PLAIN_TABLE));

/** The honest plain table, its rows made anew with one price, one rate or one move changed: consistent but for the board's words. */
const remade = (poseidon: Poseidon, change: (row: MarketRow) => Partial<MarketRow>, index: number): CircuitInput => {
  const honest = termedMarket();
  const sketches = withRow(honest, index, change).rows.map((row) => ({
    id: row.id, kind: row.kind, price: row.oraclePrice, terms: row.terms ?? termsOf(0n, 0n, 0n),
    ...(row.volatility === undefined ? {} : { option: { mark: row.mark, pnl: row.pnl, volatility: row.volatility } }),
  }));
  return against(poseidon, { ...termedTable(sketches, 'maintenance') }, honest, PLAIN_TABLE);
};

const charged = (field: 'longCharge' | 'shortCharge'): ExpectedRefusal => inRow(TOO_WIDE, 'RowValues', field === 'longCharge' ? 'charge[0].quotient <== longCharge' : 'charge[1].quotient <== shortCharge');

/** A lie to the plain circuit unless it says so. */
type Told = Omit<TableForgery, 'of'> & Partial<Pick<TableForgery, 'of'>>;
const told = (forgeries: readonly Told[]): TableForgery[] => forgeries.map((forgery) => ({ of: PLAIN_TABLE, ...forgery }));
/** Lies that one constraint refuses. */
const refusedAt = (statement: string, check: TableCheck, forgeries: readonly Omit<Told, 'at' | 'check'>[]): TableForgery[] =>
  told(forgeries.map((forgery) => ({ ...forgery, at: inTable(statement), check })));

const OF_VECTOR = refusedAt('vector.value === tableValue', 'vector', [
  { name: 'a price is twice that of the board, and all values follow from it', make: (poseidon) => remade(poseidon, ({ oraclePrice }) => ({ oraclePrice: 2n * oraclePrice }), PERP) },
  { name: 'a rate is lower than the word of the board says', make: (poseidon) => remade(poseidon, () => ({ terms: termsOf(12_499n, 12_500n, 150_000n, { basisRate: 5_000n }) }), PERP) },
  { name: 'a multiplier is half that of the board', make: (poseidon) => remade(poseidon, () => ({ terms: termsOf(50_000n, 100_000n, 150_000n, { multiplier: 5n * 10n ** 15n }) }), BTC) },
  { name: 'an option has another volatility', make: (poseidon) => remade(poseidon, () => ({ volatility: 1n }), CALL) },
  {
    name: 'scenarios move by less than the parameter set says',
    make: (poseidon) => {
      const { rows } = termedMarket();
      const moves = TERMED_MOVES.map(({ price, basis }) => ({ price: price / 2, basis }));
      const sketches = rows.map((row) => ({
        id: row.id, kind: row.kind, price: row.oraclePrice, terms: row.terms ?? termsOf(0n, 0n, 0n),
        ...(row.volatility === undefined ? {} : { option: { mark: row.mark, pnl: row.pnl, volatility: row.volatility } }),
      }));
      return against(poseidon, termedTable(sketches, 'maintenance', moves), termedMarket(), PLAIN_TABLE);
    },
  },
  { name: 'a row of the board is left out', make: (poseidon) => against(poseidon, { ...termedMarket(), rows: termedMarket().rows.slice(0, -1) }, termedMarket(), PLAIN_TABLE) },
  {
    name: 'two rows stand in each other\'s place',
    make: (poseidon) => {
      const { rows, ...rest } = termedMarket();
      const swapped = rows.map((row, index) => ({ ...(rows[index === CALL ? PUT : index === PUT ? CALL : index] as MarketRow), index, group: row.group }));
      return against(poseidon, { ...rest, rows: swapped }, termedMarket(), PLAIN_TABLE);
    },
  },
  { name: 'a row is of another instrument', make: (poseidon) => against(poseidon, withRow(termedMarket(), PERP, () => ({ id: 'DOGE-PERP' })), termedMarket(), PLAIN_TABLE) },
  {
    name: 'spot and perpetual change places',
    make: (poseidon) => {
      const kinds = { [BTC]: 'perpetual', [PERP]: 'spot' } as const;
      const { rows, ...rest } = termedMarket();
      return calledOtherwise(poseidon, { ...rest, rows: rows.map((row, index) => (index === BTC || index === PERP ? { ...row, kind: kinds[index] } : row)) }, termedMarket(), PLAIN_TABLE);
    },
  },
  { name: 'a spot row is called cash', make: (poseidon) => calledOtherwise(poseidon, withRow(termedMarket(), BTC, () => ({ kind: 'cash' })), termedMarket(), PLAIN_TABLE) },
  { name: 'a row has another activation epoch', make: (poseidon) => calledOtherwise(poseidon, withRow(termedMarket(), PERP, () => ({ activationEpoch: 7 })), termedMarket(), PLAIN_TABLE) },
  { name: 'a cap is twice the listed one', of: TIERED_TABLE, make: (poseidon) => calledOtherwise(poseidon, withRow(termedTieredMarket(), BTC_1, ({ cap }) => ({ cap: 2n * cap })), termedTieredMarket(), TIERED_TABLE) },
  {
    name: 'a further tier is called an instrument of its own', of: TIERED_TABLE,
    make: (poseidon) => calledOtherwise(poseidon, asOwn(termedTieredMarket(), BTC_2), termedTieredMarket(), TIERED_TABLE),
  },
  {
    name: 'an instrument of its own is called a further tier', of: TIERED_TABLE,
    make: (poseidon) => calledOtherwise(poseidon, termedTieredMarket(), asOwn(termedTieredMarket(), BTC_3), TIERED_TABLE),
  },
]);

/** The table with this row the first of a group. */
function asOwn({ rows, ...rest }: MarketTable, place: number): MarketTable {
  return { ...rest, rows: rows.map((row, index) => ({ ...row, group: index < place ? row.group : row.group + 1, ...(index === place ? { predecessor: 0 } : {}) })) };
}

/** Rows that are something else than the board lists, under the digests of the listed ones: no circuit opens SHA-256. */
function calledOtherwise(poseidon: Poseidon, forged: MarketTable, listed: MarketTable, of: TableForgery['of']): CircuitInput {
  const digests = listed.rows.map(instrumentDigest);
  const leaves = forged.rows.map((row, index) => {
    const { terms, volatility = 0n } = row;
    if (terms === undefined) throw new Error(`row ${row.id} has no terms`);
    const detail = hashList(poseidon, tagOf('rowDetail'), [
      BigInt(row.group), BigInt(row.predecessor), digests[index] as bigint, row.cap, BigInt(row.activationEpoch), row.oraclePrice, volatility, terms.multiplier, packRates(terms), terms.strike,
    ]);
    return hashList(poseidon, tagOf('row', row.pnl.length), [detail, BigInt(kindCode(row.kind)), toField(row.mark), row.longCharge, row.shortCharge, ...row.pnl.map(toField)]);
  });
  const marketCommitment = namedBy(poseidon, forged, MerkleTree16.ofLeaves(poseidon, ROWS_DEPTH, leaves).root);
  const input = tableInput(poseidon, forged, of);
  return onVector(poseidon, { ...input, marketCommitment, instrument: (input.instrument as bigint[]).map((digest, index) => digests[index] ?? digest) }, tableVector(listed));
}

const OF_COMMITMENT = refusedAt('market.commitment === marketCommitment', 'market', [
  {
    name: 'identities of two rows are solved for after z, so that the vector\'s value holds',
    make: (poseidon) => {
      const input = tableInput(poseidon, termedMarket(), PLAIN_TABLE);
      const [first, second] = input.instrument as [bigint, bigint];
      let step = 1n;
      for (let element = 0; element < ROW_WORDS.length; element += 1) step = multiplyInField(step, input.z as bigint);
      return { ...input, instrument: replaced(replaced(input.instrument as bigint[], 0, () => addInField(first, step)), 1, () => subtractInField(second, 1n)) };
    },
  },
  {
    name: 'the activation epoch of a row is another one than committed',
    make: (poseidon) => onVector(poseidon, withColumn(tableInput(poseidon, termedMarket(), PLAIN_TABLE), 'activationEpoch', BTC, 1n), withWord(tableVector(termedMarket()), BTC, 'activationEpoch', 1n)),
  },
  { name: 'the digest holds another mark of an option than the tree', make: (poseidon) => mixed(poseidon, termedMarket(), bentCall()) },
  { name: 'the tree holds another mark of an option than the digest', make: (poseidon) => mixed(poseidon, bentCall(), termedMarket()) },
  { name: 'the table is named with another snapshot time', make: (poseidon) => ({ ...tableInput(poseidon, termedMarket(), PLAIN_TABLE), snapshotTime: 1n }) },
  { name: 'the table is named with another scale', make: (poseidon) => ({ ...tableInput(poseidon, termedMarket(), PLAIN_TABLE), valueScale: 6n }) },
]);

function bentCall(): MarketTable {
  return withRow(termedMarket(), CALL, (row) => ({ pnl: replaced(row.pnl, 0, (one) => one + 1n) }));
}

/** Proven with the rows of the tree, committed to with the digest of others. */
function mixed(poseidon: Poseidon, inDigest: MarketTable, inTree: MarketTable): CircuitInput {
  const input = { ...tableInput(poseidon, inTree, PLAIN_TABLE), marketCommitment: mixedCommitment(poseidon, inDigest, inTree) };
  return onVector(poseidon, input, tableVector(termedMarket()));
}

const OF_VALUES = told([
  { name: 'a mark is one value unit higher than its price', make: valued(PERP, ({ mark }) => ({ mark: mark + 1n }), (input) => withColumn(input, 'base', PERP, (input.mark as bigint[])[PERP] as bigint)), at: inRow(TOO_WIDE, 'RowValues', 'baseValue.quotient <== floored'), check: 'base'  },
  { name: 'a long charge is one value unit lower', make: valued(BTC, ({ longCharge }) => ({ longCharge: longCharge - 1n })), at: charged('longCharge'), check: 'ceiling'  },
  { name: 'a short charge is one value unit lower', make: valued(PERP, ({ shortCharge }) => ({ shortCharge: shortCharge - 1n })), at: charged('shortCharge'), check: 'ceiling'  },
  { name: 'a maintenance table charges what the initial level says', make: valued(BTC, () => ({ longCharge: (termedMarket('initial').rows[BTC] as MarketRow).longCharge })), at: charged('longCharge'), check: 'ceiling'  },
  {
    name: 'an initial table charges what the maintenance level says',
    make: (poseidon: Poseidon) => tableInput(poseidon, withRow(termedMarket('initial'), BTC, () => ({ shortCharge: (termedMarket().rows[BTC] as MarketRow).shortCharge })), PLAIN_TABLE),
    at: charged('shortCharge'), check: 'ceiling',
  },
  {
    name: 'a scan range is scanned one sixtieth too little', at: inRow(TOO_WIDE, 'RowValues', 'unit[0].quotient <== scanUnit'), check: 'ceiling',
    make: valued(PERP, ({ pnl }) => ({ pnl: [(pnl[0] as bigint) + 60n, (pnl[1] as bigint) - 60n] }), (input) => withColumn(input, 'scanUnit', PERP, ((input.scanUnit as bigint[])[PERP] as bigint) - 1n)),
  },
  { name: 'a scenario loses one value unit less than its moves', make: valued(PERP, ({ pnl }) => ({ pnl: replaced(pnl, 0, (one) => one + 1n) })), at: { template: 'RowValues', statement: '(1 - option) * (pnl[s] - scanPart[s] - basisPart[s]) === 0' }, check: 'pnl'  },
  {
    name: 'an exact row hides the remainder of its price', at: { template: 'RowValues', statement: 'exactRow * baseValue.remainder === 0' }, check: 'exact',
    make: (poseidon: Poseidon) => tableInput(poseidon, termedTable([{ id: 'USDC', kind: 'cash', price: 100_000_001n, terms: termsOf(0n, 20_000n, 0n, { exact: true }) }], 'maintenance'), PLAIN_TABLE),
  },
  {
    name: 'an option has no volatility, as a perpetual has none that is passed off as one to choose its P&L', at: { template: 'Inverse', statement: 'out * in === 1' }, check: 'volatility',
    make: valued(PERP, () => ({ kind: 'option', pnl: [0n, 0n] })),
  },
  ...([['strike', 1n], ['volatility', 1n]] as const).map(([field, value]): Told => ({
    name: `a perpetual has a ${field}`, at: { template: 'TableRow', statement: `(1 - option) * ${field}[0] === 0` }, check: 'strike',
    make: (poseidon: Poseidon) => {
      const table = withRow(termedMarket(), PERP, ({ terms }) => (field === 'volatility' ? { volatility: value } : { terms: { ...(terms as NonNullable<typeof terms>), strike: value } }));
      return tableInput(poseidon, table, PLAIN_TABLE);
    },
  })),
]);

const bounds = (statement: string): ExpectedRefusal => inRow(TOO_WIDE, 'OptionBounds', statement);
/** An option at this mark, charged for it. */
const optionAt = (index: number, mark: bigint, pnl: readonly bigint[] = [0n, 0n]) => valued(index, ({ terms }) => ({ mark, pnl, longCharge: (mark * (terms?.maintenance.longRate ?? 0n) + 999_999n) / 1_000_000n }));
const UNDERLYING = 60_123_456_789n;
const GAP = 1_202_469_180n;

const OF_OPTIONS = told([
  { name: 'a call is worth more than what it is on', make: optionAt(CALL, UNDERLYING + GAP + 1n), at: bounds('notAbove.in <== option * (upper - mark)'), check: 'optionMost' },
  { name: 'a put is worth more than its strike', make: optionAt(PUT, 58_000_000_001n), at: bounds('notAbove.in <== option * (upper - mark)'), check: 'optionMost' },
  {
    name: 'a call in the money is worth less than at expiry', at: bounds('notBelow.in <== option * (mark - lower)'), check: 'optionLeast',
    make: (poseidon) => optionTable(poseidon, termsOf(10_000n, 15_000n, 0n, { basisRate: 20_000n, strike: 30_000_000_000n }), UNDERLYING - 30_000_000_000n - GAP - 1n),
  },
  {
    name: 'a put in the money is worth less than at expiry', at: bounds('notBelow.in <== option * (mark - lower)'), check: 'optionLeast',
    make: (poseidon) => optionTable(poseidon, termsOf(10_000n, 15_000n, 0n, { basisRate: 20_000n, put: true, strike: 90_000_000_000n }), 90_000_000_000n - UNDERLYING - GAP - 1n),
  },
  {
    name: 'an option is worth less than nothing', at: bounds('range.in <== option * mark'), check: 'optionRange',
    make: optionAt(CALL, -1n, [0n, 0n]),
  },
  { name: 'an option falls below nothing in a scenario', make: optionAt(CALL, 4_000_000_000n, [-4_000_000_002n, 0n]), at: bounds('after[s].in <== option * (mark + 1 + pnl[s])'), check: 'optionAfter' },
  { name: 'an option grows out of range in a scenario', make: optionAt(CALL, 4_000_000_000n, [2n ** 47n - 4_000_000_001n, 0n]), at: bounds('after[s].in <== option * (mark + 1 + pnl[s])'), check: 'optionAfter' },
]);

function optionTable(poseidon: Poseidon, terms: ReturnType<typeof termsOf>, mark: bigint): CircuitInput {
  const sketch = { id: 'BTC-OPTION', kind: 'option', price: 6_012_345_678_901n, terms, option: { mark, pnl: [0n, 0n], volatility: 1n } } as const;
  return tableInput(poseidon, termedTable([sketch], 'maintenance'), PLAIN_TABLE);
}

const OF_STRUCTURE = told([
  { name: 'one settlement asset too few is counted', make: (poseidon) => ({ ...tableInput(poseidon, termedMarket(), PLAIN_TABLE), settlementAssets: 1n }), at: inTable('assets === settlementAssets'), check: 'assets' },
  { name: 'the tiers of an asset are counted as assets', of: TIERED_TABLE, make: (poseidon) => ({ ...tableInput(poseidon, termedTieredMarket(), TIERED_TABLE), settlementAssets: 4n }), at: inTable('assets === settlementAssets'), check: 'assets' },
  ...[0n, 3n].map((level): Told => ({
    name: `the level is ${level}`, at: inTable('(level - 1) * (level - 2) === 0'), check: 'level',
    make: (poseidon) => {
      // Rates that are the same at both levels, so that no other constraint depends on the level.
      const flat = termsOf(0n, 0n, 0n, { exact: true });
      const table = termedTable([{ id: 'USDC', kind: 'cash', price: 10n ** 8n, terms: flat }], 'maintenance');
      const header = marketHeader(table);
      const marketCommitment = hashList(poseidon, tagOf('market'), [
        level, header.snapshotTime, header.valueScale, header.scenarios, header.listedRows, header.tieredRows, header.instrumentList, header.parameterSet,
        scenarioDigest(poseidon, table), rowsDigest(poseidon, table), rowsTree(poseidon, table.rows).root,
      ]);
      return onVector(poseidon, { ...tableInput(poseidon, table, PLAIN_TABLE), level, marketCommitment }, tableVector(table));
    },
  })),
  ...(['instrument', 'activationEpoch', 'multiplier', 'rates'] as const).map((field): Told => ({
    name: `a row that is not listed carries a value in ${field}`, at: { template: 'TableRow', statement: `(1 - listed) * ${field} === 0` }, check: 'nothing',
    make: (poseidon) => unlisted(poseidon, field, field === 'multiplier' ? 2n : field === 'rates' ? 1n : 7n),
  })),
  { name: 'a row that is not listed carries a price', at: { template: 'TableRow', statement: '(1 - listed) * price === 0' }, check: 'nothing', make: (poseidon) => unlisted(poseidon, 'price', 2n) },
]);

/** A value after the last row, in the vector too: as a board that lists one row more than the table would have it. */
function unlisted(poseidon: Poseidon, field: string, value: bigint): CircuitInput {
  const table = termedMarket();
  const input = withColumn(tableInput(poseidon, table, PLAIN_TABLE), field, table.rows.length, value);
  return onVector(poseidon, input, withWord(tableVector(table), table.rows.length, field, value));
}

const rule = (statement: string): ExpectedRefusal => ({ template: 'RowLinks', statement });
const of = TIERED_TABLE;
const OF_TIERS: readonly TableForgery[] = [
  ...([['long', 'longRate'], ['short', 'shortRate']] as const).map(([side, field]): TableForgery => ({
    of, name: `a tier charges ${side}s less than the tier below`, at: { ...TOO_WIDE, below: rule(`${side}Rise[k].in <==`) }, check: 'rise',
    make: (poseidon) => retermed(poseidon, BTC_2, (terms) => ({ ...terms, maintenance: { ...terms.maintenance, [field]: terms.maintenance[field] / 4n } })),
  })),
  { of, name: 'a tier has another price than the tier below', at: rule('continues[k] * (price[k] - price[k - 1]) === 0'), check: 'alike', make: (poseidon) => retermed(poseidon, BTC_3, (terms) => terms, 6_012_345_678_902n) },
  { of, name: 'a tier has another multiplier', at: rule('continues[k] * (multiplier[k] - multiplier[k - 1]) === 0'), check: 'alike', make: (poseidon) => retermed(poseidon, BTC_3, (terms) => ({ ...terms, multiplier: terms.multiplier + 1n })) },
  { of, name: 'a tier is scanned less at a level that is not the table\'s', at: rule('continues[k] * (shared[k] - shared[k - 1]) === 0'), check: 'alike', make: (poseidon) => retermed(poseidon, BTC_3, (terms) => ({ ...terms, initial: { ...terms.initial, scanRate: 1n } })) },
  {
    of, name: 'an option is a further tier of an option', at: rule('continues[k] * option[k] === 0'), check: 'untieredOption',
    make: (poseidon) => {
      const table = termedTieredMarket();
      const call = { ...(table.rows[7] as MarketRow), cap: 5n };
      const further = { ...call, index: 8, id: `${call.id}.2`, predecessor: 8, cap: 0n };
      return tableInput(poseidon, { ...table, rows: [...table.rows.slice(0, 7), call, further] }, TIERED_TABLE);
    },
  },
  {
    of, name: 'a tier that the table commits to as capped has no cap', at: { template: 'Inverse', statement: 'out * in === 1' },
    make: (poseidon) => withColumn(tableInput(poseidon, termedTieredMarket(), TIERED_TABLE), 'cap', BTC_1, 0n),
  },
  {
    of, name: 'a capped row lies outside the tiered region', at: { template: 'TableRules', statement: '(listed[k] - row[k].tiered) * (cap[k] - (1 << 64)) === 0' },
    make: (poseidon) => {
      const input = tableInput(poseidon, termedTieredMarket(), TIERED_TABLE);
      return withColumn(withColumn(input, 'capped', LAST, 1n), 'cap', LAST, 9n);
    },
  },
  {
    of, name: 'a row that is not listed has a cap', at: rule('capped[k] * (1 - listed[k]) === 0'), check: 'unlistedCap',
    make: (poseidon) => {
      // On a page of its own, which no digest takes in, and in the vector too.
      const input = tableInput(poseidon, termedTieredMarket(), TIERED_TABLE);
      return onVector(poseidon, withColumn(withColumn(input, 'capped', 20, 1n), 'cap', 20, 9n), withWord(tableVector(termedTieredMarket()), 20, 'listedClass', 16n * 9n));
    },
  },
];

/** A tiered table with one row made from other terms or another price, under a vector that says so. */
function retermed(poseidon: Poseidon, index: number, change: (terms: NonNullable<MarketRow['terms']>) => NonNullable<MarketRow['terms']>, price?: bigint): CircuitInput {
  const honest = termedTieredMarket();
  const row = honest.rows[index] as MarketRow;
  const [made] = termedTable([{ id: row.id, kind: row.kind, price: price ?? row.oraclePrice, terms: change(row.terms as NonNullable<MarketRow['terms']>) }], 'maintenance').rows as [MarketRow];
  const { mark, longCharge, shortCharge, pnl, terms, oraclePrice } = made;
  return tableInput(poseidon, withRow(honest, index, () => ({ mark, longCharge, shortCharge, pnl, oraclePrice, ...(terms === undefined ? {} : { terms }) })), TIERED_TABLE);
}

export const FORGERIES_OF_TABLES: readonly TableForgery[] = [...OF_VECTOR, ...OF_COMMITMENT, ...OF_VALUES, ...OF_OPTIONS, ...OF_STRUCTURE, ...OF_TIERS];
