import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { readCircuitList, type CircuitDefinition } from '../groth16/circuit-list.js';
import { circuitPaths, compileCircuit, constraintCount } from './circuits.js';
import { runTool } from './command-line.js';

export const CONSTRAINT_SNAPSHOT = 'test/snapshots/constraints.json';

/** Where circuits of half or double size are compiled; only their counts stay. */
const COUNTS = 'build/constraints';
/** Compilers at once; each uses one core. */
const COMPILERS = 2;
/** Rows of a page: closes come in multiples of it. */
const PAGE_ROWS = 16;

/** A circuit costs another number of constraints than the snapshot says. */
export class ConstraintsChangedError extends ClearproofError {
  readonly code = 'CONSTRAINTS_CHANGED';
}

/** A production circuit costs more than this project allows itself. */
export class ConstraintBarError extends ClearproofError {
  readonly code = 'CONSTRAINT_BAR';
}

/** Shape and cost of a circuit: the template's parameters by name, `tiers` (tiered slots, of a market table 1 or 0), `total` constraints at --O2 and a slope. */
export interface CircuitCost {
  readonly kind: string;
  readonly [parameter: string]: number | string;
  readonly tiers: number;
  readonly total: number;
}

export type CircuitCosts = Readonly<Record<string, CircuitCost>>;

/** What the size of a circuit grows with, and what one more of it costs is called. */
export const SLOPES: Readonly<Record<string, readonly [size: string, slope: string]>> = {
  SolvencyBatch: ['N', 'perAccount'], SolvencyClose: ['U', 'perInstrument'], SolvencyClosePart: ['R', 'perInstrument'], MarketTable: ['ROWS', 'perInstrument'],
};

/** Most constraints of the production shapes, from the project's goals. */
const BARS: readonly { readonly what: string; readonly kind: string; readonly slope: string; readonly most: number; readonly of: Readonly<Record<string, number>> }[] = [
  { what: 'an account of 8 slots', kind: 'SolvencyBatch', slope: 'perAccount', most: 2_900, of: { K: 8, S: 16, tiers: 0 } },
  { what: 'an account of 50 slots', kind: 'SolvencyBatch', slope: 'perAccount', most: 6_900, of: { K: 50, S: 16, tiers: 0 } },
  { what: 'an instrument in the close', kind: 'SolvencyClose', slope: 'perInstrument', most: 1_100, of: { S: 16, tiers: 0 } },
  { what: 'an instrument in the market table', kind: 'MarketTable', slope: 'perInstrument', most: 3_950, of: { S: 16, OPTIONS: 1, tiers: 0 } },
  { what: 'a transition of 8 slots', kind: 'AccountTransition', slope: 'total', most: 35_000, of: { K: 8, S: 16, tiers: 0 } },
];
const MOST_PER_TIERED_SLOT = 85;

/**
 * Cost of these circuits, counted in what was compiled from source: each as it is, and at another size for the slope.
 *
 * @param withSlope whose slopes are counted: each compiles the circuit once more
 */
export async function countConstraints(
  circuits: readonly CircuitDefinition[], withSlope: (circuit: CircuitDefinition) => boolean = () => true,
): Promise<CircuitCosts> {
  const sources = await sourcesDigest();
  const costs = await mapAtOnce(circuits, COMPILERS, async (circuit) => [circuit.name, await costOf(circuit, sources, withSlope(circuit))] as const);
  return Object.fromEntries(costs);
}

async function costOf(circuit: CircuitDefinition, sources: string, withSlope: boolean): Promise<CircuitCost> {
  const shape = Object.fromEntries(circuit.parameters.map(({ name, value }) => [name, value]));
  const total = await constraintCount(circuitPaths(circuit.name).r1cs);
  const cost = { kind: circuit.template, ...shape, tiers: shape.T ?? shape.TIERS ?? 0, total };
  const [size, slope] = SLOPES[circuit.template] ?? [];
  if (!withSlope || size === undefined || slope === undefined) return cost;
  const here = shape[size] as number;
  const other = otherSize(size, here);
  const there = await countAtSize(circuit, size, other, sources);
  return { ...cost, [slope]: Math.round(((total - there) / (here - other)) * 100) / 100 };
}

/** Half where that is still many accounts, for hashing comes in blocks and few accounts fill them unevenly; else double. */
function otherSize(size: string, value: number): number {
  if (size === 'N') return value >= 64 ? value / 2 : 2 * value;
  const half = Math.floor(value / 2 / PAGE_ROWS) * PAGE_ROWS;
  return half >= PAGE_ROWS ? half : 2 * value;
}

async function countAtSize(circuit: CircuitDefinition, size: string, value: number, sources: string): Promise<number> {
  const parameters = circuit.parameters.map((parameter) => (parameter.name === size ? { name: size, value } : parameter));
  const resized = { ...circuit, name: `${circuit.name}-${size.toLowerCase()}${value}`, parameters };
  const known = join(COUNTS, `${createHash('sha256').update(sources).update(JSON.stringify(resized)).digest('hex').slice(0, 24)}.count`);
  const found = Number(await readFile(known, 'utf8').catch(() => ''));
  if (found > 0) return found;
  const { r1cs } = await compileCircuit(resized, COUNTS);
  const count = await constraintCount(r1cs);
  await rm(join(COUNTS, resized.name), { recursive: true, force: true });
  await writeFileAtomically(known, `${count}\n`);
  return count;
}

/** Digest of every circuit source, so that a count is taken again when any of them changes. */
async function sourcesDigest(): Promise<string> {
  const digest = createHash('sha256');
  const files = (await readdir('circuits', { recursive: true })).filter((file) => file.endsWith('.circom')).sort();
  for (const file of files) digest.update(`${file}\n`).update(await readFile(join('circuits', file)));
  return digest.digest('hex');
}

/** Bars that these costs break, in words; none when all hold. */
export function brokenBars(costs: CircuitCosts): string[] {
  const broken: string[] = [];
  for (const [name, cost] of Object.entries(costs)) {
    for (const { what, kind, slope, most, of } of BARS) {
      const applies = cost.kind.startsWith(kind) && typeof cost[slope] === 'number' && Object.entries(of).every(([parameter, value]) => cost[parameter] === value);
      if (applies && (cost[slope] as number) > most) broken.push(`${name}: ${what} costs ${cost[slope]} constraints, at most ${most}`);
    }
    const plain = Object.values(costs).find((other) => other.tiers === 0 && sameBut(other, cost));
    if (cost.tiers === 0 || plain === undefined || typeof cost.perAccount !== 'number') continue;
    const perSlot = (cost.perAccount - (plain.perAccount as number)) / cost.tiers;
    if (perSlot > MOST_PER_TIERED_SLOT) broken.push(`${name}: a tiered slot costs ${perSlot.toFixed(2)} constraints, at most ${MOST_PER_TIERED_SLOT}`);
  }
  return broken;
}

function sameBut(one: CircuitCost, other: CircuitCost): boolean {
  return ['kind', 'N', 'K', 'S', 'W', 'INDEX_BITS', 'DEPTH'].every((parameter) => one[parameter] === other[parameter]);
}

async function mapAtOnce<Item, Result>(items: readonly Item[], limit: number, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const take = async (): Promise<void> => {
    for (let place = next++; place < items.length; place = next++) results[place] = await work(items[place] as Item);
  };
  await Promise.all(Array.from({ length: limit }, take));
  return results;
}

/** Counts every circuit of circuits.json, holds the bars, and compares with the snapshot or renews it when UPDATE_SNAPSHOTS is set. */
async function main(): Promise<void> {
  const costs = await countConstraints(await readCircuitList());
  for (const [name, cost] of Object.entries(costs)) {
    const slope = cost.perAccount !== undefined ? `, ${cost.perAccount} an account` : cost.perInstrument !== undefined ? `, ${cost.perInstrument} an instrument` : '';
    console.log(`${name.padEnd(36)} ${String(cost.total).padStart(7)} constraints${slope}`);
  }
  const broken = brokenBars(costs);
  if (broken.length > 0) throw new ConstraintBarError(`${broken.join('; ')}: find what grew, or bring the bar's reason to docs/decisions`);
  const text = `${JSON.stringify(costs, undefined, 2)}\n`;
  if (process.env.UPDATE_SNAPSHOTS !== undefined) return writeFileAtomically(CONSTRAINT_SNAPSHOT, text);
  if (text !== (await readFile(CONSTRAINT_SNAPSHOT, 'utf8'))) {
    throw new ConstraintsChangedError(`the counts differ from ${CONSTRAINT_SNAPSHOT}: when the change is meant, run "UPDATE_SNAPSHOTS=1 make constraints"`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
