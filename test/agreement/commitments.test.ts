import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { accumulatorOf, alphaOf, betaOf, bookHash, challengesHash, claimsHash, rOf } from '../../src/commitment/epoch-chain.js';
import { hashList } from '../../src/commitment/hash-list.js';
import { marketCommitment, marketHeader, rowDetail } from '../../src/commitment/market-commitment.js';
import { emptyNodes } from '../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { tagOf } from '../../src/commitment/tags.js';
import { FIELD_MODULUS, multiplyInField, toField } from '../../src/field/scalar-field.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { settlementValue, settlementWords } from '../../src/statement/settlement-vector.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../src/venue/account.js';
import { INSTRUMENT_KINDS, kindCode, type InstrumentKind } from '../../src/venue/instrument.js';
import type { CircuitInput, InputValue } from '../../src/witness/circuit-input.js';
import { marketTable } from '../builders/market.js';
import { textCircuit, valuesOf, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { BOOK_ROWS, CLAIM_SHAPES, LEAF_SLOTS, LIST_LENGTHS, LIST_TAG, MARKET_ROWS, SCENARIOS, commitmentsTemplate } from './commitments-circuit.js';

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
    await fc.assert(fc.asyncProperty(elements(40), async (list) => {
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
      const slots = slotsOf(holdings, 50);
      const input = { key: 5n, salt: 6n, index: slots.map((slot) => BigInt(slot.index)), offset: slots.map((slot) => slot.quantity + 2n ** 64n) };
      assert.equal((await outputs(input, 'leaf'))[3], accountLeaf(poseidon, 5n, 6n, slots));
    }
  });

  it('claims, three and two to a word', async () => {
    const excess = (W: number): fc.Arbitrary<bigint> => fc.oneof(
      fc.constantFrom(0n, -1n, 2n ** BigInt(W - 1) - 1n, -(2n ** BigInt(W - 1))), fc.bigInt({ min: -(2n ** BigInt(W - 1)), max: 2n ** BigInt(W - 1) - 1n }),
    );
    const lists = CLAIM_SHAPES.map(({ N, S, W }) => fc.array(excess(W), { minLength: N * (S + 1), maxLength: N * (S + 1) }));
    await fc.assert(fc.asyncProperty(fc.tuple(...lists), async (claims) => {
      const input = Object.fromEntries(CLAIM_SHAPES.map(({ W }, shape) => [`claim${shape}`, (claims[shape] as bigint[]).map((claim) => claim + 2n ** BigInt(W - 1))]));
      assert.deepEqual(await outputs(input, 'claimsHash'), CLAIM_SHAPES.map((shape, place) => claimsHash(poseidon, shape, claims[place] as bigint[])));
    }), { numRuns: 8 });
  });

  it('market commitments, all rows listed or fewer, also over two nodes of rows', async () => {
    await fc.assert(fc.asyncProperty(fc.tuple(...MARKET_ROWS.map(market)), async (tables) => {
      const input = Object.assign({}, ...tables.map((table, place) => marketInput(poseidon, table, place))) as CircuitInput;
      assert.deepEqual(await outputs(input, 'marketCommitment'), tables.map((table) => marketCommitment(poseidon, table)));
    }), { numRuns: 8 });
  });

  it('accumulators', async () => {
    await fc.assert(fc.asyncProperty(elements(13), async (list) => {
      const [blinding, root, positions, unhealthy, shortfall, chain, challenges, power, ...sums] = list as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint, ...bigint[]];
      const [weightedNet, weightedGross, net, gross, excess] = sums as [bigint, bigint, bigint, bigint, bigint];
      const state = { root, positions, unhealthy, shortfall, chain, power, sums: { weightedNet, weightedGross, net, gross, excess } };
      const input = { blinding, root, positions, unhealthy, shortfall, chain, challenges, power, sums };
      assert.deepEqual(await outputs(input, 'accumulatorHash'), [accumulatorOf(poseidon, blinding, challenges, state)]);
    }), { numRuns: 8 });
  });

  it('the challenges of an epoch', async () => {
    await fc.assert(fc.asyncProperty(element, element, book, elements(2 * BOOK_ROWS), async (commitment, chain, rows, weights) => {
      const weighted = rows.map((_, row) => ({ net: weights[2 * row] as bigint, gross: weights[2 * row + 1] as bigint }));
      const h0 = bookHash(poseidon, commitment, chain, rows);
      const drawn = { alpha: alphaOf(poseidon, h0), r: rOf(poseidon, h0), beta: betaOf(poseidon, h0, weighted) };
      const input = { market: commitment, chain, ...columns(rows), weightedNet: weighted.map((row) => row.net), weightedGross: weighted.map((row) => row.gross) };
      assert.deepEqual(await outputs(input, 'drawnChallenges'), [drawn.alpha, drawn.r, drawn.beta, challengesHash(poseidon, drawn)]);
    }), { numRuns: 8 });
  });

  it('the value of the settlement vector', async () => {
    await fc.assert(fc.asyncProperty(element, book, market(BOOK_ROWS), async (z, rows, table) => {
      const settlement = rows.map((_, row) => (['cash', 'spot'].includes(table.rows[row]?.kind ?? '') ? 1n : 0n));
      assert.deepEqual(await outputs({ z, settlement, ...columns(rows) }, 'settlementValue'), [settlementValue(settlementWords(table.rows, rows), z)]);
    }), { numRuns: 12 });
  });

  it('powers, empty nodes and tags with parameters', async () => {
    const z = 123456789n ** 5n;
    assert.deepEqual(await outputs({ z }, 'powersOfZ'), [1n, z, multiplyInField(z, z), multiplyInField(multiplyInField(z, z), z)]);
    assert.deepEqual(await outputs({}, 'emptyNodes'), emptyNodes(poseidon, 8));
    assert.deepEqual(await outputs({}, 'tag'), [tagOf('chain', 3, 16, 2, 84)]);
  });
});

function columns(rows: readonly { readonly net: bigint; readonly gross: bigint }[]): { net: bigint[]; gross: bigint[] } {
  return { net: rows.map((row) => toField(row.net)), gross: rows.map((row) => row.gross) };
}

function marketInput(poseidon: Poseidon, table: MarketTable, place: number): CircuitInput {
  const header = marketHeader(table);
  const rows = Array.from({ length: MARKET_ROWS[place] as number }, (_, row) => table.rows[row]);
  const column = (of: (row: MarketTable['rows'][number]) => bigint): bigint[] => rows.map((row) => (row === undefined ? 0n : of(row)));
  const signals = {
    level: header.level, snapshotTime: header.snapshotTime, valueScale: header.valueScale, listedRows: header.listedRows,
    instrumentList: header.instrumentList, parameterSet: header.parameterSet,
    detail: column((row) => rowDetail(poseidon, row)), kind: column((row) => BigInt(kindCode(row.kind))), listed: column(() => 1n),
    mark: column((row) => row.mark), longCharge: column((row) => row.longCharge), shortCharge: column((row) => row.shortCharge),
    pnl: rows.map((row) => [...(row?.pnl ?? new Array<bigint>(SCENARIOS).fill(0n))]),
  };
  return Object.fromEntries(Object.entries(signals).map(([name, value]) => [`market${place}_${name}`, value]));
}

/** Zeros for every input, so that a test names only what it is about. */
function blankInput(): CircuitInput {
  const zeros = (count: number): bigint[] => new Array<bigint>(count).fill(0n);
  const scalars = ['key', 'salt', 'blinding', 'root', 'positions', 'unhealthy', 'shortfall', 'chain', 'challenges', 'power', 'market', 'z'];
  const perMarket = MARKET_ROWS.flatMap((U, place) => [
    ...['level', 'snapshotTime', 'valueScale', 'listedRows', 'instrumentList', 'parameterSet'].map((name) => [`market${place}_${name}`, 0n] as const),
    ...['detail', 'kind', 'listed', 'mark', 'longCharge', 'shortCharge'].map((name) => [`market${place}_${name}`, zeros(U)] as const),
    [`market${place}_pnl`, zeros(U * SCENARIOS)] as const,
  ]);
  const blank: CircuitInput = Object.fromEntries<InputValue>([
    ...scalars.map((name) => [name, 0n] as const), ...perMarket,
    ...CLAIM_SHAPES.map(({ N, S }, shape) => [`claim${shape}`, zeros(N * (S + 1))] as const),
    ...['net', 'gross', 'weightedNet', 'weightedGross', 'settlement'].map((name) => [name, zeros(BOOK_ROWS)] as const),
    ['element', zeros(40)], ['index', zeros(50)], ['offset', zeros(50)], ['sums', zeros(5)],
  ]);
  return blank;
}
