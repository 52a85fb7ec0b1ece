import { invertInField } from '../../../src/field/scalar-field.js';
import type { Constraint } from '../../harness/r1cs.js';
import { mod, valuesAt, type System } from '../sparse-system.js';

type Row = Map<number, bigint>;

/**
 * In how many directions a valid witness can move while every constraint still holds to first order: wires that some
 * constraint sees, less the rank of the constraints' derivatives there.
 *
 * A constraint that is gone shows as one direction more, unless others repeat it at this witness (a number with two range
 * checks cannot move a little with either).
 */
export function kernelDimension(system: System, witness: readonly bigint[]): number {
  const rows = system.constraints.map((constraint) => derivative(constraint, witness));
  const columns = new Map<number, Set<number>>();
  rows.forEach((row, number) => { for (const wire of row.keys()) holdersOf(columns, wire).add(number); });
  const core = new Set(rows.keys());
  const peeled = peel(rows, columns, core);
  const seen = system.seenBy.filter((occurrences, wire) => wire > 0 && occurrences.length > 0).length;
  return seen - peeled - rankOf([...core].map((number) => rows[number] as Row));
}

/** d(a b - c) at the witness, without the constant wire. */
function derivative(constraint: Constraint, witness: readonly bigint[]): Row {
  const [va, vb] = valuesAt(constraint, witness);
  const row: Row = new Map();
  for (const [terms, factor] of [[constraint.a, vb], [constraint.b, va], [constraint.c, -1n]] as const) {
    for (const [wire, coefficient] of terms) if (wire !== 0) row.set(wire, mod((row.get(wire) ?? 0n) + factor * coefficient));
  }
  for (const [wire, value] of row) if (value === 0n) row.delete(wire);
  return row;
}

/** A row that alone sees some wire is independent of all others. Takes such rows out until none is left; gives their number. */
function peel(rows: readonly Row[], columns: ReadonlyMap<number, Set<number>>, core: Set<number>): number {
  const single = [...columns].filter(([, holders]) => holders.size === 1).map(([wire]) => wire);
  let peeled = 0;
  for (let wire = single.pop(); wire !== undefined; wire = single.pop()) {
    const [number] = columns.get(wire) ?? [];
    if (number === undefined) continue;
    core.delete(number);
    peeled += 1;
    for (const other of (rows[number] as Row).keys()) {
      const holders = columns.get(other) as Set<number>;
      holders.delete(number);
      if (holders.size === 1) single.push(other);
    }
  }
  return peeled;
}

function rankOf(rows: readonly Row[]): number {
  const pivots = new Map<number, Row>();
  for (const row of [...rows].sort((left, right) => left.size - right.size)) {
    for (let next = pivotIn(row, pivots); next !== undefined; next = pivotIn(row, pivots)) subtract(row, pivots.get(next) as Row, row.get(next) as bigint);
    const [first] = row;
    if (first === undefined) continue;
    const inverse = invertInField(first[1]);
    pivots.set(first[0], new Map([...row].map(([wire, value]) => [wire, mod(value * inverse)])));
  }
  return pivots.size;
}

function pivotIn(row: Row, pivots: ReadonlyMap<number, Row>): number | undefined {
  for (const wire of row.keys()) if (pivots.has(wire)) return wire;
  return undefined;
}

function subtract(row: Row, pivot: Row, factor: bigint): void {
  for (const [wire, value] of pivot) {
    const rest = mod((row.get(wire) ?? 0n) - factor * value);
    if (rest === 0n) row.delete(wire);
    else row.set(wire, rest);
  }
}

function holdersOf(columns: Map<number, Set<number>>, wire: number): Set<number> {
  const holders = columns.get(wire) ?? new Set<number>();
  columns.set(wire, holders);
  return holders;
}
