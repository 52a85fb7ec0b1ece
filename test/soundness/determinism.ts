import { FIELD_MODULUS, invertInField } from '../../src/field/scalar-field.js';
import type { Constraint, LinearCombination } from '../harness/r1cs.js';
import type { Allowed } from './allowed.js';
import { LinearEngine } from './linear-engine.js';
import { mod, type System } from './sparse-system.js';

/** How a wire follows from others: from a combination of constraints, by a division, or as one of the bits of a known number. */
export type Definition =
  | { readonly kind: 'linear'; readonly wire: number; readonly factors: ReadonlyMap<number, bigint> }
  | { readonly kind: 'division'; readonly wire: number; readonly constraint: number }
  /** An input with an honest value, computed from others when all it reads is known. No constraint is said to hold it. */
  | { readonly kind: 'chosen'; readonly wire: number; readonly choice: Choice }
  | {
    readonly kind: 'bits'; readonly wires: readonly number[]; readonly booleans: readonly number[]; readonly factors: ReadonlyMap<number, bigint>;
    readonly exponents: readonly number[];
    /** What the combination must be multiplied with to be the sum of 2^exponent * bit. */
    readonly scale: bigint;
  };

/** How an honest prover chooses an input. */
export interface Choice {
  readonly reads: readonly number[];
  /** The input's value, given those of all wires, its own included. */
  readonly value: (values: readonly bigint[]) => bigint;
}

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
 * @param chosen inputs that are taken when what their choice reads is known
 */
export function derive(system: System, divisions: readonly Allowed[], derived: ReadonlySet<number> = new Set(), chosen: ReadonlyMap<number, Choice> = new Map()): Derivation {
  const run = new Propagation(system, divisions, chosen);
  run.know(0);
  for (const wire of system.inputs) if (!derived.has(wire) && !chosen.has(wire)) run.know(wire);
  run.finish();
  return { definitions: run.definitions, undetermined: run.unknownWires(), divisions: run.divided, checks: [...run.engine.redundant.keys()] };
}

class Propagation {
  readonly definitions: Definition[] = [];
  readonly divided: number[] = [];
  readonly engine: LinearEngine;
  private readonly known: Uint8Array;
  private readonly booleanOf: ReadonlyMap<number, number>;
  /** Unknown wires in A or B, and in all of a constraint. */
  private readonly inFactors: Int32Array;
  private readonly missing: Int32Array;
  private readonly isBit: Uint8Array;
  private readonly equations: number[] = [];
  private readonly single: number[] = [];
  private readonly choices: number[] = [];
  /** Inputs whose choice waits for a wire, and for how many wires each of them waits. */
  private readonly waitingFor = new Map<number, number[]>();
  private readonly waits = new Map<number, number>();

  constructor(private readonly system: System, private readonly allowed: readonly Allowed[], private readonly chosen: ReadonlyMap<number, Choice>) {
    const { constraints, wires } = system;
    this.known = new Uint8Array(wires);
    this.booleanOf = new Map(constraints.flatMap((constraint, number) => {
      const wire = booleanWire(constraint);
      return wire === undefined ? [] : [[wire, number] as const];
    }));
    this.engine = new LinearEngine((wire) => this.booleanOf.has(wire));
    this.isBit = new Uint8Array(constraints.length);
    for (const number of this.booleanOf.values()) this.isBit[number] = 1;
    this.missing = new Int32Array(constraints.length);
    this.inFactors = new Int32Array(constraints.length);
    for (const occurrences of system.seenBy) for (const { constraint, a, b } of occurrences) this.count(constraint, a !== 0n || b !== 0n, 1);
    this.inFactors.forEach((count, constraint) => { if (count === 0) this.equations.push(constraint); });
    // The compiler's order is nearly that of computation.
    this.equations.reverse();
    for (const [wire, { reads }] of chosen) {
      this.waits.set(wire, new Set(reads).size);
      for (const read of new Set(reads)) this.waitingFor.set(read, [...(this.waitingFor.get(read) ?? []), wire]);
    }
  }

  know(wire: number): void {
    if (this.known[wire] === 1) return;
    this.known[wire] = 1;
    this.engine.know(wire);
    for (const input of this.waitingFor.get(wire) ?? []) {
      this.waits.set(input, (this.waits.get(input) as number) - 1);
      if (this.waits.get(input) === 0) this.choices.push(input);
    }
    for (const { constraint, a, b } of this.system.seenBy[wire] ?? []) this.count(constraint, a !== 0n || b !== 0n, -1);
  }

  private count(constraint: number, inFactors: boolean, change: 1 | -1): void {
    this.missing[constraint] = (this.missing[constraint] as number) + change;
    if (inFactors) this.inFactors[constraint] = (this.inFactors[constraint] as number) + change;
    if (change === 1 || this.isBit[constraint] === 1) return;
    if (inFactors && this.inFactors[constraint] === 0) this.equations.push(constraint);
    if (this.missing[constraint] === 1 && this.inFactors[constraint] === 1) this.single.push(constraint);
  }

  finish(): void {
    while (this.takeChoice() || this.takeEquation() || this.takeSolved() || this.takeDivision() || this.takeBits());
    // A bit that something else determined is checked by its own constraint.
    const used = new Set(this.definitions.flatMap((one) => (one.kind === 'bits' ? one.booleans : [])));
    for (const [wire, number] of this.booleanOf) if (!used.has(number) && this.known[wire] === 1) this.engine.redundant.set(number, new Map([[number, 1n]]));
  }

  private takeChoice(): boolean {
    const wire = this.choices.pop();
    if (wire === undefined) return false;
    if (this.known[wire] === 1) return true;
    this.definitions.push({ kind: 'chosen', wire, choice: this.chosen.get(wire) as Choice });
    this.know(wire);
    return true;
  }

  private takeEquation(): boolean {
    const number = this.equations.pop();
    if (number === undefined) return false;
    if (this.isBit[number] === 0) this.engine.add(number, this.unknownPart((this.system.constraints[number] as Constraint).c));
    return true;
  }

  private takeSolved(): boolean {
    const solution = this.engine.nextSolved();
    if (solution === undefined) return false;
    if (this.known[solution.wire] === 1) return true;
    this.definitions.push({ kind: 'linear', wire: solution.wire, factors: new Map(solution.factors) });
    this.know(solution.wire);
    return true;
  }

  private takeDivision(): boolean {
    const number = this.single.pop();
    if (number === undefined) return false;
    if (this.missing[number] === 1 && this.inFactors[number] === 1) this.divide(number);
    return true;
  }

  /** Equations in bits alone, each at its own power of two below p: the number they make has one string of bits. */
  private takeBits(): boolean {
    for (const { terms, factors } of this.engine.rowsOver((wire) => this.booleanOf.has(wire))) {
      const coefficients = [...terms.values()];
      const exponents = powersOfTwo(coefficients);
      if (exponents === undefined) continue;
      const scale = mod((1n << BigInt(exponents[0] as number)) * invertInField(coefficients[0] as bigint));
      const wires = [...terms.keys()];
      this.definitions.push({ kind: 'bits', wires, booleans: wires.map((wire) => this.booleanOf.get(wire) as number), factors: new Map(factors), exponents, scale });
      for (const wire of wires) this.know(wire);
      return true;
    }
    return false;
  }

  private unknownPart(terms: LinearCombination): LinearCombination {
    return terms.filter(([wire]) => this.known[wire] === 0);
  }

  /** Determined when what the unknown is multiplied with cannot be 0, or an entry of the list says why not. */
  private divide(number: number): void {
    const { a, b, c } = this.system.constraints[number] as Constraint;
    const wire = [a, b].map((terms) => terms[0]?.[0]).find((first, side) => first !== undefined && [a, b][side]?.length === 1 && this.known[first] === 0);
    // x * x = c has two solutions.
    if (wire === undefined || [a, b].every((terms) => terms.some(([each]) => each === wire))) return;
    // x * y = constant other than 0: y is not 0, or there is no witness at all.
    const inverse = c.length > 0 && c.every(([each]) => each === 0);
    if (!inverse) {
      if (!this.allowed.some(({ signal }) => signal.test(this.system.names[wire] ?? ''))) return;
      this.divided.push(wire);
    }
    this.definitions.push({ kind: 'division', wire, constraint: number });
    this.know(wire);
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
