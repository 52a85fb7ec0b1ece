import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { ClearproofError } from '../../../src/error/clearproof-error.js';
import { FIELD_MODULUS as P } from '../../../src/field/scalar-field.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../../src/venue/account.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { TEST_SHAPE, TIERED_SHAPE, buildEpoch, type EpochInputs } from '../../builders/epoch.js';
import { marketTable, smallMarket } from '../../builders/market.js';
import { tieredMarket } from '../../builders/tiered-market.js';
import { TIERED_HOLDINGS, accountsOf } from '../../circuits/support/accounts.js';
import { listedCircuit, type TestCircuit } from '../../circuits/support/compiled-circuit.js';
import { importText } from '../../venue/fixtures.js';

/** Circuits of the tests and honest inputs to bend. */
export interface BoundaryWorld {
  readonly poseidon: Poseidon;
  readonly batch: TestCircuit;
  readonly close: TestCircuit;
  readonly tieredBatch: TestCircuit;
  readonly honest: CircuitInput;
  readonly tiered: CircuitInput;
}

/** A value at a limit of what is taken, or right beyond it. */
export interface BoundaryVector {
  /** A sentence. */
  readonly name: string;
  /** @throws when the outcome is another one */
  readonly check: (world: BoundaryWorld) => Promise<void>;
}

export interface BoundaryOutcome {
  readonly name: string;
  /** What went wrong; undefined when nothing did. */
  readonly wrong: string | undefined;
}

const { batch: SHAPE, depth: DEPTH, indexBits: INDEX_BITS } = TEST_SHAPE;
const HALF = 2n ** BigInt(SHAPE.W - 1);
const PLACES = 16 ** DEPTH;

/** Code of the refusal, and the template whose constraint says no, where it is a constraint. */
type Refusal = 'QUANTITY_RANGE' | 'WITNESS_INPUT' | 'Num2Bits' | 'SolvencyBatch';

async function refused(run: Promise<unknown>, by: Refusal): Promise<void> {
  await assert.rejects(run, (thrown) => {
    assert.ok(thrown instanceof ClearproofError, String(thrown));
    const place = thrown.code === 'WITNESS_REFUSED' ? String(thrown.details.place).split(' ')[0] : thrown.code;
    assert.equal(place, by, thrown.message);
    return true;
  });
}

/** Quantities as a venue writes them, in an instrument without decimals. */
function texts(): BoundaryVector[] {
  const taken: readonly (readonly [string, bigint])[] = [['0', 0n], ['2^64 - 1', MAX_QUANTITY], ['-2^64', MIN_QUANTITY]];
  const others: readonly (readonly [string, bigint])[] = [['2^64', 2n ** 64n], ['-2^64 - 1', MIN_QUANTITY - 1n], ['p - 1', P - 1n], ['p', P], ['p + 1', P + 1n], ['-p', -P], ['2p', 2n * P], ['2^256', 2n ** 256n]];
  const read = (quantity: bigint): ReturnType<typeof importText> => importText(`user_id,sub_account,instrument,quantity\na,0,WEI,${quantity}\n`, { kind: 'csv' });
  return [
    ...taken.map(([name, quantity]): BoundaryVector => ({
      name: `a file with a quantity of ${name} is read`,
      check: async () => assert.deepEqual((await read(quantity))[0]?.holdings, quantity === 0n ? [] : [{ index: 4, quantity }]),
    })),
    ...others.map(([name, quantity]): BoundaryVector => ({ name: `a file with a quantity of ${name} is refused and not reduced`, check: () => refused(read(quantity), 'QUANTITY_RANGE') })),
  ];
}

/** The first entry of an input list, however deep. */
function withFirst(input: CircuitInput, signal: string, value: bigint): CircuitInput {
  const place = (old: CircuitInput[string]): CircuitInput[string] => (typeof old === 'bigint' ? value : [place(old[0] as CircuitInput[string]), ...old.slice(1)]);
  return { ...input, [signal]: place(input[signal] as CircuitInput[string]) };
}

/** Numbers of one account that go straight into the batch circuit, whatever a file's reader would say. */
function batchValues(): BoundaryVector[] {
  const beyond = (signal: string, name: string, value: bigint, by: Refusal, tiered = false): BoundaryVector => ({
    name: `a batch refuses ${name} for ${signal}`,
    check: (world) => refused((tiered ? world.tieredBatch : world.batch).calculate(withFirst(tiered ? world.tiered : world.honest, signal, value)), by),
  });
  return [
    ...([['2^64', 2n ** 64n], ['-2^64 - 1', MIN_QUANTITY - 1n], ['(p - 1)/2', (P - 1n) / 2n], ['(p + 1)/2', (P + 1n) / 2n]] as const).map(([name, value]) => beyond('quantity', name, value, 'Num2Bits')),
    ...([['2^(W-1)', HALF], ['-2^(W-1) - 1', -HALF - 1n], ['(p - 1)/2', (P - 1n) / 2n]] as const).map(([name, value]) => beyond('excess', name, value, 'Num2Bits')),
    ...([['-1', -1n], ['2^INDEX_BITS', 2n ** BigInt(INDEX_BITS)], ['p - 1', P - 1n]] as const).map(([name, value]) => beyond('index', name, value, 'Num2Bits')),
    ...([['-1', -1n], ['2^65', 2n ** 65n], ['p - 1', P - 1n]] as const).map(([name, value]) => beyond('headroom', name, value, 'Num2Bits', true)),
    ...([['p', P], ['p + 1', P + 1n], ['-p', -P], ['2^256', 2n ** 256n]] as const).flatMap(([name, value]) => ['quantity', 'excess', 'index', 'salt', 'domain', 'accumulatorAfter'].map((signal) => beyond(signal, name, value, 'WITNESS_INPUT'))),
    ...([['p - 1', P - 1n], ['2^64', 2n ** 64n], ['0', 0n]] as const).map(([name, value]) => beyond('accumulatorAfter', name, value, 'SolvencyBatch')),
    {
      name: 'a batch takes p - 1 for a quantity of -1, because a field knows no other -1',
      check: async ({ batch, poseidon }) => {
        const table = smallMarket();
        const input = buildEpoch(poseidon, table, accountsOf(poseidon, table, [[{ index: 0, quantity: -1n }]], SHAPE.N)).batches[0] as CircuitInput;
        assert.deepEqual(await batch.calculate(withFirst(input, 'quantity', P - 1n)), await batch.calculate(input));
      },
    },
  ];
}

/** Marks 2^19 and 1: an account can have the largest excess there is, and the smallest. */
function limitMarket(): MarketTable {
  return marketTable([{ id: 'BIG', kind: 'spot', mark: 2n ** 19n, pnl: [-1n, -1n] }, { id: 'UNIT', kind: 'spot', mark: 1n }]);
}

/** Books whose sums are as large as they can be, or as small. */
function sums(): BoundaryVector[] {
  const book = (name: string, table: MarketTable, count: number, holdings: (place: number) => readonly Holding[], then: (epoch: EpochInputs) => void): BoundaryVector => ({
    name: `an epoch is accepted in which ${name}`,
    check: async ({ poseidon, batch, close }) => {
      const epoch = buildEpoch(poseidon, table, accountsOf(poseidon, table, Array.from({ length: count }, (_, place) => holdings(place)), count));
      for (const input of epoch.batches) await batch.calculate(input);
      await close.calculate(epoch.close);
      then(epoch);
    },
  });
  const MOST = [{ index: 0, quantity: MAX_QUANTITY }, { index: 1, quantity: 2n ** 19n - 1n }];
  const LEAST = [{ index: 0, quantity: MIN_QUANTITY }];
  const figures = (unhealthy: number, shortfall: bigint) => ({ closeSignals }: EpochInputs): void => {
    assert.deepEqual([closeSignals.unhealthyBound, closeSignals.shortfall], [BigInt(unhealthy), shortfall]);
  };
  return [
    book('nobody holds anything', smallMarket(), SHAPE.N, () => [], figures(0, 0n)),
    book('one account holds one quantum', smallMarket(), SHAPE.N, (place) => (place === 0 ? [{ index: 0, quantity: 1n }] : []), figures(0, 0n)),
    book('every account of a batch has the largest excess', limitMarket(), SHAPE.N, () => MOST, figures(0, 0n)),
    book('every account of a batch has the smallest excess, so the shortfall is N * 2^(W-1)', limitMarket(), SHAPE.N, () => LEAST, figures(SHAPE.N, BigInt(SHAPE.N) * HALF)),
    book('every account of a full tree has the smallest excess', limitMarket(), PLACES, () => LEAST, figures(PLACES, BigInt(PLACES) * HALF)),
    book('every account of a full tree holds the most of each row', marketTable([0, 1, 2].map((row) => ({ id: `ROW${row}`, kind: 'spot' as const, mark: 1n }))), PLACES,
      () => [0, 1, 2].map((index) => ({ index, quantity: MAX_QUANTITY })), ({ words }) => assert.deepEqual(words, [0, 1, 2].flatMap(() => [BigInt(PLACES) * MAX_QUANTITY, 0n]))),
    book('half of a full tree owes what the other half has', limitMarket(), PLACES, (place) => (place % 2 === 0 ? MOST : LEAST), figures(PLACES / 2, BigInt(PLACES / 2) * HALF)),
  ];
}

export const BOUNDARIES: readonly BoundaryVector[] = [...texts(), ...batchValues(), ...sums()];

export async function boundaryWorld(): Promise<BoundaryWorld> {
  const poseidon = await bulkPoseidon();
  const [batch, close, tieredBatch] = await Promise.all([TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, TIERED_SHAPE.batchCircuit].map((name) => listedCircuit(name))) as [TestCircuit, TestCircuit, TestCircuit];
  const [small, tiers] = [smallMarket(), tieredMarket()];
  const honest = buildEpoch(poseidon, small, accountsOf(poseidon, small, [[{ index: 0, quantity: 5n }]], SHAPE.N)).batches[0] as CircuitInput;
  const accounts = accountsOf(poseidon, tiers, TIERED_HOLDINGS, TIERED_SHAPE.batch.N, TIERED_SHAPE.batch);
  return { poseidon, batch, close, tieredBatch, honest, tiered: buildEpoch(poseidon, tiers, accounts, {}, 1n, TIERED_SHAPE).batches[0] as CircuitInput };
}

/** Every vector's outcome. */
export async function boundaryOutcomes(): Promise<BoundaryOutcome[]> {
  const world = await boundaryWorld();
  const outcomes: BoundaryOutcome[] = [];
  for (const { name, check } of BOUNDARIES) {
    outcomes.push({ name, wrong: await check(world).then(() => undefined, (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown))) });
  }
  return outcomes;
}
