import { FIELD_MODULUS, toField } from '../../../src/field/scalar-field.js';
import type { Constraint, ConstraintSystem, LinearCombination } from '../../harness/r1cs.js';

/** A wire set to another value than the circuit computed. */
export interface Tamper {
  readonly wire: number;
  readonly value: bigint;
}

/** Constraints of a circuit, evaluated over tampered witnesses: knows which constraints see a wire, so that every wire can be tried. */
export class TamperedSystem {
  private readonly seenBy: readonly (readonly Constraint[])[];

  constructor(private readonly system: ConstraintSystem) {
    const seenBy = Array.from({ length: system.nWires }, () => new Set<Constraint>());
    for (const constraint of system.constraints) {
      for (const [wire] of [...constraint.a, ...constraint.b, ...constraint.c]) seenBy[wire]?.add(constraint);
    }
    this.seenBy = seenBy.map((constraints) => [...constraints]);
  }

  get wires(): number {
    return this.system.nWires;
  }

  get publicSignals(): number {
    return this.system.nPublic;
  }

  /** Numbers of all constraints that `witness` breaks. */
  violated(witness: readonly bigint[]): number[] {
    return this.system.constraints.flatMap((constraint, number) => (holds(constraint, (wire) => witness[wire] as bigint) ? [] : [number]));
  }

  /** Whether a witness that satisfies every constraint still does with these wires replaced. */
  acceptsTampered(witness: readonly bigint[], tampers: readonly Tamper[]): boolean {
    const replaced = new Map(tampers.map(({ wire, value }) => [wire, toField(value)]));
    const touched = new Set(tampers.flatMap(({ wire }) => this.seenBy[wire] ?? []));
    return [...touched].every((constraint) => holds(constraint, (wire) => replaced.get(wire) ?? (witness[wire] as bigint)));
  }
}

function holds({ a, b, c }: Constraint, valueOf: (wire: number) => bigint): boolean {
  return (evaluate(a, valueOf) * evaluate(b, valueOf) - evaluate(c, valueOf)) % FIELD_MODULUS === 0n;
}

function evaluate(terms: LinearCombination, valueOf: (wire: number) => bigint): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of terms) sum += valueOf(wire) * coefficient;
  return sum % FIELD_MODULUS;
}
