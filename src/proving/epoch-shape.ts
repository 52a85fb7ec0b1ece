import type { BatchShape } from '../commitment/epoch-chain.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { MarketTable } from '../risk/market-table.js';
import { tieredRows } from '../risk/tiers.js';
import { adviceOnBatch, adviceOnClose, parameterOf, type CloseNeed } from './circuit-advice.js';
import { ShapeMismatchError } from './shape-mismatch-error.js';

/** A circuit that an epoch's batches may be proven in. */
export interface BatchCircuit {
  readonly circuit: string;
  readonly shape: BatchShape;
  readonly indexBits: number;
}

/** What closes an epoch: one proof over all rows, or one for each `rows` rows and one over their ends. U rows in all, T tiered slots. */
export type CloseCircuits =
  | { readonly kind: 'whole'; readonly circuit: string; readonly U: number; readonly T: number }
  | {
    readonly kind: 'parts'; readonly part: string; readonly rows: number; readonly count: number; readonly end: string;
    readonly U: number; readonly T: number;
  };

/** The circuits of an epoch and what they fix. */
export interface EpochShape {
  /** Widest first: each takes every account that the next one takes. */
  readonly batches: readonly BatchCircuit[];
  readonly close: CloseCircuits;
  /** Scenarios. */
  readonly S: number;
  /** Depth of the accounts tree. */
  readonly depth: number;
}

/**
 * The shape that batch circuits and what closes them make together, for one market table: the number of parts follows
 * from its rows.
 *
 * @param circuits  any number of batch circuits, and one close, or one part with one end; in any order
 * @param catalogue circuits an error may advise to take instead
 * @throws ShapeMismatchError when they cannot stand in one epoch, or cannot close this table
 */
export function epochShape(circuits: readonly CircuitDefinition[], table: MarketTable, catalogue: readonly CircuitDefinition[] = circuits): EpochShape {
  const twice = circuits.find(({ name }, place) => circuits.findIndex((other) => other.name === name) !== place);
  if (twice !== undefined) throw new ShapeMismatchError(`${twice.name} is named twice: name each circuit once`, { circuit: twice.name });
  const batches = circuits.filter(({ template }) => template === 'SolvencyBatch');
  const [first] = batches;
  if (first === undefined) throw new ShapeMismatchError('no batch circuit is named: name at least one solvency-batch');
  const need: CloseNeed = {
    S: parameterOf(first, 'S'), depth: parameterOf(first, 'DEPTH'), rows: table.rows.length, tiers: tieredRows(table) > 0,
    T: Math.max(...batches.map((batch) => parameterOf(batch, 'T'))),
  };
  const closing = closingOf(circuits, need, catalogue);
  requireSame([...batches, ...closing], ['S', 'DEPTH']);
  requireSame(batches, ['W']);
  const shape = { batches: widestFirst(batches.map(batchCircuitOf)), close: closeOf(closing, table.rows.length), S: need.S, depth: need.depth };
  requireTiers(shape, need, catalogue);
  for (const batch of shape.batches) requireIndexBits(batch, shape, catalogue);
  return shape;
}

/** Names of all circuits of a shape: batches, then what closes. */
export function circuitsOf({ batches, close }: EpochShape): readonly string[] {
  return [...batches.map(({ circuit }) => circuit), ...(close.kind === 'whole' ? [close.circuit] : [close.part, close.end])];
}

/** The circuit whose domain starts the chain and which publishes the figures. */
export function closingCircuit(close: CloseCircuits): string {
  return close.kind === 'whole' ? close.circuit : close.end;
}

/** The batch circuit of that name. @throws ShapeMismatchError when the shape has none */
export function batchNamed({ batches }: EpochShape, circuit: string): BatchCircuit {
  const found = batches.find((batch) => batch.circuit === circuit);
  if (found === undefined) throw new ShapeMismatchError(`${circuit} is no batch circuit of this epoch: it has ${batches.map((batch) => batch.circuit).join(', ')}`, { circuit });
  return found;
}

/** One close, or a part and an end; in that order. */
function closingOf(circuits: readonly CircuitDefinition[], need: CloseNeed, catalogue: readonly CircuitDefinition[]): CircuitDefinition[] {
  const unknown = circuits.find(({ template }) => !['SolvencyBatch', 'SolvencyClose', 'SolvencyClosePart', 'SolvencyCloseEnd'].includes(template));
  if (unknown !== undefined) throw new ShapeMismatchError(`${unknown.name} is a ${unknown.template}, which has no place in an epoch: leave it out`, { circuit: unknown.name });
  const closing = circuits.filter(({ template }) => template !== 'SolvencyBatch');
  const kinds = closing.map(({ template }) => template).sort().join();
  if (kinds === 'SolvencyClose') return closing;
  if (kinds === 'SolvencyCloseEnd,SolvencyClosePart') return [...closing].sort((a, b) => b.template.localeCompare(a.template));
  const found = closing.length === 0 ? 'nothing closes the epoch' : `${closing.map(({ name }) => name).join(', ')} cannot close an epoch together`;
  throw new ShapeMismatchError(`${found}: name one solvency-close, or one solvency-close-part and one solvency-close-end; ${adviceOnClose(catalogue, need)}`);
}

/** Parameters that a circuit does not have bind it to nothing: a part knows no tree. */
function requireSame(circuits: readonly CircuitDefinition[], parameters: readonly string[]): void {
  for (const parameter of parameters) {
    const having = circuits.filter((circuit) => circuit.parameters.some(({ name }) => name === parameter));
    const [first] = having;
    const other = having.find((circuit) => first !== undefined && parameterOf(circuit, parameter) !== parameterOf(first, parameter));
    if (first === undefined || other === undefined) continue;
    throw new ShapeMismatchError(
      `${first.name} and ${other.name} differ in ${parameter}: take circuits made for each other`, { circuit: first.name, other: other.name, parameter },
    );
  }
}

function batchCircuitOf(circuit: CircuitDefinition): BatchCircuit {
  const of = (parameter: string): number => parameterOf(circuit, parameter);
  return { circuit: circuit.name, shape: { N: of('N'), K: of('K'), T: of('T'), S: of('S'), W: of('W') }, indexBits: of('INDEX_BITS') };
}

/** @throws ShapeMismatchError when of two circuits each takes accounts that the other does not */
function widestFirst(batches: readonly BatchCircuit[]): BatchCircuit[] {
  const sorted = [...batches].sort((a, b) => b.shape.K - a.shape.K || b.shape.T - a.shape.T || b.shape.N - a.shape.N || a.circuit.localeCompare(b.circuit));
  const at = sorted.findIndex(({ shape }, place) => place > 0 && shape.T > (sorted[place - 1] as BatchCircuit).shape.T);
  if (at < 0) return sorted;
  const [wide, narrow] = [sorted[at - 1] as BatchCircuit, sorted[at] as BatchCircuit];
  throw new ShapeMismatchError(
    `${wide.circuit} has more slots than ${narrow.circuit} but fewer tiered ones: of two batch circuits one must be at least as wide in both`,
    { circuit: wide.circuit, other: narrow.circuit },
  );
}

function closeOf(closing: readonly CircuitDefinition[], listedRows: number): CloseCircuits {
  const [first, end] = closing as readonly [CircuitDefinition, CircuitDefinition?];
  if (end === undefined) return { kind: 'whole', circuit: first.name, U: parameterOf(first, 'U'), T: parameterOf(first, 'T') };
  requireSame([first, end], ['T']);
  const rows = parameterOf(first, 'R');
  const count = Math.max(1, Math.ceil(listedRows / rows));
  return { kind: 'parts', part: first.name, rows, count, end: end.name, U: count * rows, T: parameterOf(first, 'T') };
}

function requireTiers({ batches, close }: EpochShape, need: CloseNeed, catalogue: readonly CircuitDefinition[]): void {
  const closing = closingCircuit(close);
  const wide = batches.find(({ shape }) => shape.T > close.T);
  if (wide !== undefined) {
    throw new ShapeMismatchError(
      `${wide.circuit} has ${wide.shape.T} tiered slots, ${closing} takes ${close.T}: ${adviceOnClose(catalogue, need)}`, { circuit: wide.circuit },
    );
  }
  if (need.tiers && close.T === 0) throw new ShapeMismatchError(`the table has tiers, ${closing} takes none: ${adviceOnClose(catalogue, need)}`, { circuit: closing });
  // Rows with caps and rows without have different digests, so a close of the one kind cannot open a table of the other.
  if (!need.tiers && close.T > 0) throw new ShapeMismatchError(`the table has no tiers, ${closing} takes tables with tiers only: ${adviceOnClose(catalogue, { ...need, T: 0 })}`, { circuit: closing });
}

function requireIndexBits({ circuit, shape, indexBits }: BatchCircuit, { close: { U }, S, depth }: EpochShape, catalogue: readonly CircuitDefinition[]): void {
  if (2 ** indexBits >= U + shape.K) return;
  throw new ShapeMismatchError(
    `${circuit} has ${indexBits} index bits, ${U} rows and ${shape.K} slots need 2^bits >= ${U + shape.K}: `
      + adviceOnBatch(catalogue, { S, depth, rows: U, slots: shape.K, tiered: shape.T, T: shape.T }),
    { circuit },
  );
}
