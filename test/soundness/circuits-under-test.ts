import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import type { MarketRow } from '../../src/risk/market-table.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import {
  ACCOUNT_SHAPE, exitInput, exitStatement, marginInput, marginStatement, markInput, openingOf, placeInTree, signerInput, withdrawing,
} from '../builders/account.js';
import { TEST_SHAPE, TIERED_SHAPE, buildEpoch, buildParts } from '../builders/epoch.js';
import { HELD_ROWS, INCLUSION_SHAPE, inclusionInput, inclusionStatement } from '../builders/inclusion.js';
import { smallMarket } from '../builders/market.js';
import { PLAIN_TABLE, TIERED_TABLE, tableInput } from '../builders/market-table.js';
import { termedMarket, termedTieredMarket } from '../builders/termed-market.js';
import { tieredMarket } from '../builders/tiered-market.js';
import { REDUCING, TRANSITION_SHAPE, buys, deposit, transition, transitionInput } from '../builders/transition.js';
import { EXAMPLE_HOLDINGS, TIERED_HOLDINGS, accountsOf } from '../circuits/support/accounts.js';
import { compileForTest } from '../harness/circuit.js';
import { calculateWitness } from '../harness/r1cs.js';
import { loadSystem, type System } from './sparse-system.js';

/** A circuit with a valid witness. */
export interface CircuitUnderTest {
  readonly name: string;
  readonly template: string;
  /** As it is proven, at --O2. */
  readonly proven: System;
  readonly witness: readonly bigint[];
  /**
   * At --O1. The proven system is this one with linear constraints solved for a wire each and substituted, so what is
   * determined here is determined there; and bits and hash rounds still stand where the sources put them.
   */
  readonly plain: System;
  /** A witness of `plain`. */
  readonly plainWitness: readonly bigint[];
}

/** Rows of the tiered market table here: the search for needless constraints grows with rows faster than what it looks for. */
const FEWER_ROWS = 16;
/** Slots share the top of the rows tree, so that with several no path leaves another alone; what slots say of each other broken-accounts.test.ts shows. */
const ONE_SLOT = 1;
const OF_ONE_SLOT: readonly string[] = ['AccountMargin', 'AccountExit'];
const IN_ONE_SLOT: readonly string[] = [INCLUSION_SHAPE.tieredCircuit, TRANSITION_SHAPE.widerCircuit];

/**
 * Every circuit of circuits.json with use "test", the tiered market table with fewer rows, accounts with one slot; an included one with three too, one that changes with four.
 *
 * @param wanted which of them, by name: each takes seconds to compile and to load
 */
export async function circuitsOfTests(wanted: (name: string) => boolean = () => true): Promise<CircuitUnderTest[]> {
  const inputs = await testInputs();
  const circuits = (await readCircuitList()).filter(({ name, use }) => use === 'test' && wanted(name)).map(withFewerRows);
  return Promise.all(circuits.map((circuit) => {
    const input = inputs.get(circuit.name);
    if (input === undefined) throw new Error(`no witness is known for ${circuit.name}: give it one in test/soundness/circuits-under-test.ts`);
    return circuitUnderTest(circuit, input);
  }));
}

export function withFewerRows(circuit: CircuitDefinition): CircuitDefinition {
  const [name, value] = circuit.name === TIERED_TABLE.circuit ? ['ROWS', FEWER_ROWS] : OF_ONE_SLOT.includes(circuit.template) || IN_ONE_SLOT.includes(circuit.name) ? ['K', ONE_SLOT] : [];
  return { ...circuit, parameters: circuit.parameters.map((one) => (one.name === name && value !== undefined ? { ...one, value } : one)) };
}

/** Compiles a circuit both ways. */
export async function circuitUnderTest({ name, template, source, parameters, publicSignals }: CircuitDefinition, input: CircuitInput): Promise<CircuitUnderTest> {
  const main = { source, template, parameters: parameters.map(({ value }) => value), public: publicSignals };
  const [proven, plain] = [await compileForTest(main, { O: 2 }), await compileForTest(main, { O: 1 })];
  return {
    name, template, proven: await loadSystem(proven.r1cs, proven.sym, Object.keys(input)), plain: await loadSystem(plain.r1cs, plain.sym, Object.keys(input)),
    witness: await calculateWitness(proven.wasm, input), plainWitness: await calculateWitness(plain.wasm, input),
  };
}

/** An honest input for each test circuit: books with longs, shorts, deposits, loans, full and part-filled tiers. */
export async function testInputs(): Promise<ReadonlyMap<string, CircuitInput>> {
  const poseidon = await bulkPoseidon();
  const [small, tiered] = [smallMarket(), tieredMarket()];
  const plain = buildEpoch(poseidon, small, accountsOf(poseidon, small, EXAMPLE_HOLDINGS, 32));
  const accounts = accountsOf(poseidon, tiered, TIERED_HOLDINGS, 32, TIERED_SHAPE.batch);
  const { partCircuit, endCircuit } = TIERED_SHAPE.parts;
  const whole = buildEpoch(poseidon, tiered, accounts, {}, 1n, TIERED_SHAPE);
  const parts = buildParts(poseidon, buildEpoch(poseidon, tiered, accounts, { closedBy: endCircuit }, 1n, TIERED_SHAPE));
  return new Map([
    ...accountInputs(poseidon), ...transitionInputs(poseidon),
    [TEST_SHAPE.batchCircuit, plain.batches[0] as CircuitInput], [TEST_SHAPE.closeCircuit, plain.close],
    [TIERED_SHAPE.batchCircuit, whole.batches[0] as CircuitInput], [TIERED_SHAPE.closeCircuit, whole.close],
    [partCircuit, parts.parts[0] as CircuitInput], [endCircuit, parts.end],
    [PLAIN_TABLE.circuit, tableInput(poseidon, termedMarket(), PLAIN_TABLE)], [TIERED_TABLE.circuit, tableInput(poseidon, termedTieredMarket('initial'), { ...TIERED_TABLE, shape: { ...TIERED_TABLE.shape, ROWS: FEWER_ROWS } })],
  ]);
}

/** What is proven of an account of one slot that holds a capped coin, the first of its table and of its tree. */
function accountInputs(poseidon: Poseidon): readonly (readonly [string, CircuitInput])[] {
  const market = smallMarket();
  const table = { ...market, rows: [{ ...(market.rows[1] as MarketRow), index: 0, group: 0, cap: 1_000n }] };
  const holdings = [{ index: 0, quantity: 100n }];
  const account = { ...openingOf(poseidon, table, holdings), slots: holdings };
  const place = placeInTree(poseidon, account, 0);
  return [
    [ACCOUNT_SHAPE.marginCircuit, marginInput(poseidon, marginStatement(poseidon, table, holdings, withdrawing(0, 2n), { account, place }))],
    [ACCOUNT_SHAPE.exitCircuit, exitInput(poseidon, exitStatement(poseidon, table, holdings, { account, place }))],
    [ACCOUNT_SHAPE.signerCircuit, signerInput(poseidon)], [ACCOUNT_SHAPE.markCircuit, markInput(poseidon, table, 0)],
    [INCLUSION_SHAPE.circuit, inclusionInput(poseidon, inclusionStatement(poseidon, HELD_ROWS, {}, { position: 0 }))],
    [INCLUSION_SHAPE.tieredCircuit, inclusionInput(poseidon, inclusionStatement(poseidon, HELD_ROWS.slice(0, 1), {}, { position: 0 }))],
  ];
}

/** A short perpetual that is half bought back, and coins that come to coins: of an account whose scenarios differ one is the worst. */
function transitionInputs(poseidon: Poseidon): readonly (readonly [string, CircuitInput])[] {
  const table = smallMarket();
  const short = [{ index: 0, quantity: 10n ** 6n }, { index: 3, quantity: -5n }];
  return [
    [TRANSITION_SHAPE.circuit, transitionInput(poseidon, transition(poseidon, table, short, buys(3, 0, 2n, 120_000n), REDUCING))],
    [TRANSITION_SHAPE.widerCircuit, transitionInput(poseidon, transition(poseidon, table, [{ index: 1, quantity: 100n }], deposit(1, 5n), undefined, { K: 1 }))],
  ];
}
