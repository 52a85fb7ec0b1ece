import { invertInField } from '../../../src/field/scalar-field.js';
import type { Constraint, LinearCombination } from '../../harness/r1cs.js';
import type { Definition } from '../determinism.js';
import { dot, holdsAt, mod, valuesAt, type System } from '../sparse-system.js';

/** What a trial changes in a witness before the definitions are computed anew. */
export interface Change {
  /** Values given to wires; a definition of such a wire is left out. */
  readonly wires?: ReadonlyMap<number, bigint>;
  /** A constraint that is to be missed, and what a * b - c is to be instead of 0. */
  readonly missed?: readonly [constraint: number, by: bigint];
}

/** beta, alone or less the number of a row: a hash, which meets an index by accident (and makes a divisor 0) with probability below 2^-240. */
const CHALLENGE = /\bbeta$|\b(identities|seal\.after)\.inverse\[\d+\]\.in$/;

/**
 * The definitions of a system as a program that computes all wires from the inputs, cut down to what somebody looks at:
 * wires that a check sees, that must be bits, that something is divided by, or that lead to such wires.
 *
 * All else (hashes above all) follows whatever happens below it, so a trial need not compute it.
 */
export class Evaluation {
  /** Definitions that lead to a check or to bits, in order. */
  private readonly watched: readonly number[];
  private readonly isWatched: Uint8Array;
  private readonly definedBy: Int32Array;
  /** Watched definitions that read a wire. */
  private readonly readers: ReadonlyMap<number, readonly number[]>;
  private readonly checksOn: ReadonlyMap<number, readonly number[]>;
  /** Divisions that are not watched themselves, by the wires they divide by. */
  private readonly divisionsBy = new Map<number, number[]>();
  private readonly usersOf = new Map<number, number[]>();

  /** @param all true to compute everything, as tests do to hold the short way to the long one */
  constructor(private readonly system: System, readonly definitions: readonly Definition[], readonly checks: readonly number[], all = false) {
    this.definedBy = new Int32Array(system.wires).fill(-1);
    definitions.forEach((definition, place) => {
      for (const wire of wiresOf(definition)) this.definedBy[wire] = place;
      for (const constraint of constraintsOf(definition)) push(this.usersOf, constraint, place);
    });
    this.isWatched = new Uint8Array(definitions.length).fill(all ? 1 : 0);
    if (!all) this.watch();
    this.watched = [...this.isWatched.keys()].filter((place) => this.isWatched[place] === 1);
    this.readers = this.readersOf();
    const checksOn = new Map<number, number[]>();
    for (const check of checks) for (const wire of wiresIn(system.constraints[check] as Constraint)) push(checksOn, wire, check);
    this.checksOn = checksOn;
  }

  /** Definitions that use a constraint. */
  users(constraint: number): readonly number[] {
    return this.usersOf.get(constraint) ?? [];
  }

  watches(definition: number): boolean {
    return this.isWatched[definition] === 1;
  }

  /** Inputs that lead to some of these checks. */
  inputsOf(checks: readonly number[]): number[] {
    const seen = new Set<number>();
    const queue = checks.flatMap((check) => wiresIn(this.system.constraints[check] as Constraint));
    for (let wire = queue.pop(); wire !== undefined; wire = queue.pop()) {
      if (seen.has(wire)) continue;
      seen.add(wire);
      const place = this.definedBy[wire] as number;
      if (place !== -1) queue.push(...this.wiresBefore(place));
    }
    return [...seen].filter((wire) => this.definedBy[wire] === -1 || this.definitions[this.definedBy[wire] as number]?.kind === 'chosen');
  }

  /**
   * Changes `values` and computes what follows.
   *
   * @returns the checks that now fail, and a way back; undefined when some number has no bits or some divisor is 0
   */
  try(values: bigint[], change: Change): { readonly violated: readonly number[]; readonly undo: () => void } | undefined {
    const before = new Map<number, bigint>();
    const undo = (): void => { for (const [wire, value] of before) values[wire] = value; };
    const set = (wire: number, value: bigint): void => {
      if (!before.has(wire)) before.set(wire, values[wire] as bigint);
      values[wire] = value;
    };
    for (const [wire, value] of change.wires ?? []) if (values[wire] !== value) set(wire, value);
    const fixed = new Set([...(change.wires?.keys() ?? [])].map((wire) => this.definedBy[wire] as number));
    const first = change.missed === undefined ? [] : this.users(change.missed[0]).filter((place) => this.watches(place));
    for (const place of this.affected([...before.keys()], first)) {
      if (fixed.has(place)) continue;
      const results = this.results(place, values, change.missed);
      if (results === undefined) {
        undo();
        return undefined;
      }
      for (const [wire, value] of results) if (values[wire] !== value) set(wire, value);
    }
    if ([...before.keys()].some((wire) => this.divisionsBy.get(wire)?.some((place) => this.dividesByZero(place, values)))) {
      undo();
      return undefined;
    }
    const touched = new Set([...before.keys()].flatMap((wire) => this.checksOn.get(wire) ?? []));
    return { violated: [...touched].filter((check) => !holdsAt(this.system.constraints[check] as Constraint, values)), undo };
  }

  /** Checks and watched wires that some checks could tell a change of; in order of computation. */
  private affected(wires: readonly number[], first: readonly number[]): number[] {
    const found = new Set(first);
    const queue = [...wires, ...first.flatMap((place) => wiresOf(this.definitions[place] as Definition))];
    for (let wire = queue.pop(); wire !== undefined; wire = queue.pop()) {
      for (const place of this.readers.get(wire) ?? []) {
        if (found.has(place)) continue;
        found.add(place);
        queue.push(...wiresOf(this.definitions[place] as Definition));
      }
    }
    return [...found].sort((left, right) => left - right);
  }

  /** New values of the wires of a definition: what makes its constraints hold, or miss by as much as asked. */
  private results(place: number, values: readonly bigint[], missed: Change['missed']): readonly (readonly [number, bigint])[] | undefined {
    const definition = this.definitions[place] as Definition;
    const aim = (constraint: number): bigint => (missed?.[0] === constraint ? missed[1] : 0n);
    if (definition.kind === 'division') {
      const { wire, constraint } = definition;
      const value = quotient(this.system.constraints[constraint] as Constraint, wire, values, aim(constraint));
      return value === undefined ? undefined : [[wire, value]];
    }
    if (definition.kind === 'chosen') return [[definition.wire, definition.choice.value(values)]];
    let off = 0n;
    for (const [constraint, factor] of definition.factors) {
      const [a, b, c] = valuesAt(this.system.constraints[constraint] as Constraint, values);
      off += factor * (a * b - c - aim(constraint));
    }
    if (definition.kind === 'linear') return [[definition.wire, mod((values[definition.wire] as bigint) + off)]];
    const { wires, exponents, scale } = definition;
    const old = wires.reduce((sum, wire, bit) => sum + (values[wire] as bigint) * (1n << BigInt(exponents[bit] as number)), 0n);
    return bitsOf(mod(old + scale * mod(off)), wires, exponents);
  }

  private dividesByZero(place: number, values: readonly bigint[]): boolean {
    const { wire, constraint } = this.definitions[place] as Extract<Definition, { readonly kind: 'division' }>;
    return slopeOf(this.system.constraints[constraint] as Constraint, wire, values) === 0n;
  }

  private watch(): void {
    const queue = this.checks.flatMap((check) => wiresIn(this.system.constraints[check] as Constraint));
    this.definitions.forEach((definition, place) => {
      if (definition.kind === 'bits') queue.push(...this.markWatched(place));
      if (definition.kind !== 'division') return;
      const { a, b } = this.system.constraints[definition.constraint] as Constraint;
      const divisor = [...a, ...b].map(([wire]) => wire).filter((wire) => wire !== 0 && wire !== definition.wire && !CHALLENGE.test(this.system.names[wire] ?? ''));
      for (const wire of divisor) push(this.divisionsBy, wire, place);
      queue.push(...divisor);
    });
    for (let wire = queue.pop(); wire !== undefined; wire = queue.pop()) {
      const place = this.definedBy[wire] as number;
      if (place !== -1 && this.isWatched[place] === 0) queue.push(...this.markWatched(place));
    }
  }

  private markWatched(place: number): number[] {
    this.isWatched[place] = 1;
    return this.wiresBefore(place);
  }

  /** Wires a definition reads. Those defined later stand in its constraints too, but cancel out of their combination. */
  private wiresBefore(place: number): number[] {
    const definition = this.definitions[place] as Definition;
    if (definition.kind === 'chosen') return [...definition.choice.reads];
    const read = new Set(factorsOf(definition).flatMap((constraint) => wiresIn(this.system.constraints[constraint] as Constraint)));
    return [...read].filter((wire) => (this.definedBy[wire] as number) < place);
  }

  private readersOf(): ReadonlyMap<number, readonly number[]> {
    const readers = new Map<number, number[]>();
    for (const place of this.watched) for (const wire of this.wiresBefore(place)) push(readers, wire, place);
    return readers;
  }
}

export function wiresOf(definition: Definition): readonly number[] {
  return definition.kind === 'bits' ? definition.wires : [definition.wire];
}

/** Every constraint that a definition needs. */
export function constraintsOf(definition: Definition): readonly number[] {
  return definition.kind === 'bits' ? [...definition.factors.keys(), ...definition.booleans] : factorsOf(definition);
}

function factorsOf(definition: Definition): number[] {
  if (definition.kind === 'chosen') return [];
  return definition.kind === 'division' ? [definition.constraint] : [...definition.factors.keys()];
}

function wiresIn({ a, b, c }: Constraint): number[] {
  return [...new Set([a, b, c].flatMap((terms) => terms.map(([wire]) => wire)))].filter((wire) => wire !== 0);
}

/** The wire's value for which a * b - c = aim, the wire being in a or b but not in both. */
function quotient(constraint: Constraint, wire: number, values: readonly bigint[], aim: bigint): bigint | undefined {
  const slope = slopeOf(constraint, wire, values);
  const [a, b, c] = [constraint.a, constraint.b, constraint.c].map((terms) => without(terms, wire, values)) as [bigint, bigint, bigint];
  return slope === 0n ? undefined : mod((aim + c - a * b) * invertInField(slope));
}

/** How a * b - c grows with the wire. */
function slopeOf({ a, b, c }: Constraint, wire: number, values: readonly bigint[]): bigint {
  const own = (terms: LinearCombination): bigint => mod(terms.reduce((sum, [each, coefficient]) => (each === wire ? sum + coefficient : sum), 0n));
  return mod(own(a) * without(b, wire, values) + own(b) * without(a, wire, values) - own(c));
}

function without(terms: LinearCombination, wire: number, values: readonly bigint[]): bigint {
  return dot(terms.filter(([each]) => each !== wire), values);
}

/** Each wire the bit at its exponent; undefined when the number has others. */
function bitsOf(number: bigint, wires: readonly number[], exponents: readonly number[]): readonly (readonly [number, bigint])[] | undefined {
  let rest = number;
  const bits = wires.map((wire, place) => {
    const weight = BigInt(exponents[place] as number);
    const bit = (number >> weight) & 1n;
    rest -= bit << weight;
    return [wire, bit] as const;
  });
  return rest === 0n ? bits : undefined;
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
