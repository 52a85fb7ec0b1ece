import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { addInField } from '../../../src/field/scalar-field.js';
import type { CircuitInput, InputValue } from '../../../src/witness/circuit-input.js';
import type { TableState } from '../../../src/witness/table-states.js';
import { ACCOUNT_SHAPE, HEALTHY, HELD, UNHEALTHY, exitInput, exitStatement, marginInput, marginStatement, markInput, signerInput, withdrawing } from '../../builders/account.js';
import { TEST_SHAPE, TIERED_SHAPE, buildParts, type EpochInputs } from '../../builders/epoch.js';
import { HELD_ROWS, INCLUSION_SHAPE, inclusionInput, inclusionStatement } from '../../builders/inclusion.js';
import { PLAIN_TABLE, TIERED_TABLE, tableInput, type TableCircuit } from '../../builders/market-table.js';
import { smallMarket } from '../../builders/market.js';
import { termedMarket, termedTieredMarket } from '../../builders/termed-market.js';
import { TIERED_ROWS, tieredMarket } from '../../builders/tiered-market.js';
import { TRANSITION_SHAPE } from '../../builders/transition.js';
import { FORGERIES_OF_MARGIN, POOR, RICH } from '../../circuits/support/forgeries-of-accounts.js';
import { FORGERIES_OF_EXITS } from '../../circuits/support/forgeries-of-exits.js';
import { FORGERIES_OF_FIGURES } from '../../circuits/support/forgeries-of-figures.js';
import { FORGERIES_OF_INCLUSION } from '../../circuits/support/forgeries-of-inclusion.js';
import { FORGERIES_OF_STATEMENTS } from '../../circuits/support/forgeries-of-statements.js';
import { FORGERIES_OF_TRANSITIONS } from '../../circuits/support/forgeries-of-transitions.js';
import { FORGERIES_OF_TABLES } from '../../circuits/support/forgeries-of-tables.js';
import { FORGERIES_OF_TIERS } from '../../circuits/support/forgeries-of-tiers.js';
import { epochOf, replaced, tieredWorldOf, worldOf, type Forgery, type World } from '../../circuits/support/forgery.js';
import { fullEpoch, fullParts, fullTieredEpoch, tieredRowOutside, unlistedRowInBook } from './full-books.js';
import { STUB_HASH } from './stub-hash.js';
import { honestTransitions, widerTransitions } from './transition-vectors.js';
import { vectorTargets } from './vectors.js';

/** A circuit that mutants are compiled in, with what it must accept and refuse. */
export interface Target {
  readonly name: string;
  readonly source: string;
  readonly template: string;
  readonly parameters: readonly number[];
  readonly publicSignals: readonly string[];
  /** Honest inputs. Of a template alone, the outputs must be those of the sound circuit. */
  readonly accepted: readonly CircuitInput[];
  /** Lies that the sound circuit refuses. */
  readonly refused: readonly { readonly name: string; readonly input: CircuitInput }[];
}

/** Templates alone first, for they compile fastest, then every circuit of the tests. */
export async function allTargets(): Promise<Target[]> {
  const inputs = circuitInputs();
  const circuits = (await readCircuitList()).filter(({ use }) => use === 'test').map(({ name, source, template, parameters, publicSignals }) => {
    const vectors = inputs.get(name);
    if (vectors === undefined) throw new Error(`no inputs are known for ${name}: give it some in test/soundness/mutation/targets.ts`);
    return { name, source, template, publicSignals, parameters: parameters.map(({ value }) => value), ...vectors };
  });
  return [...vectorTargets(STUB_HASH), ...circuits.sort((left, right) => weightOf(left) - weightOf(right))];
}

/** Closes are small under the stub hash, batches are not. */
function weightOf({ template, parameters }: Target): number {
  return (template === 'SolvencyBatch' ? 1000 : 0) + (parameters[0] ?? 0) + (parameters[1] ?? 0);
}

/** Files a circuit is made of, below `root`. */
export function filesOf(source: string, root = 'circuits'): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, include] of readFileSync(join(root, file), 'utf8').matchAll(/^include "(\.[^"]+)";/gm)) visit(normalize(join(dirname(file), include as string)));
  };
  visit(source);
  return found;
}

type Vectors = Pick<Target, 'accepted' | 'refused'>;

function circuitInputs(): ReadonlyMap<string, Vectors> {
  const { partCircuit, endCircuit } = TIERED_SHAPE.parts;
  const [plain, tiered] = [worldOf(STUB_HASH), tieredWorldOf(STUB_HASH)];
  const [plainEpoch, tieredEpoch] = [epochOf(plain, plain.accounts), epochOf(tiered, tiered.accounts)];
  const lies = [...liesOf(plain, [...FORGERIES_OF_FIGURES, ...FORGERIES_OF_STATEMENTS]), ...liesOf(tiered, FORGERIES_OF_TIERS)];
  const name = 'a row that is not listed stands in the book';
  lies.push(...[plain, tiered].map((world) => ({ circuit: world.shape.closeCircuit, name, input: unlistedRowInBook(world).close })));
  const unlistedInPart = { name, input: buildParts(STUB_HASH, unlistedRowInBook(tiered, endCircuit)).parts[1] as CircuitInput };
  const liesTo = (circuit: string): Target['refused'] => lies.filter((lie) => lie.circuit === circuit);
  const inParts = partVectors(epochOf(tiered, tiered.accounts, { closedBy: endCircuit }));
  const [full, fullTiered, parts] = [fullEpoch(), fullTieredEpoch(TIERED_SHAPE.U), fullParts()];
  return new Map([
    [TEST_SHAPE.batchCircuit, withTampered([...plainEpoch.batches, ...full.batches], liesTo(TEST_SHAPE.batchCircuit))],
    [TEST_SHAPE.closeCircuit, withTampered([full.close, plainEpoch.close], liesTo(TEST_SHAPE.closeCircuit))],
    [TIERED_SHAPE.batchCircuit, withTampered([...tieredEpoch.batches, ...fullTiered.batches], [...liesTo(TIERED_SHAPE.batchCircuit), tieredRowOutside()])],
    [TIERED_SHAPE.closeCircuit, withTampered([fullTiered.close, tieredEpoch.close, fullTieredEpoch(16).close, fullTieredEpoch(17).close], liesTo(TIERED_SHAPE.closeCircuit))],
    [partCircuit, withTampered([...parts.parts, ...inParts.part.accepted], [...inParts.part.refused, unlistedInPart])],
    [endCircuit, withTampered([parts.end, ...inParts.end.accepted], inParts.end.refused)],
    [PLAIN_TABLE.circuit, tableVectors(PLAIN_TABLE, termedMarket)], [TIERED_TABLE.circuit, tableVectors(TIERED_TABLE, termedTieredMarket)],
    ...accountVectors(), ...transitionVectors(),
  ]);
}

/** Honest proofs about accounts of every verdict, with and without tiers and withdrawals, and every lie to each circuit. */
function accountVectors(): readonly (readonly [string, Vectors])[] {
  const { marginCircuit, exitCircuit, signerCircuit, markCircuit } = ACCOUNT_SHAPE;
  const liesTo = (circuit: string): Target['refused'] => [...FORGERIES_OF_MARGIN, ...FORGERIES_OF_EXITS].filter((lie) => lie.circuit === circuit).map(({ name, make }) => ({ name, input: make(STUB_HASH) }));
  const { BTC, BTC2, PERP, PERP2 } = TIERED_ROWS;
  const small = (holdings: typeof RICH, terms: typeof HEALTHY): CircuitInput => marginInput(STUB_HASH, marginStatement(STUB_HASH, smallMarket(), holdings, terms));
  const tiered = (holdings: typeof RICH, terms: typeof HEALTHY): CircuitInput => marginInput(STUB_HASH, marginStatement(STUB_HASH, tieredMarket(), holdings, terms));
  const margin = [
    small(RICH, withdrawing(0, 7n)), small(RICH, HEALTHY), small(POOR, HELD), small(POOR, UNHEALTHY), small([{ index: 0, quantity: 9n }], { ...HEALTHY, unmargined: true }),
    tiered([{ index: BTC, quantity: 100n }, { index: BTC2, quantity: 7n }], HEALTHY), tiered([{ index: PERP, quantity: -40n }, { index: PERP2, quantity: -2n }], UNHEALTHY),
    small([{ index: 0, quantity: -1n }, { index: 1, quantity: 1n }, { index: 4, quantity: -1n }, { index: 5, quantity: 3n }], HEALTHY),
  ];
  return [
    [marginCircuit, withTampered(margin, liesTo(marginCircuit))],
    [exitCircuit, withTampered([RICH, POOR, [{ index: 0, quantity: -7n }]].map((holdings) => exitInput(STUB_HASH, exitStatement(STUB_HASH, smallMarket(), holdings))), liesTo(exitCircuit))],
    [signerCircuit, withTampered([signerInput(STUB_HASH), signerInput(STUB_HASH, { epoch: 2n ** 32n - 1n, laterEpoch: 2n ** 32n - 1n })], liesTo(signerCircuit))],
    [markCircuit, withTampered([1, 0, 5].map((row) => markInput(STUB_HASH, smallMarket(), row)), liesTo(markCircuit))],
    ...inclusionVectors(),
  ];
}

/** Honest inclusions at the limits of rows, quantities and amounts, and every lie; with more slots as many as tell whether the last one counts. */
function inclusionVectors(): readonly (readonly [string, Vectors])[] {
  const most = 2n ** 64n - 1n;
  const of = (slots: typeof HELD_ROWS, firstRow: number, lastRow: number, amount: bigint, position = 37): CircuitInput => inclusionInput(STUB_HASH, inclusionStatement(STUB_HASH, slots, { firstRow, lastRow, amount }, { position }));
  const full = [0, 1, 2 ** 16 - 1].map((index) => ({ index, quantity: most }));
  const owing = [0, 1, 2 ** 16 - 1].map((index) => ({ index, quantity: -(2n ** 64n) }));
  const wide = [3, 4, 5, 6, 7].map((index) => ({ index, quantity: BigInt(10 ** (index - 3)) }));
  const plain = [of(HELD_ROWS, 4, 5, 70n), of(HELD_ROWS, 4, 5, 0n, 0), of(full, 0, 2 ** 16 - 1, most), of(full, 2 ** 16 - 1, 2 ** 16 - 1, most), of(full, 0, 0, most, 49), of(owing, 0, 2 ** 16 - 1, 0n)];
  const lies = FORGERIES_OF_INCLUSION.map(({ name, make }) => ({ name, input: make(STUB_HASH) }));
  const wider = [of(wide, 4, 6, 1_110n), of(wide, 0, 9, 11_111n), of(wide, 7, 7, 10_000n), of(wide, 3, 3, 1n)];
  const beyond = ([[4, 6, 1_111n], [0, 9, 11_112n], [7, 7, 10_001n], [3, 3, 2n]] as const).map(([first, last, amount]) => ({ name: `more than rows ${first} to ${last} hold`, input: of(wide, first, last, amount) }));
  return [[INCLUSION_SHAPE.circuit, withTampered(plain, lies)], [INCLUSION_SHAPE.tieredCircuit, withTampered(wider, beyond)]];
}

/** Honest transitions of every kind, and every lie; with one slot more a trade that needs it. */
function transitionVectors(): readonly (readonly [string, Vectors])[] {
  const lies = FORGERIES_OF_TRANSITIONS.map(({ name, make }) => ({ name, input: make(STUB_HASH) }));
  return [[TRANSITION_SHAPE.circuit, withTampered(honestTransitions(STUB_HASH), lies)], [TRANSITION_SHAPE.widerCircuit, withTampered(widerTransitions(STUB_HASH), [])]];
}

/** Honest tables of both levels, and every lie to this circuit. */
function tableVectors(of: TableCircuit, table: typeof termedMarket): Vectors {
  const refused = FORGERIES_OF_TABLES.filter((forgery) => forgery.of.circuit === of.circuit).map(({ name, make }) => ({ name, input: make(STUB_HASH) }));
  return withTampered([tableInput(STUB_HASH, table('maintenance'), of), tableInput(STUB_HASH, table('initial'), of)], refused);
}

function liesOf(world: World, forgeries: readonly Forgery[]): { readonly circuit: string; readonly name: string; readonly input: CircuitInput }[] {
  return forgeries.map(({ name, make, refusedBy }) => {
    const epoch: EpochInputs = make(world);
    return refusedBy === 'close'
      ? { circuit: world.shape.closeCircuit, name, input: epoch.close }
      : { circuit: world.shape.batchCircuit, name, input: epoch.batches[refusedBy] as CircuitInput };
  });
}

/** Lies about the states between the parts of a close. */
function partVectors(epoch: EpochInputs): { readonly part: Vectors; readonly end: Vectors } {
  const build = (change?: (states: TableState[]) => TableState[]): ReturnType<typeof buildParts> => buildParts(STUB_HASH, epoch, TIERED_SHAPE, change);
  const from = (first: number, change: (state: TableState) => TableState) => build((states) => states.map((state, place) => (place >= first ? change(state) : state)));
  const honest = build();
  const changes: readonly (readonly [string, (state: TableState) => TableState])[] = [
    ...Array.from({ length: 7 }, (_, place) => [`sum ${place}`, (state: TableState) => ({ ...state, sums: replaced(state.sums, place, (sum) => addInField(sum, 7n)) })] as const),
    ...Array.from({ length: 7 }, (_, place) => [`rule ${place}`, (state: TableState) => ({ ...state, rules: replaced(state.rules, place, (rule) => addInField(rule, 5n)) })] as const),
    ['row', (state) => ({ ...state, nextRow: state.nextRow + 16 })], ['table digest', (state) => ({ ...state, digests: { ...state.digests, rows: 5n } })],
    ['book digest', (state) => ({ ...state, digests: { ...state.digests, book: 5n } })], ['weighted digest', (state) => ({ ...state, digests: { ...state.digests, weighted: 5n } })],
    ['settlement value', (state) => ({ ...state, vectorValue: addInField(state.vectorValue, 7n) })],
  ];
  const second = changes.map(([name, change]) => ({ name: `the second part hands on another ${name}`, input: from(2, change).parts[1] as CircuitInput }));
  const start = changes.map(([name, change]) => ({ name: `the first part starts from another ${name}`, input: from(0, change).end }));
  return { part: { accepted: honest.parts, refused: second }, end: { accepted: [honest.end], refused: start } };
}

/** Adds, to what is refused, each private number of the first honest input raised by 1; the ends of long lists stand for the rest. */
function withTampered(accepted: readonly CircuitInput[], refused: Target['refused']): Vectors {
  const honest = accepted[0] as CircuitInput;
  const tampered = Object.entries(honest).flatMap(([name, value]) => tamperedValues(value).map((other, place) => ({ name: `${name} raised, ${place}`, input: { ...honest, [name]: other } })));
  return { accepted, refused: [...refused, ...tampered] };
}

function tamperedValues(value: InputValue): InputValue[] {
  if (typeof value === 'bigint') return [value + 1n];
  const places = [...new Set([0, 1, value.length - 1])].filter((place) => place >= 0 && place < value.length);
  return places.flatMap((place) => tamperedValues(value[place] as InputValue).map((other) => value.map((each, at) => (at === place ? other : each))));
}
