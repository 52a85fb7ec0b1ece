import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { heldInRows } from '../../src/commitment/balance-commitment.js';
import { baseOf } from '../../src/commitment/identity.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { readCircuitList, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import type { ScenarioCount } from '../../src/margin/synthetic/synthetic-market.js';
import { syntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { parameterOf } from '../../src/proving/circuit-advice.js';
import { planEpoch } from '../../src/proving/epoch-plan.js';
import { epochShape } from '../../src/proving/epoch-shape.js';
import { epochStatements } from '../../src/proving/epoch-statements.js';
import { leafOf } from '../../src/witness/account-parts.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { marketTableInput, marketTableSignals } from '../../src/witness/market-table-input.js';
import { keyOfOwner } from '../builders/account.js';
import { TEST_VENUE } from '../builders/epoch.js';
import { inclusionInput, inclusionStatement } from '../builders/inclusion.js';
import { termedMarket, termedTieredMarket } from '../builders/termed-market.js';
import { gatesOn, type CircuitFigures } from './circuit-gates.js';
import { circuitUnderTest } from './circuits-under-test.js';
import { contentHash } from './content-hash.js';

const FOLDER = 'build/soundness';
const VENUE = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 7n };
const INSTRUMENTS = 24;
const SLOTS = 8;

/** Largest circuit that is looked at unasked: half a minute a gate, and what is larger differs in numbers only. */
const UNASKED = 130_000;

/** The smallest production circuit of each template whose smallest is small. */
export function smallestOfEach(circuits: readonly CircuitDefinition[]): CircuitDefinition[] {
  const smallest = new Map<string, CircuitDefinition>();
  for (const circuit of circuits.filter((one) => one.use === 'production' && sizeOf(one) <= UNASKED)) {
    const other = smallest.get(circuit.template);
    if (other === undefined || sizeOf(circuit) < sizeOf(other)) smallest.set(circuit.template, circuit);
  }
  return [...smallest.values()].sort((left, right) => sizeOf(left) - sizeOf(right));
}

/**
 * Proofs about single accounts that open rows are looked at in the tests' shapes, with one slot: slots share the top of the rows tree, and with several
 * of them every hash on the way to it would have to be searched.
 */
function isLookedAtInTests({ template }: CircuitDefinition): boolean {
  return ['AccountMargin', 'AccountExit', 'AccountSigner', 'RowMark'].includes(template);
}

/** Production circuits by what SOUNDNESS_CIRCUITS says: "all", "none", names with commas between, or nothing for the smallest ones. */
export async function productionCircuits(asked: string | undefined): Promise<CircuitDefinition[]> {
  const all = (await readCircuitList()).filter((circuit) => circuit.use === 'production' && !isLookedAtInTests(circuit));
  if (asked === undefined || asked === '') return smallestOfEach(all);
  if (asked === 'none') return [];
  return asked === 'all' ? [...all].sort((left, right) => sizeOf(left) - sizeOf(right)) : all.filter(({ name }) => asked.split(',').includes(name));
}

/** Roughly how the numbers of constraints compare. */
function sizeOf(circuit: CircuitDefinition): number {
  const of = (name: string): number => circuit.parameters.find((parameter) => parameter.name === name)?.value ?? 0;
  const [accounts, rows] = [of('N'), of('U') + of('R')];
  return accounts * (66 * of('K') + 100 * (of('S') + 1) + 68 * of('T')) + rows * (1000 + 25 * of('T')) + of('ROWS') * (3900 + 150 * of('TIERS')) + 6000 + of('S') + of('T');
}

/**
 * Gates over production circuits, smallest first. Figures are kept by the content of all sources they depend on, so a run
 * that was stopped goes on.
 */
export async function gatesOnProduction(circuits: readonly CircuitDefinition[], report: (line: string) => void): Promise<CircuitFigures[]> {
  const known = new KeptFigures();
  const start = performance.now();
  const total = circuits.filter(({ name }) => known.of(name) === undefined).reduce((sum, circuit) => sum + sizeOf(circuit), 0);
  let done = 0;
  const figures: CircuitFigures[] = [];
  for (const circuit of circuits) {
    let found = known.of(circuit.name);
    if (found === undefined) {
      const minutes = done === 0 ? '' : `, about ${Math.ceil((((total - done) * (performance.now() - start)) / done) / 60_000)} min left`;
      report(`${circuit.name}: compiling, then free wires, determinism and dropped constraints${minutes}`);
      found = gatesOn(await circuitUnderTest(circuit, await productionInput(circuit)));
      known.keep(found);
      done += sizeOf(circuit);
    }
    figures.push(found);
  }
  return figures;
}

/** Figures by circuit, in a file that is named by what they depend on. */
export class KeptFigures {
  private readonly file: string;
  private readonly figures = new Map<string, CircuitFigures>();

  constructor() {
    mkdirSync(FOLDER, { recursive: true });
    const key = contentHash(['circuits', 'test/soundness', 'test/harness', 'src/commitment', 'src/witness', 'src/proving', 'src/margin/synthetic', 'test/builders']);
    this.file = join(FOLDER, `circuits-${key}.jsonl`);
    if (!existsSync(this.file)) return;
    // The last line of a stopped run may be cut.
    for (const line of readFileSync(this.file, 'utf8').split('\n').filter((each) => each.endsWith('}'))) {
      const figures = JSON.parse(line) as CircuitFigures;
      this.figures.set(figures.name, figures);
    }
  }

  of(name: string): CircuitFigures | undefined {
    return this.figures.get(name);
  }

  keep(figures: CircuitFigures): void {
    appendFileSync(this.file, `${JSON.stringify(figures)}\n`);
  }
}

/** An honest input: the first batch of a synthetic venue, or what closes it. */
export async function productionInput(circuit: CircuitDefinition): Promise<CircuitInput> {
  if (circuit.template === 'MarketTable') return tableOf(circuit);
  if (circuit.template === 'AccountInclusion') return inclusionOf(circuit);
  const circuits = await epochAround(circuit);
  const [batch] = circuits as [CircuitDefinition];
  const [N, K, T, S] = ['N', 'K', 'T', 'S'].map((name) => parameterOf(batch, name)) as [number, number, number, number];
  const slots = Math.min(K, SLOTS);
  const { accounts, table } = syntheticVenue({
    seed: 'soundness', accounts: N, slots, instruments: INSTRUMENTS, scenarios: S as ScenarioCount, ...(T === 0 ? {} : { tieredSlots: Math.min(T, slots) }),
  });
  const poseidon = await bulkPoseidon();
  const statements = epochStatements(poseidon, planEpoch(poseidon, { accounts }, table, epochShape(circuits, table), VENUE, 1));
  if (circuit.template === 'SolvencyBatch') return statements.batchInput(0);
  return circuit.template === 'SolvencyClosePart' ? (statements.parts?.input(0) as CircuitInput) : statements.closeInput();
}

/** An account with holdings and debts in all slots, the first of its tree, and a receipt over all rows but those of the first and the last slot. */
async function inclusionOf(circuit: CircuitDefinition): Promise<CircuitInput> {
  const [K, depth] = [parameterOf(circuit, 'K'), parameterOf(circuit, 'DEPTH')];
  const poseidon = await bulkPoseidon();
  const slots = Array.from({ length: K }, (_, slot) => ({ index: 3 + 2 * slot, quantity: slot % 3 === 0 ? -5n : 100n }));
  const [firstRow, lastRow] = [4, 2 * K];
  const account = { key: keyOfOwner(poseidon), salt: 555n, slots };
  const path = MerkleTree16.ofLeaves(poseidon, depth, [leafOf(poseidon, account), 7n, 8n]).path(0);
  return inclusionInput(poseidon, inclusionStatement(poseidon, slots, { firstRow, lastRow, amount: heldInRows(slots, firstRow, lastRow) }, { account, path, depth }));
}

/** The table of the test circuits, its scenarios in turn until there are as many as the circuit takes. */
async function tableOf(circuit: CircuitDefinition): Promise<CircuitInput> {
  const [ROWS, TIERS, OPTIONS, S] = ['ROWS', 'TIERS', 'OPTIONS', 'S'].map((name) => parameterOf(circuit, name)) as [number, number, number, number];
  const table = TIERS === 1 ? termedTieredMarket('initial') : termedMarket();
  const inTurn = <Value>(list: readonly Value[]): Value[] => Array.from({ length: S }, (_, scenario) => list[scenario % list.length] as Value);
  const rows = table.rows.map((row) => ({ ...row, pnl: inTurn(row.pnl) }));
  const wide = { ...table, rows, moves: inTurn(table.moves ?? []), scenarios: Array.from({ length: S }, (_, scenario) => `move ${scenario + 1}`) };
  const poseidon = await bulkPoseidon();
  return marketTableInput(marketTableSignals(poseidon, baseOf(poseidon, TEST_VENUE), circuit.name, wide), wide, { ROWS, TIERS, OPTIONS, S });
}

/** Circuits that make an epoch with this one, the batch first. */
async function epochAround(circuit: CircuitDefinition): Promise<CircuitDefinition[]> {
  const list = await readCircuitList();
  const same = (other: CircuitDefinition, names: readonly string[]): boolean => names.every((name) => parameterOf(other, name) === parameterOf(circuit, name));
  const find = (template: string, fits: (other: CircuitDefinition) => boolean): CircuitDefinition => {
    if (circuit.template === template) return circuit;
    const found = list.find((other) => other.use === circuit.use && other.template === template && fits(other));
    if (found === undefined) throw new Error(`no ${template} stands in one epoch with ${circuit.name}`);
    return found;
  };
  const T = parameterOf(circuit, 'T');
  const batch = find('SolvencyBatch', (other) => same(other, ['S']) && (T === 0 ? parameterOf(other, 'T') === 0 : parameterOf(other, 'T') > 0 && parameterOf(other, 'T') <= T));
  if (circuit.template === 'SolvencyClosePart' || circuit.template === 'SolvencyCloseEnd') {
    const alike = (other: CircuitDefinition): boolean => same(other, ['S', 'T']);
    return [batch, find('SolvencyClosePart', alike), find('SolvencyCloseEnd', alike)];
  }
  return [batch, find('SolvencyClose', (other) => same(other, ['S']) && (T === 0 ? parameterOf(other, 'T') === 0 : parameterOf(other, 'T') >= T))];
}
