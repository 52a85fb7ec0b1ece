import { ALLOWED_DIVISIONS, ALLOWED_FREE, ALLOWED_UNNEEDED } from './allowed.js';
import type { CircuitUnderTest } from './circuits-under-test.js';
import { derive } from './determinism.js';
import { dropEach, unexplainedDrops } from './dropped/dropped-constraints.js';
import { dropPlan } from './dropped/drop-plans.js';
import { freeWires } from './free-wires.js';

/** What the gates found in one circuit; every list is empty in a sound one. */
export interface CircuitFigures {
  readonly name: string;
  /** As it is proven, and at --O1. */
  readonly constraints: number;
  readonly plainConstraints: number;
  readonly freeWires: readonly string[];
  readonly undetermined: readonly string[];
  readonly droppedUnnoticed: readonly string[];
  /** Dropped constraints noticed by the shape of the system, by a witness, and those that are explained instead. */
  readonly dropped: { readonly byShape: number; readonly byWitness: number; readonly explained: number };
}

/**
 * Compares a hash of the secret with a key that may be anybody's, so that each constraint of that hash would be searched for on its own, for hours.
 * test/circuits/account/{broken-accounts,broken-transitions}.test.ts show their checks one by one; hashes and rows are those of AccountExit, which is searched.
 */
const NOT_SEARCHED: readonly string[] = ['AccountMargin', 'AccountTransition'];

/**
 * Free wires in the circuit as it is proven; undetermined signals and dropped constraints at --O1.
 *
 * The proven system is the plain one with linear constraints solved and substituted. So a witness that breaks one product of
 * the plain system and nothing else breaks one constraint of the proven one: what is needed there is needed here.
 */
export function gatesOn({ name, template, proven, witness, plain, plainWitness }: CircuitUnderTest): CircuitFigures {
  const free = freeWires(proven, witness, ALLOWED_FREE);
  const plan = dropPlan(plain, template, plainWitness);
  const derivation = derive(plain, plan.divisions, plan.derived, plan.chosen);
  // Determined from fewer inputs is determined from all of them; the divisions that only the plan has give inputs.
  const undetermined = derivation.undetermined.length === 0 ? [] : derive(plain, ALLOWED_DIVISIONS).undetermined;
  const dropped = NOT_SEARCHED.includes(template) ? { byShape: 0, byWitness: 0, unnoticed: [] } : dropEach(plain, plainWitness, plan, derivation);
  const droppedUnnoticed = unexplainedDrops(plain, template, dropped, ALLOWED_UNNEEDED);
  return {
    name, constraints: proven.constraints.length, plainConstraints: plain.constraints.length,
    freeWires: free.map((wire) => `${wire.name} ${wire.change}`), undetermined: undetermined.map((wire) => plain.names[wire] ?? ''), droppedUnnoticed,
    dropped: { byShape: dropped.byShape, byWitness: dropped.byWitness, explained: dropped.unnoticed.length - droppedUnnoticed.length },
  };
}
