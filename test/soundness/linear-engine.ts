import { invertInField } from '../../src/field/scalar-field.js';
import { mod } from './sparse-system.js';

/** A combination of equations that leaves one unknown wire: wire = sum of factor * (value of equation). */
export interface LinearSolution {
  readonly wire: number;
  /** Equation number and its factor. */
  readonly factors: ReadonlyMap<number, bigint>;
}

interface Row {
  /** Unknown wires with their coefficients; the pivot's is 1. */
  readonly terms: Map<number, bigint>;
  readonly factors: Map<number, bigint>;
}

/**
 * Linear equations in unknown wires, kept in reduced echelon form, as they come in and as wires become known.
 *
 * The compiler keeps some layers of a hash as combinations of later ones, so their equations determine wires together only.
 */
export class LinearEngine {
  private readonly rows = new Map<number, Row>();
  private readonly rowsWith = new Map<number, Set<number>>();
  private readonly ready: number[] = [];
  /** Rows that `rowsOver` has not seen as they are now. */
  private readonly changed = new Set<number>();
  /** Equations that added nothing: they check what others determine. */
  readonly redundant = new Map<number, ReadonlyMap<number, bigint>>();

  /** @param isBit wires that are written in terms of others last, so that equations in bits stay in bits */
  constructor(private readonly isBit: (wire: number) => boolean) {}

  /** @param terms unknown wires of the equation, each once */
  add(equation: number, terms: Iterable<readonly [number, bigint]>): void {
    const row: Row = { terms: new Map(terms), factors: new Map([[equation, 1n]]) };
    if (!this.addRow(row)) this.redundant.set(equation, row.factors);
  }

  /** Takes a wire out of every equation, for it has become known. */
  know(wire: number): void {
    for (const holder of [...(this.rowsWith.get(wire) ?? [])]) {
      if (holder === wire) continue;
      const row = this.rows.get(holder);
      row?.terms.delete(wire);
      this.changed.add(holder);
      if (row?.terms.size === 1) this.ready.push(holder);
    }
    this.rowsWith.delete(wire);
    const own = this.rows.get(wire);
    if (own === undefined) return;
    this.rows.delete(wire);
    for (const each of own.terms.keys()) this.rowsWith.get(each)?.delete(wire);
    own.terms.delete(wire);
    // What is left of its row still speaks of the others.
    this.addRow(own);
  }

  /** Equations whose unknown wires all satisfy `is`, each once as it is: a row that was looked at comes again when it has changed. */
  *rowsOver(is: (wire: number) => boolean): Generator<{ readonly terms: ReadonlyMap<number, bigint>; readonly factors: ReadonlyMap<number, bigint> }> {
    for (const holder of this.changed) {
      this.changed.delete(holder);
      const row = this.rows.get(holder);
      if (row !== undefined && row.terms.size > 1 && [...row.terms.keys()].every(is)) yield row;
    }
  }

  /** The next wire whose row names no other unknown. */
  nextSolved(): LinearSolution | undefined {
    for (let wire = this.ready.pop(); wire !== undefined; wire = this.ready.pop()) {
      const row = this.rows.get(wire);
      if (row?.terms.size === 1) return { wire, factors: row.factors };
    }
    return undefined;
  }

  /** False when nothing unknown is left of it. */
  private addRow(row: Row): boolean {
    for (const wire of [...row.terms.keys()]) {
      const other = this.rows.get(wire);
      if (other !== undefined) subtract(row, other, row.terms.get(wire) as bigint);
    }
    const wires = [...row.terms.keys()];
    const pivot = wires.find((wire) => !this.isBit(wire)) ?? wires[0];
    if (pivot === undefined) return false;
    scale(row, invertInField(row.terms.get(pivot) as bigint));
    for (const holder of [...(this.rowsWith.get(pivot) ?? [])]) {
      const other = this.rows.get(holder) as Row;
      subtract(other, row, other.terms.get(pivot) as bigint);
      this.reindex(holder, row.terms.keys(), other);
    }
    this.rows.set(pivot, row);
    this.reindex(pivot, row.terms.keys(), row);
    return true;
  }

  /** @param touched wires that may stand in the row now or no more */
  private reindex(holder: number, touched: Iterable<number>, row: Row): void {
    this.changed.add(holder);
    if (row.terms.size === 1) this.ready.push(holder);
    for (const wire of touched) {
      const holders = this.rowsWith.get(wire);
      if (!row.terms.has(wire)) holders?.delete(holder);
      else if (holders === undefined) this.rowsWith.set(wire, new Set([holder]));
      else holders.add(holder);
    }
  }
}

function subtract(from: Row, row: Row, factor: bigint): void {
  combine(from.terms, row.terms, factor);
  combine(from.factors, row.factors, factor);
}

function combine(into: Map<number, bigint>, other: ReadonlyMap<number, bigint>, factor: bigint): void {
  for (const [key, value] of other) {
    const sum = mod((into.get(key) ?? 0n) - factor * value);
    if (sum === 0n) into.delete(key);
    else into.set(key, sum);
  }
}

function scale(row: Row, factor: bigint): void {
  for (const map of [row.terms, row.factors]) for (const [key, value] of map) map.set(key, mod(value * factor));
}
