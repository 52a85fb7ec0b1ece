import { FIELD_MODULUS, invertInField } from '../../../src/field/scalar-field.js';
import type { Constraint } from '../../harness/r1cs.js';
import type { Allowed } from '../allowed.js';
import { derive, type Choice, type Definition } from '../determinism.js';
import { mod, textOf, valuesAt, type System } from '../sparse-system.js';
import { Evaluation, constraintsOf } from './evaluation.js';

type Bits = Extract<Definition, { readonly kind: 'bits' }>;

/** What a system is searched with. */
export interface DropPlan {
  /** Inputs taken as results: hashes that the circuit compares with what it computes. */
  readonly derived: ReadonlySet<number>;
  /** Inputs that an honest prover computes from others: they follow when those change. */
  readonly chosen?: ReadonlyMap<number, Choice>;
  /** Divisions that `derive` may use to compute wires and these results. */
  readonly divisions: readonly Allowed[];
  /** Changes of inputs that make other valid witnesses to start from, each on top of those before it. */
  readonly settings: readonly ReadonlyMap<number, bigint>[];
  /** Constraints that are not searched for, because an entry of a list says what makes them needless. */
  readonly explained?: ReadonlySet<number>;
  /** Values tried for an input, given the one it has. */
  readonly tries: (wire: number, value: bigint) => readonly bigint[];
}

export interface Dropped {
  /** A wire takes another value, and everything that follows is computed anew and looked at by nobody. */
  readonly byShape: number;
  /** A witness was found that breaks this constraint and no other. */
  readonly byWitness: number;
  /** Found in neither way: perhaps nothing needs them. */
  readonly unnoticed: readonly number[];
}

/** How much a constraint is missed by, until nothing else notices. A tenth makes an option of a row that is none: kind 0 is 10 from it in TableRow. */
const MISSES = [1n, -1n, 2n, -2n, 3n, 2n ** 64n + 1n, 7n ** 80n % FIELD_MODULUS, invertInField(10n), mod(-invertInField(10n))];
/** Of numbers with no more other bits than this, all subsets are flipped. */
const SHORT = 4;

/**
 * Drops each constraint in turn and looks for a witness that only it refuses.
 *
 * The definitions of `derive` compute every wire from the inputs. A constraint that a definition uses can be missed on
 * purpose: its wires take other values and all later definitions follow, so nothing else breaks unless a check or a number
 * with too few bits stands further on. Those few are searched for in many settings. A constraint that no definition uses is
 * itself a check: some change of an input must break it alone.
 *
 * @param derivation of the system under the plan, when the caller has it
 */
export function dropEach(system: System, witness: readonly bigint[], plan: DropPlan, derivation = derive(system, plan.divisions, plan.derived, plan.chosen)): Dropped {
  const { definitions, undetermined } = derivation;
  const used = new Set(definitions.flatMap(constraintsOf));
  const all = [...system.constraints.keys()];
  // Without a definition for each wire nothing can be computed anew, and no constraint is known to be needed.
  if (undetermined.length > 0) return { byShape: 0, byWitness: 0, unnoticed: all };
  const evaluation = new Evaluation(system, definitions, all.filter((constraint) => !used.has(constraint)));
  assertIndependent(definitions);
  const unseen = new Set(used);
  for (const constraint of used) if (!evaluation.users(constraint).some((place) => evaluation.watches(place))) unseen.delete(constraint);
  const byShape = used.size - unseen.size;
  const sought = [...unseen, ...evaluation.checks];
  const explained = sought.filter((constraint) => plan.explained?.has(constraint));
  const search = new Search(system, evaluation, new Set(sought.filter((constraint) => !plan.explained?.has(constraint))), plan.tries, [...witness]);
  for (const setting of [new Map<number, bigint>(), ...plan.settings]) {
    if (search.left.size > 0) search.from(setting);
  }
  const unnoticed = [...search.left, ...explained].sort((left, right) => left - right);
  return { byShape, byWitness: sought.length - unnoticed.length, unnoticed };
}

/** Constraints that nothing needs and no entry of the list explains, in words. Entries are matched against "template: text without the number". */
export function unexplainedDrops(system: System, template: string, { unnoticed }: Dropped, allowed: readonly Allowed[]): string[] {
  const texts = unnoticed.map((constraint) => textOf(system, constraint));
  return texts.filter((text) => !isExplained(text, template, allowed));
}

export function isExplained(text: string, template: string, allowed: readonly Allowed[]): boolean {
  return allowed.some(({ signal }) => signal.test(`${template}: ${text.replace(/^#\d+: /, '')}`));
}

/** As many combinations as equations in them, or missing one equation would say nothing about the others. */
function assertIndependent(definitions: readonly Definition[]): void {
  const combinations = definitions.filter((one): one is Exclude<Definition, { readonly kind: 'division' | 'chosen' }> => one.kind !== 'division' && one.kind !== 'chosen');
  const equations = new Set(combinations.flatMap(({ factors }) => [...factors.keys()]));
  if (equations.size !== combinations.length) throw new Error(`${combinations.length} definitions combine ${equations.size} equations`);
}

/** A constraint that one check keeps from being missed, and what that check is off by when it is missed by 1. */
interface Held {
  readonly constraint: number;
  readonly effect: bigint;
}

/** Looks, setting after setting, for witnesses that break one constraint. */
class Search {
  /** @param values a witness, which settings change */
  constructor(
    private readonly system: System, private readonly evaluation: Evaluation, readonly left: Set<number>, private readonly tries: DropPlan['tries'], private readonly values: bigint[],
  ) {}

  from(setting: ReadonlyMap<number, bigint>): void {
    const { values } = this;
    const start = this.evaluation.try(values, { wires: setting });
    if (start === undefined) return;
    if (start.violated.length > 0) return start.undo();
    const held = this.missEach(values);
    this.unbitEach(values);
    this.bendInputs(values, held);
  }

  /**
   * Constraints of definitions, missed by a little.
   *
   * @returns by check, those that this check alone holds, with what a miss of 1 does to it
   */
  private missEach(values: bigint[]): ReadonlyMap<number, readonly Held[]> {
    const held = new Map<number, Held[]>();
    for (const constraint of [...this.left]) {
      if (this.evaluation.users(constraint).length === 0 || this.isBoolean(constraint)) continue;
      if (MISSES.some((by) => this.passes(values, { missed: [constraint, by] }))) {
        this.left.delete(constraint);
        continue;
      }
      const trial = this.evaluation.try(values, { missed: [constraint, 1n] });
      const [check, ...others] = trial?.violated ?? [];
      if (check !== undefined && others.length === 0) held.set(check, [...(held.get(check) ?? []), { constraint, effect: this.residual(check, values) }]);
      trial?.undo();
    }
    return held;
  }

  /** Constraints that say a wire is a bit: another bit of the same number is flipped, of a short number any others, and this one makes up for it. */
  private unbitEach(values: bigint[]): void {
    for (const constraint of [...this.left]) {
      const number = this.numberOf(constraint);
      if (number === undefined) continue;
      const own = number.booleans.indexOf(constraint);
      const others = [...number.wires.keys()].filter((place) => place !== own);
      const choices = others.length > SHORT ? others.map((place) => [place]) : subsets(others);
      const found = choices.some((places) => this.passes(values, { wires: compensated(number, own, places, values) }));
      if (found) this.left.delete(constraint);
    }
  }

  /** Checks: an input takes another value, and exactly one check fails; or none, when a constraint that only it holds makes up for it. */
  private bendInputs(values: bigint[], held: ReadonlyMap<number, readonly Held[]>): void {
    const open = [...this.evaluation.checks.filter((check) => this.left.has(check)), ...held.keys()];
    for (const wire of this.evaluation.inputsOf(open)) {
      for (const tried of this.tries(wire, values[wire] as bigint)) {
        const wires = new Map([[wire, mod(tried)]]);
        const trial = this.evaluation.try(values, { wires });
        const [check, ...others] = trial?.violated ?? [];
        const rest = check === undefined || others.length > 0 ? 0n : this.residual(check, values);
        trial?.undo();
        if (check === undefined || rest === 0n) continue;
        this.left.delete(check);
        for (const { constraint, effect } of held.get(check) ?? []) {
          const by = mod(-rest * invertInField(effect));
          if (this.left.has(constraint) && this.passes(values, { wires, missed: [constraint, by] })) this.left.delete(constraint);
        }
      }
    }
  }

  private residual(constraint: number, values: readonly bigint[]): bigint {
    const [a, b, c] = valuesAt(this.system.constraints[constraint] as Constraint, values);
    return mod(a * b - c);
  }

  private passes(values: bigint[], change: Parameters<Evaluation['try']>[1]): boolean {
    const trial = this.evaluation.try(values, change);
    trial?.undo();
    return trial?.violated.length === 0;
  }

  private isBoolean(constraint: number): boolean {
    return this.numberOf(constraint) !== undefined;
  }

  private numberOf(constraint: number): Bits | undefined {
    const definitions = this.evaluation.users(constraint).map((place) => this.evaluation.definitions[place] as Definition);
    return definitions.find((definition): definition is Bits => definition.kind === 'bits' && definition.booleans.includes(constraint));
  }
}

/** Values of a number's bits, some flipped and one no bit any more, with the same sum. */
function compensated(number: Bits, own: number, others: readonly number[], values: readonly bigint[]): ReadonlyMap<number, bigint> {
  const weight = (place: number): bigint => 1n << BigInt(number.exponents[place] as number);
  const valueAt = (place: number): bigint => values[number.wires[place] as number] as bigint;
  const moved = others.reduce((sum, place) => sum + (1n - 2n * valueAt(place)) * weight(place), 0n);
  return new Map(number.wires.map((wire, place) => [wire, others.includes(place) ? 1n - valueAt(place) : place === own ? mod(valueAt(place) - moved * invertInField(weight(own))) : valueAt(place)]));
}

/** All but the empty one. */
function subsets(list: readonly number[]): number[][] {
  return Array.from({ length: 2 ** list.length - 1 }, (_, choice) => list.filter((_one, place) => (((choice + 1) >> place) & 1) === 1));
}
