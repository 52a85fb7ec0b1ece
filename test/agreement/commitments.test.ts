import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { accumulatorOf, alphaOf, betaOf, bookHash, challengesHash, claimsHash, rOf, type BookRow, type WeightedRow } from '../../src/commitment/epoch-chain.js';
import { hashList } from '../../src/commitment/hash-list.js';
import { marketCommitment, marketHeader, rowsTree, scenarioDigest } from '../../src/commitment/market-commitment.js';
import { emptyNodes } from '../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { committedRows, digestsAtPages, rowsDigest } from '../../src/commitment/table-digests.js';
import { tagOf } from '../../src/commitment/tags.js';
import { FIELD_MODULUS, multiplyInField, toField } from '../../src/field/scalar-field.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { settlementValue, settlementWords } from '../../src/statement/settlement-vector.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../src/venue/account.js';
import { INSTRUMENT_KINDS, type InstrumentKind } from '../../src/venue/instrument.js';
import type { CircuitInput, InputValue } from '../../src/witness/circuit-input.js';
import { tableStateHash } from '../../src/witness/table-states.js';
import { marketTable, smallMarket } from '../builders/market.js';
import { termedMarket } from '../builders/termed-market.js';
import { tieredMarket } from '../builders/tiered-market.js';
import { textCircuit, valuesOf, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { BOOK_ROWS, CLAIM_SHAPES, LEAF_SLOTS, LIST_LENGTHS, LIST_TAG, PAGE_SHAPES, SCENARIOS, commitmentsTemplate } from './commitments-circuit.js';

const element = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
const elements = (count: number): fc.Arbitrary<bigint[]> => fc.array(element, { minLength: count, maxLength: count });
const quantity = fc.oneof(fc.constantFrom(0n, 1n, -1n, MAX_QUANTITY, MIN_QUANTITY), fc.bigInt({ min: MIN_QUANTITY, max: MAX_QUANTITY }));
const value = fc.bigInt({ min: -(2n ** 47n) + 1n, max: 2n ** 47n - 1n });
const charge = fc.bigInt({ min: 0n, max: 2n ** 47n - 1n });

/** A book whose sums are possible: |B| <= O, both even or both odd. */
const book = fc.array(fc.tuple(charge, charge).map(([long, short]) => ({ net: long - short, gross: long + short })), { minLength: BOOK_ROWS, maxLength: BOOK_ROWS });

const kinds = INSTRUMENT_KINDS.slice(1) as InstrumentKind[];
const market = (most: number): fc.Arbitrary<MarketTable> =>
  fc.array(fc.record({ kind: fc.constantFrom(...kinds), mark: value, longCharge: charge, shortCharge: charge, pnl: fc.tuple(value, value) }), { maxLength: most })
    .map((rows) => marketTable(rows.map((row, place) => ({ ...row, id: `ROW${place}` }))));

describe('TypeScript and circuits agree on', () => {
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async function () {
    this.timeout(180_000);
    poseidon = await bulkPoseidon();
    circuit = await textCircuit('Commitments', commitmentsTemplate());
  });

  const outputs = async (input: CircuitInput, name: string): Promise<bigint[]> => valuesOf(circuit, await circuit.calculate({ ...blankInput(), ...input }), name);

  it(`lists of ${LIST_LENGTHS.join(', ')} elements`, async () => {
    await fc.assert(fc.asyncProperty(elements(42), async (list) => {
      const expected = LIST_LENGTHS.map((length) => hashList(poseidon, LIST_TAG, list.slice(0, length)));
      assert.deepEqual(await outputs({ element: list }, 'listHash'), expected);
    }), { numRuns: 8 });
  });

  it(`account leaves of ${LEAF_SLOTS.join(', ')} slots`, async () => {
    await fc.assert(fc.asyncProperty(element, element, fc.array(quantity, { minLength: 50, maxLength: 50 }), fc.nat(1000), async (key, salt, quantities, first) => {
      const slots = quantities.map((held, place): Holding => ({ index: first + 3 * place, quantity: held }));
      const input = { key, salt, index: slots.map((slot) => BigInt(slot.index)), offset: slots.map((slot) => slot.quantity + 2n ** 64n) };
      assert.deepEqual(await outputs(input, 'leaf'), LEAF_SLOTS.map((K) => accountLeaf(poseidon, key, salt, slots.slice(0, K))));
    }), { numRuns: 8 });
  });

  it('the leaf of an account that uses no slot and of one at the end of the index field', async () => {
    for (const holdings of [[], [{ index: 2 ** 16 - 50, quantity: MIN_QUANTITY }]]) {
      const slots = slotsOf(holdings, 50, 0);
      const input = { key: 5n, salt: 6n, index: slots.map((slot) => BigInt(slot.index)), offset: slots.map((slot) => slot.quantity + 2n ** 64n) };
      assert.equal((await outputs(input, 'leaf'))[3], accountLeaf(poseidon, 5n, 6n, slots));
    }
  });

  it('claims with headrooms, three and two excesses to a word', async () => {
    const excess = (W: number): fc.Arbitrary<bigint> => fc.oneof(
      fc.constantFrom(0n, -1n, 2n ** BigInt(W - 1) - 1n, -(2n ** BigInt(W - 1))), fc.bigInt({ min: -(2n ** BigInt(W - 1)), max: 2n ** BigInt(W - 1) - 1n }),
    );
    const list = (of: fc.Arbitrary<bigint>, length: number): fc.Arbitrary<bigint[]> => fc.array(of, { minLength: length, maxLength: length });
    const room = fc.oneof(fc.constantFrom(0n, 2n ** 65n - 1n), fc.bigInt({ min: 0n, max: 2n ** 65n - 1n }));
    const lists = CLAIM_SHAPES.map(({ N, T, S, W }) => fc.tuple(list(excess(W), N * (S + 1)), list(room, N * T)));
    await fc.assert(fc.asyncProperty(fc.tuple(...lists), async (claims) => {
      const input = Object.fromEntries(CLAIM_SHAPES.flatMap(({ W }, shape) => [
        [`claim${shape}`, (claims[shape]?.[0] ?? []).map((claim) => claim + 2n ** BigInt(W - 1))], [`headroom${shape}`, claims[shape]?.[1] ?? []],
      ]));
      const expected = CLAIM_SHAPES.map((shape, place) => claimsHash(poseidon, shape, claims[place]?.[0] ?? [], claims[place]?.[1] ?? []));
      assert.deepEqual(await outputs(input, 'claimsHash'), expected);
    }), { numRuns: 8 });
  });

  it('digests of a table without tiers and its books, with one page listed in part, one in full or both', async () => {
    for (const rows of [0, 3, 16, 17, 32]) {
      const table = marketTable(Array.from({ length: rows }, (_, row) => ({ id: `ROW${row}`, kind: 'spot' as const, mark: 10n + BigInt(row), longCharge: 1n, shortCharge: 3n, pnl: [-5n, BigInt(row)] })));
      await assertDigests(table, 0);
    }
  });

  it('digests of a table with tiers, caps and class bits', async () => { await assertDigests(tieredMarket(), 1); });

  async function assertDigests(table: MarketTable, shape: 0 | 1): Promise<void> {
    const { U } = PAGE_SHAPES[shape];
    // Nothing is held where nothing is listed; weights of tiers may stand there.
    const books: BookRow[] = Array.from({ length: U }, (_, row) => (row < table.rows.length ? { net: 0n, gross: 2n * BigInt(row) } : { net: 0n, gross: 0n }));
    const weighted: WeightedRow[] = books.map((_, row) => ({ net: 7n + BigInt(row), gross: 9n, tiers: 11n * BigInt(row) }));
    const digests = digestsAtPages(poseidon, table, books, weighted);
    const last = digests[digests.length - 1];
    const input = rowsInput(table, shape, books, weighted);
    assert.deepEqual(await outputs(input, `digests${shape}`), [last?.rows, last?.book, last?.weighted]);
    assert.equal(last?.rows, rowsDigest(poseidon, table));
    const after = await outputs(input, `rules${shape}After`);
    assert.deepEqual(after.slice(0, 2), [BigInt(table.rows.length), marketHeader(table).tieredRows]);
  }

  it('market commitments', async () => {
    for (const table of [marketTable([]), smallMarket(), tieredMarket(), termedMarket(), termedMarket('initial')]) {
      const { scenarios, ...header } = marketHeader(table);
      assert.equal(scenarios, BigInt(SCENARIOS));
      const input = { ...header, scenarioDigest: scenarioDigest(poseidon, table), rowsDigest: rowsDigest(poseidon, table), rowsRoot: rowsTree(poseidon, table.rows).root };
      assert.deepEqual(await outputs(input, 'marketName'), [marketCommitment(poseidon, table)]);
    }
  });

  it('accumulators', async () => {
    await fc.assert(fc.asyncProperty(elements(15), async (list) => {
      const [blinding, root, positions, unhealthy, shortfall, chain, challenges, power, ...sums] = list as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, ...bigint[]];
      const [weightedNet, weightedGross, net, gross, excess, placed, filled] = sums as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
      const state = { root, positions, unhealthy, shortfall, chain, power, sums: { weightedNet, weightedGross, net, gross, excess, placed, filled } };
      const input = { blinding, root, positions, unhealthy, shortfall, chain, challenges, power, sums };
      assert.deepEqual(await outputs(input, 'accumulatorHash'), [accumulatorOf(poseidon, blinding, challenges, state)]);
    }), { numRuns: 8 });
  });

  it('the challenges of an epoch, without tiers and with two tiered slots', async () => {
    await fc.assert(fc.asyncProperty(elements(7), async (list) => {
      const [root, chain, rowsDigestValue, weightedDigest, tieredRows, ...beyond] = list as [bigint, bigint, bigint, bigint, bigint, ...bigint[]];
      const h0 = bookHash(poseidon, root, chain, rowsDigestValue);
      const expected = [[], beyond].flatMap((after) => {
        const drawn = { alpha: alphaOf(poseidon, h0), r: rOf(poseidon, h0), beta: betaOf(poseidon, h0, weightedDigest, after), tieredRows };
        return [drawn.alpha, drawn.r, drawn.beta, challengesHash(poseidon, drawn)];
      });
      assert.deepEqual(await outputs({ root, chain, rowsDigest: rowsDigestValue, weightedDigest, tieredRows, beyond }, 'drawnChallenges'), expected);
    }), { numRuns: 8 });
  });

  it('states between the parts of a close', async () => {
    const [blinding, r, beta, z, zPower, vectorValue] = [1n, 2n, 3n, 4n, 5n, 6n];
    const state = { nextRow: 16, digests: { rows: 7n, book: 8n, weighted: 9n }, rules: [10n, 11n, 1n, 0n, 4n, -5n, -5n], sums: [12n, 13n, 14n, 15n, 16n, 17n, 18n], zPower, vectorValue };
    const input = { blinding, root: r, chain: beta, z, positions: 16n, digests: [7n, 8n, 9n], rules: state.rules, sums: state.sums, power: zPower, shortfall: vectorValue };
    assert.deepEqual(await outputs(input, 'tableHash'), [tableStateHash(poseidon, { S: SCENARIOS, T: 2 }, blinding, { alpha: 0n, r, beta, tieredRows: 0n }, z, state)]);
  });

  it('the value of the settlement vector, a pair for each group of cash or spot rows, shifted by one pair', async () => {
    await fc.assert(fc.asyncProperty(element, book, market(BOOK_ROWS), fc.nat(2 ** BOOK_ROWS), async (z, rows, plain, continuing) => {
      const table = { ...plain, rows: plain.rows.map((row, place) => ({ ...row, predecessor: place > 0 && (continuing >> place) % 2 === 1 && plain.rows[place - 1]?.kind === row.kind ? place : 0 })) };
      const isSettlement = (row: number): boolean => ['cash', 'spot'].includes(table.rows[row]?.kind ?? '');
      const settlement = rows.map((_, row) => (isSettlement(row) ? 1n : 0n));
      const opens = rows.map((_, row) => (isSettlement(row) && table.rows[row]?.predecessor === 0 ? 1n : 0n));
      const value = multiplyInField(multiplyInField(z, z), settlementValue(settlementWords(table.rows, rows), z));
      assert.deepEqual(await outputs({ z, settlement, opens, net: rows.map((row) => toField(row.net)), gross: rows.map((row) => row.gross) }, 'settlementValue'), [value]);
    }), { numRuns: 12 });
  });

  it('powers, empty nodes and tags with parameters', async () => {
    const z = 123456789n ** 5n;
    assert.deepEqual(await outputs({ z }, 'powersOfZ'), [1n, z, multiplyInField(z, z), multiplyInField(multiplyInField(z, z), z)]);
    assert.deepEqual(await outputs({}, 'emptyNodes'), emptyNodes(poseidon, 8));
    assert.deepEqual(await outputs({}, 'tag'), [tagOf('chain', 3, 16, 2, 84, 5)]);
  });
});

function rowsInput(table: MarketTable, shape: 0 | 1, books: readonly BookRow[], weighted: readonly WeightedRow[]): CircuitInput {
  const rows = committedRows(table, books.length);
  const tiers = PAGE_SHAPES[shape].T > 0;
  const columns = {
    class: rows.map((row) => row.class), mark: rows.map((row) => row.mark), longCharge: rows.map((row) => row.longCharge), shortCharge: rows.map((row) => row.shortCharge),
    cap: tiers ? rows.map((row) => row.cap) : [], pnl: rows.map((row) => [...row.pnl]),
    net: books.map((row) => row.net), gross: books.map((row) => row.gross),
    weightedNet: weighted.map((row) => row.net), weightedGross: weighted.map((row) => row.gross), weightedTiers: tiers ? weighted.map((row) => row.tiers) : [],
  };
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [`rows${shape}_${name}`, column]));
}

/** Zeros for every input, so that a test names only what it is about. */
function blankInput(): CircuitInput {
  const zeros = (count: number): bigint[] => new Array<bigint>(count).fill(0n);
  const scalars = [
    'key', 'salt', 'blinding', 'root', 'positions', 'unhealthy', 'shortfall', 'chain', 'challenges', 'power', 'z', 'weightedDigest',
    'level', 'snapshotTime', 'valueScale', 'listedRows', 'tieredRows', 'instrumentList', 'parameterSet', 'scenarioDigest', 'rowsDigest', 'rowsRoot',
  ];
  const perShape = PAGE_SHAPES.flatMap(({ U, T }, shape) => [
    ...['class', 'mark', 'longCharge', 'shortCharge', 'net', 'gross', 'weightedNet', 'weightedGross'].map((name) => [`rows${shape}_${name}`, zeros(U)] as const),
    ...['cap', 'weightedTiers'].map((name) => [`rows${shape}_${name}`, zeros(T > 0 ? U : 0)] as const), [`rows${shape}_pnl`, zeros(U * SCENARIOS)] as const,
  ]);
  return Object.fromEntries<InputValue>([
    ...scalars.map((name) => [name, 0n] as const), ...perShape,
    ...CLAIM_SHAPES.flatMap(({ N, T, S }, shape) => [[`claim${shape}`, zeros(N * (S + 1))] as const, [`headroom${shape}`, zeros(N * T)] as const]),
    ...['net', 'gross', 'settlement', 'opens'].map((name) => [name, zeros(BOOK_ROWS)] as const),
    ['element', zeros(42)], ['index', zeros(50)], ['offset', zeros(50)], ['sums', zeros(7)], ['rules', zeros(7)], ['digests', zeros(3)], ['beyond', zeros(2)],
  ]);
}
