import { FIELD_MODULUS, invertInField } from '../../src/field/scalar-field.js';
import type { Constraint, LinearCombination } from '../harness/r1cs.js';
import type { Allowed } from './allowed.js';
import { LinearEngine } from './linear-engine.js';
import { mod, type System } from './sparse-system.js';

/** How a wire follows from others: from a combination of constraints, by a division, or as one of the bits of a known number. */
export type Definition =
  | { readonly kind: 'linear'; readonly wire: number; readonly factors: ReadonlyMap<number, bigint> }
  | { readonly kind: 'division'; readonly wire: number; readonly constraint: number }
  | { readonly kind: 'bits'; readonly wires: readonly number[]; readonly booleans: readonly number[]; readonly factors: ReadonlyMap<number, bigint>; readonly exponents: readonly number[] };

export interface Derivation {
  /** In an order in which each needs only what came before. */
  readonly definitions: readonly Definition[];
  /** Wires that nothing determines. */
  readonly undetermined: readonly number[];
  /** Constraints that determine nothing: they check what others determine. */
  readonly checks: readonly number[];
  /** Wires divided out of an equation whose factor no constraint shows to be other than 0, with the allowing entry. */
  readonly divisions: readonly number[];
}

/** Exponent of every power of two below p. */
const POWER = new Map(Array.from({ length: 254 }, (_, exponent) => [(1n << BigInt(exponent)) % FIELD_MODULUS, exponent] as const));

/**
 * Propagates from the inputs: a wire is determined when a constraint is linear in it alone, or when it is one of the bits
 * whose distinct powers of two add up to something known.
 *
 * @param derived inputs that are taken as results, such as published hashes
 */
export function derive(system: System, divisions: readonly Allowed[], derived: ReadonlySet<number> = new Set()): Derivation {
  const run = new Propagation(system, divisions);
  run.know(0);
  for (let wire = 1; wire <= system.inputs; wire += 1) if (!derived.has(wire)) run.know(wire);
  run.finish();
  return { definitions: run.definitions, undetermined: run.unknownWires(), divisions: run.divided, checks: [...run.engine.redundant.keys()] };
}

class Propagation {
  readonly definitions: Definition[] = [];
  readonly divided: number[] = [];
  readonly engine: LinearEngine;
  private readonly known: Uint8Array;
  private readonly booleanOf: ReadonlyMap<number, number>;
  /** Constraints not used yet, in the compiler's order, which is nearly that of computation. */
  private pending: number[];

  constructor(private readonly system: System, private readonly allowed: readonly Allowed[]) {
    const { constraints, wires } = system;
    this.known = new Uint8Array(wires);
    this.booleanOf = new Map(constraints.flatMap((constraint, number) => {
      const wire = booleanWire(constraint);
      return wire === undefined ? [] : [[wire, number] as const];
    }));
    this.engine = new LinearEngine((wire) => this.booleanOf.has(wire));
    const bits = new Set(this.booleanOf.values());
    this.pending = Array.from(constraints.keys()).filter((number) => !bits.has(number));
  }

  know(wire: number): void {
    if (this.known[wire] === 1) return;
    this.known[wire] = 1;
    this.engine.know(wire);
  }

  finish(): void {
    // Every step takes a constraint or defines a wire.
    for (let before = -1; before !== this.pending.length - this.definitions.length;) {
      before = this.pending.length - this.definitions.length;
      this.pending = this.pending.filter((number) => !this.take(number));
      for (let more = true; more;) more = this.takeSolved() || this.takeBits();
    }
    // A bit that something else determined is checked by its own constraint.
    const used = new Set(this.definitions.flatMap((one) => (one.kind === 'bits' ? one.booleans : [])));
    for (const [wire, number] of this.booleanOf) if (!used.has(number) && this.known[wire] === 1) this.engine.redundant.set(number, new Map([[number, 1n]]));
  }

  private takeSolved(): boolean {
    let any = false;
    for (let again = true; again;) {
      again = false;
      for (const { wire, factors } of this.engine.solved()) {
        if (this.known[wire] === 1) continue;
        this.definitions.push({ kind: 'linear', wire, factors: new Map(factors) });
        this.know(wire);
        again = true;
        any = true;
      }
    }
    return any;
  }

  /** Equations in bits alone, each at its own power of two below p: the number they make has one string of bits. */
  private takeBits(): boolean {
    for (const { terms, factors } of this.engine.rowsOver((wire) => this.booleanOf.has(wire))) {
      const exponents = powersOfTwo([...terms.values()]);
      if (exponents === undefined) continue;
      const wires = [...terms.keys()];
      this.definitions.push({ kind: 'bits', wires, booleans: wires.map((wire) => this.booleanOf.get(wire) as number), factors: new Map(factors), exponents });
      for (const wire of wires) this.know(wire);
      return true;
    }
    return false;
  }

  private unknownPart(terms: LinearCombination): LinearCombination {
    return terms.filter(([wire]) => this.known[wire] === 0);
  }

  /** An equation once both factors are determined; a division when one factor is a single unknown. */
  private take(number: number): boolean {
    const { a, b, c } = this.system.constraints[number] as Constraint;
    const [inA, inB] = [this.engine.residual(this.unknownPart(a)), this.engine.residual(this.unknownPart(b))];
    if (inA.size === 0 && inB.size === 0) {
      this.engine.add(number, this.unknownPart(c));
      return true;
    }
    const unknown = [...this.unknownPart(a), ...this.unknownPart(b)];
    return unknown.length === 1 && this.divide(number, (unknown[0] as readonly [number, bigint])[0]);
  }

  /** Determined when what the unknown is multiplied with cannot be 0, or an entry of the list says why not. */
  private divide(number: number, wire: number): boolean {
    const { a, b, c } = this.system.constraints[number] as Constraint;
    const alone = [a, b].some((terms) => terms.length === 1 && terms[0]?.[0] === wire);
    if (!alone || this.engine.residual(this.unknownPart(c)).size > 0) return false;
    // x * y = constant other than 0: y is not 0, or there is no witness at all.
    const inverse = c.length > 0 && c.every(([each]) => each === 0);
    if (!inverse) {
      if (!this.allowed.some(({ signal }) => signal.test(this.system.names[wire] ?? ''))) return false;
      this.divided.push(wire);
    }
    this.definitions.push({ kind: 'division', wire, constraint: number });
    this.know(wire);
    return true;
  }

  unknownWires(): number[] {
    return Array.from(this.known.keys()).filter((wire) => this.known[wire] === 0 && (this.system.seenBy[wire]?.length ?? 0) > 0);
  }
}

/** b when a constraint says b * (b - 1) = 0. */
export function booleanWire({ a, b, c }: Constraint): number | undefined {
  if (c.length > 0) return undefined;
  for (const [form, other] of [[a, b], [b, a]] as const) {
    const [only] = form;
    if (form.length !== 1 || only === undefined || only[0] === 0 || other.length !== 2) continue;
    const [wire, coefficient] = only;
    const [own, one] = [wire, 0].map((each) => other.find(([at]) => at === each)?.[1]);
    // k b * (m b - m) = 0, with any k and m other than 0.
    if (coefficient !== 0n && own !== undefined && one !== undefined && own !== 0n && mod(own + one) === 0n) return wire;
  }
  return undefined;
}

/** Exponents e_i with coefficients proportional to 2^e_i, all different and below 2^253; undefined when there are none. */
function powersOfTwo(coefficients: readonly bigint[]): number[] | undefined {
  const [first = 1n, ...others] = coefficients;
  const inverse = invertInField(first);
  for (let own = 0; own <= 252; own += 1) {
    const exponents = [own];
    for (const coefficient of others) {
      const exponent = POWER.get(mod(coefficient * inverse * (1n << BigInt(own))));
      if (exponent === undefined || exponent > 252) break;
      exponents.push(exponent);
    }
    if (exponents.length === coefficients.length && new Set(exponents).size === exponents.length) return exponents;
  }
  return undefined;
}
