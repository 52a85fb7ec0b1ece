import { baseOfVenue } from '../attestation/venue-base.js';
import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { formatDecimal } from '../fixed-point/decimal.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import { Random } from '../margin/synthetic/random.js';
import { parameterOf } from '../proving/circuit-advice.js';
import { planEpoch } from '../proving/epoch-plan.js';
import { epochShape, type EpochShape } from '../proving/epoch-shape.js';
import { epochStatements, type EpochStatements } from '../proving/epoch-statements.js';
import type { MarketTable } from '../risk/market-table.js';
import { parseStaticMarket, writeStaticMarket, type StaticCharges, type StaticInstrument } from '../risk/static-market.js';
import { instrumentsOf } from '../risk/tiers.js';
import type { Account, Holding } from '../venue/account.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import { marketTableInput, marketTableSignals } from '../witness/market-table-input.js';
import { fullTermedTable } from './bench-market.js';

/** No circuits of the list can stand in one epoch with the one to measure. */
export class NoEpochError extends ClearproofError {
  readonly code = 'NO_EPOCH';
}

/** A circuit's inputs in an epoch where every slot and every row is used: the most work it can be given. */
export interface BenchInputs {
  /** Different ones where the epoch has more than one. Secret in life, made up here. */
  readonly inputs: readonly (() => CircuitInput)[];
  /** The end that closes after a part's inputs; undefined for other circuits. */
  readonly end: { readonly circuit: string; readonly input: () => CircuitInput } | undefined;
  /** Rows that the parts' table lists. */
  readonly rows: number;
  /** Undefined for circuits of no epoch. */
  readonly treeCapacity: number | undefined;
  /** Planning, and hashing of accounts, tree and chain, for one account more; undefined for circuits that take none. */
  readonly planSecondsPerAccount: number | undefined;
}

const BATCHES = 2;
/** A second, larger epoch tells what one account more takes. */
const MORE_BATCHES = 6;
/** A table in parts: what a large venue lists, if its circuits take as many. */
const LARGE_TABLE = 1024;
export const MOST_PARTS = 5;
const SNAPSHOT_TIME = 1_767_225_600;
const DECIMALS = 6;
/** Quanta of each tiered instrument's first tier; every account holds more. */
const FIRST_CAP = 1_000_000n;
const VENUE = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };

/** The circuits of an epoch that the given one can stand in, itself among them. Only it needs a key to be measured. @throws NoEpochError */
export function epochCircuits(circuit: CircuitDefinition, list: readonly CircuitDefinition[]): readonly CircuitDefinition[] {
  const others = list.filter(({ use }) => use === circuit.use);
  const ofTemplate = (template: string): CircuitDefinition[] => (circuit.template === template ? [circuit] : others.filter((one) => one.template === template));
  const batches = ofTemplate('SolvencyBatch');
  const closings = [
    ...ofTemplate('SolvencyClose').map((close) => [close]),
    ...ofTemplate('SolvencyClosePart').flatMap((part) => ofTemplate('SolvencyCloseEnd').map((end) => [part, end])),
  ].filter((closing) => circuit.template === 'SolvencyBatch' || closing.includes(circuit));
  // Wide batches use more rows of the table that a close or a part walks over.
  const widest = [...batches].sort((a, b) => parameterOf(b, 'N') * parameterOf(b, 'K') - parameterOf(a, 'N') * parameterOf(a, 'K'));
  for (const batch of widest) {
    const closing = closings.find((each) => fit(batch, each));
    if (closing !== undefined) return [batch, ...closing];
  }
  throw new NoEpochError(`no circuits of the list stand in one epoch with ${circuit.name}: add a batch and a close of its scenarios, depth and tiers`, { circuit: circuit.name });
}

function fit(batch: CircuitDefinition, closing: readonly CircuitDefinition[]): boolean {
  const T = parameterOf(batch, 'T');
  return closing.every((one) => ['S', 'DEPTH'].every((name) => !has(one, name) || parameterOf(one, name) === parameterOf(batch, name))
    && parameterOf(one, 'T') >= T && parameterOf(one, 'T') > 0 === T > 0)
    && new Set(closing.map((one) => parameterOf(one, 'T'))).size === 1 && rowsOf(batch, closing) > 0;
}

/** Rows of the table to close, 0 when the batch has too few index bits for the close. */
function rowsOf(batch: CircuitDefinition, [first]: readonly CircuitDefinition[]): number {
  const most = 2 ** parameterOf(batch, 'INDEX_BITS') - parameterOf(batch, 'K');
  if (first === undefined) return 0;
  if (first.template === 'SolvencyClose') return parameterOf(first, 'U') <= most ? parameterOf(first, 'U') : 0;
  const R = parameterOf(first, 'R');
  return Math.min(LARGE_TABLE, R * Math.min(MOST_PARTS, Math.floor(most / R)));
}

/** Plans and hashes an epoch around a circuit, or makes a table for one that proves tables. */
export async function benchInputs(circuit: CircuitDefinition, list: readonly CircuitDefinition[]): Promise<BenchInputs> {
  if (circuit.template === 'MarketTable') return tableInputs(circuit);
  const circuits = epochCircuits(circuit, list);
  const [batch, ...closing] = circuits as readonly [CircuitDefinition, ...CircuitDefinition[]];
  const [N, K, T, S] = ['N', 'K', 'T', 'S'].map((name) => parameterOf(batch, name)) as [number, number, number, number];
  const table = fullTable(rowsOf(batch, closing), T, S);
  const shape = epochShape(circuits, table);
  const poseidon = await bulkPoseidon();
  const stateEpoch = (batches: number): EpochStatements => {
    const accounts = fullAccounts(batches * N, table, K, T);
    return epochStatements(poseidon, planEpoch(poseidon, { accounts }, table, shape, VENUE, 1));
  };
  const statements = stateEpoch(BATCHES);
  return {
    ...inputsOf(circuit, shape, statements), rows: table.rows.length, treeCapacity: 16 ** shape.depth,
    planSecondsPerAccount: circuit === batch ? (secondsOf(() => stateEpoch(MORE_BATCHES)) - secondsOf(() => stateEpoch(BATCHES))) / ((MORE_BATCHES - BATCHES) * N) : undefined,
  };
}

/** Of a venue without tiers: the capped rows of others cost a table's proof a few constraints each. */
async function tableInputs(circuit: CircuitDefinition): Promise<BenchInputs> {
  const [ROWS, TIERS, OPTIONS, S] = ['ROWS', 'TIERS', 'OPTIONS', 'S'].map((name) => parameterOf(circuit, name)) as [number, number, number, number];
  if (TIERS === 1) throw new NoEpochError(`${circuit.name} is not measured: take the market table without tiers, which is as large`, { circuit: circuit.name });
  const poseidon = await bulkPoseidon();
  const table = fullTermedTable(ROWS, S);
  const signals = marketTableSignals(poseidon, baseOfVenue(poseidon, VENUE), circuit.name, table);
  return { inputs: [() => marketTableInput(signals, table, { ROWS, TIERS, OPTIONS, S })], end: undefined, rows: ROWS, treeCapacity: undefined, planSecondsPerAccount: undefined };
}

function inputsOf({ template }: CircuitDefinition, { close }: EpochShape, statements: EpochStatements): Pick<BenchInputs, 'inputs' | 'end'> {
  const closeInput = (): CircuitInput => statements.closeInput();
  if (template === 'SolvencyBatch') return { inputs: statements.batchSignals.map((_, place) => () => statements.batchInput(place)), end: undefined };
  const { parts } = statements;
  if (template !== 'SolvencyClosePart' || parts === undefined || close.kind === 'whole') return { inputs: [closeInput], end: undefined };
  return { inputs: parts.signals.map((_, place) => () => parts.input(place)), end: { circuit: close.end, input: closeInput } };
}

/** A table of `rows` spot rows with a charge and S moves each; the first `tiered` rows are pairs of tiers. */
export function fullTable(rows: number, tiered: number, scenarios: number): MarketTable {
  const random = Random.fromSeed('bench');
  const pairs = Math.floor(tiered / 2);
  const instruments = Array.from({ length: rows - pairs }, (_, place): StaticInstrument => {
    const charges = (factor: bigint): StaticCharges => ({
      longCharge: { ofMark: formatDecimal(factor * random.between(100, 1_000), 4) }, shortCharge: { ofMark: formatDecimal(factor * random.between(100, 1_000), 4) },
    });
    return {
      id: `COIN-${place}`, kind: 'spot', asset: `COIN-${place}`, quantityDecimals: `${DECIMALS}`, mark: formatDecimal(random.between(1_000, 1_000_000), 4),
      // Second tiers are charged more than any first one.
      ...(place < pairs ? { tiers: [{ upTo: formatDecimal(FIRST_CAP, DECIMALS), ...charges(1n) }, { longCharge: { ofMark: '0.2' }, shortCharge: { ofMark: '0.2' } }] } : charges(1n)),
      pnl: { ofMark: Array.from({ length: scenarios }, () => formatDecimal(random.between(-1_600, 1_600), 4)) },
    };
  });
  return parseStaticMarket(writeStaticMarket({
    formatVersion: '1', currency: 'USD', valueScale: '12', level: 'maintenance', snapshotTime: `${SNAPSHOT_TIME}`, parameterSet: 'bench',
    scenarios: Array.from({ length: scenarios }, (_, place) => `move ${place + 1}`), instruments,
  }), 'table of the benchmark');
}

/** Accounts with `slots` rows each, `tiered` of them tiers, which together hold every row if there are enough of them. */
export function fullAccounts(count: number, table: MarketTable, slots: number, tiered: number): readonly Account[] {
  const random = Random.fromSeed('bench accounts');
  const instruments = instrumentsOf(table);
  const pairs = Math.floor(tiered / 2);
  const others = instruments.slice(pairs);
  const quantity = (): bigint => (2n * FIRST_CAP + BigInt(random.next()) * 256n) * (random.chance(25) ? -1n : 1n);
  return Array.from({ length: count }, (_, number): Account => {
    const each = slots - 2 * pairs;
    const chosen = Array.from({ length: Math.min(each, others.length) }, (_unused, slot) => others[(number * each + slot) % others.length]?.index ?? 0);
    const indices = [...instruments.slice(0, pairs).map(({ index }) => index), ...chosen.sort((a, b) => a - b)];
    return { userId: `user-${number}`, subAccount: 0, owner: undefined, holdings: indices.map((index): Holding => ({ index, quantity: quantity() })) };
  });
}

function secondsOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

function has(circuit: CircuitDefinition, parameter: string): boolean {
  return circuit.parameters.some(({ name }) => name === parameter);
}
