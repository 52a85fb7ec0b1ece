import assert from 'node:assert/strict';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { Constraint } from '../harness/r1cs.js';
import { ALLOWED_DIVISIONS, ALLOWED_FREE } from './allowed.js';
import { gatesOn, type CircuitFigures } from './circuit-gates.js';
import { circuitsOfTests, type CircuitUnderTest } from './circuits-under-test.js';
import { booleanWire, derive } from './determinism.js';
import { dropPlan } from './dropped/drop-plans.js';
import { dropEach, type Dropped } from './dropped/dropped-constraints.js';
import { Evaluation, constraintsOf } from './dropped/evaluation.js';
import { freeWires } from './free-wires.js';
import { holdsAt, systemOf, type System } from './sparse-system.js';

const MINUS_ONE = FIELD_MODULUS - 1n;

/** A system of a few constraints over wires 1, in, x, y, …; the first `inputs` wires after the 1 are inputs. */
function small(inputs: number, names: readonly string[], constraints: readonly Constraint[]): System {
  return systemOf(names.length + 1, new Set(Array.from({ length: inputs }, (_, place) => place + 1)), constraints, ['one', ...names]);
}

const bit = (wire: number): Constraint => ({ a: [[wire, 1n]], b: [[wire, 1n], [0, MINUS_ONE]], c: [] });

describe('the gate of free wires', () => {
  it('finds a wire that no constraint sees, and one that is seen only squared', () => {
    const system = small(1, ['in', 'x', 'unseen'], [{ a: [[1, 1n]], b: [[1, 1n]], c: [[2, 1n]] }]);
    assert.deepEqual(freeWires(system, [1n, 3n, 9n, 5n]).map(({ name, change }) => `${name} ${change}`), ['in negated', 'unseen +1', 'unseen -1', 'unseen negated', 'unseen +2^64']);
  });

  it('finds nothing where every wire is held, and nothing that the list allows', () => {
    const system = small(1, ['in', 'x'], [{ a: [[1, 1n]], b: [[1, 1n], [0, 1n]], c: [[2, 1n]] }]);
    assert.deepEqual(freeWires(system, [1n, 3n, 12n]), []);
    const squared = small(1, ['main.epoch', 'x'], [{ a: [[1, 1n]], b: [[1, 1n]], c: [[2, 1n]] }]);
    assert.deepEqual(freeWires(squared, [1n, 3n, 9n], ALLOWED_FREE), []);
  });
});

describe('the gate of determinism', () => {
  const undetermined = (system: System): string[] => derive(system, ALLOWED_DIVISIONS).undetermined.map((wire) => system.names[wire] ?? '');

  it('follows products and sums, and pairs of equations that hold two wires together', () => {
    assert.deepEqual(undetermined(small(1, ['in', 'x', 'y'], [
      { a: [[1, 1n]], b: [[1, 1n]], c: [[2, 1n], [3, 1n]] }, { a: [], b: [], c: [[2, 1n], [3, 2n], [1, 5n]] },
    ])), []);
  });

  it('finds wires that one equation holds together', () => {
    assert.deepEqual(undetermined(small(1, ['in', 'x', 'y'], [{ a: [[1, 1n]], b: [[1, 1n]], c: [[2, 1n], [3, 1n]] }])), ['x', 'y']);
  });

  it('takes the bits of a known number for determined, and not when one may be other than a bit', () => {
    const sum: Constraint = { a: [], b: [], c: [[2, 1n], [3, 2n], [4, 4n], [1, MINUS_ONE]] };
    const names = ['in', 'b0', 'b1', 'b2'];
    assert.deepEqual(undetermined(small(1, names, [bit(2), bit(3), bit(4), sum])), []);
    assert.deepEqual(undetermined(small(1, names, [bit(2), bit(4), sum])), ['b0', 'b1', 'b2']);
  });

  it('does not take bits for determined that share a power of two', () => {
    const sum: Constraint = { a: [], b: [], c: [[2, 1n], [3, 1n], [1, MINUS_ONE]] };
    assert.deepEqual(undetermined(small(1, ['in', 'b0', 'b1'], [bit(2), bit(3), sum])), ['b0', 'b1']);
  });

  it('takes an inverse for determined, but a fraction only where the list says why its denominator is not 0', () => {
    assert.deepEqual(undetermined(small(1, ['in', 'x'], [{ a: [[2, 1n]], b: [[1, 1n]], c: [[0, 1n]] }])), []);
    const fraction: Constraint = { a: [[3, 1n]], b: [[1, 1n]], c: [[2, 1n]] };
    assert.deepEqual(undetermined(small(2, ['denominator', 'numerator', 'x'], [fraction])), ['x']);
    assert.deepEqual(undetermined(small(2, ['denominator', 'numerator', 'main.account[3].fractions.netFraction[0]'], [fraction])), []);
  });

  it('finds a square root of a constant undetermined too', () => {
    assert.deepEqual(undetermined(small(1, ['in', 'x'], [{ a: [[2, 1n]], b: [[2, 1n]], c: [[0, 4n]] }])), ['x']);
  });

  it('finds a square root undetermined, and tells a boolean constraint from others', () => {
    assert.deepEqual(undetermined(small(1, ['in', 'x'], [{ a: [[2, 1n]], b: [[2, 1n]], c: [[1, 1n]] }])), ['x']);
    assert.equal(booleanWire(bit(2)), 2);
    assert.equal(booleanWire({ a: [[2, 1n]], b: [[2, 1n], [0, 1n]], c: [] }), undefined);
    assert.equal(booleanWire({ a: [[2, 1n]], b: [[3, 1n], [0, MINUS_ONE]], c: [] }), undefined);
  });
});

describe('dropping each constraint in turn', () => {
  /** Inputs are the first wires; those of `derived` are results. */
  const dropsOf = (inputs: number, names: readonly string[], constraints: readonly Constraint[], witness: readonly bigint[], derived: readonly number[] = []): Dropped => {
    const system = small(inputs, names, constraints);
    assert.ok(constraints.every((constraint) => holdsAt(constraint, witness)));
    return dropEach(system, witness, { derived: new Set(derived), divisions: [], settings: [], tries: (_, value) => [value + 1n, value - 1n] });
  };
  const product: Constraint = { a: [[1, 1n]], b: [[2, 1n]], c: [[3, 1n]] };

  it('finds nothing where each constraint gives a wire its value', () => {
    const square: Constraint = { a: [[3, 1n]], b: [[3, 1n]], c: [[4, 1n]] };
    assert.deepEqual(dropsOf(2, ['x', 'y', 'xy', 'square'], [product, square], [1n, 2n, 3n, 6n, 36n]), { byShape: 2, byWitness: 0, unnoticed: [] });
  });

  it('finds a constraint that repeats another, and one that follows from two others', () => {
    const multiple: Constraint = { a: [[1, 2n]], b: [[2, 3n]], c: [[3, 6n]] };
    assert.deepEqual(dropsOf(2, ['x', 'y', 'xy'], [product, multiple], [1n, 2n, 3n, 6n]).unnoticed, [0, 1]);
    const [sum, less]: Constraint[] = [{ a: [], b: [], c: [[1, 1n], [2, 1n], [3, MINUS_ONE]] }, { a: [], b: [], c: [[2, 1n], [1, 1n], [4, MINUS_ONE]] }];
    const equal: Constraint = { a: [], b: [], c: [[3, 1n], [4, MINUS_ONE]] };
    assert.deepEqual(dropsOf(2, ['x', 'y', 's', 't'], [sum as Constraint, less as Constraint, equal], [1n, 2n, 3n, 5n, 5n]).unnoticed, [0, 1, 2]);
  });

  it('takes a check for needed when some input breaks it alone', () => {
    const check: Constraint = { a: [[1, 1n]], b: [[2, 1n]], c: [[0, 6n]] };
    assert.deepEqual(dropsOf(2, ['x', 'y'], [check], [1n, 2n, 3n]).unnoticed, []);
    assert.deepEqual(dropsOf(2, ['x', 'y'], [check, check], [1n, 2n, 3n]).unnoticed, [0, 1]);
  });

  it('takes each constraint of a range check for needed', () => {
    const sum: Constraint = { a: [], b: [], c: [[2, 1n], [3, 2n], [1, MINUS_ONE]] };
    assert.deepEqual(dropsOf(1, ['x', 'b0', 'b1'], [bit(2), bit(3), sum], [1n, 2n, 0n, 1n]).unnoticed, []);
  });

  it('takes a hash for a result where the plan says so', () => {
    const compared: Constraint = { a: [[1, 1n]], b: [[1, 1n]], c: [[2, 1n]] };
    assert.deepEqual(dropsOf(2, ['x', 'hash'], [compared], [1n, 3n, 9n], [2]), { byShape: 1, byWitness: 0, unnoticed: [] });
  });
});

describe('one witness for each dropped constraint', function () {
  this.timeout(1_200_000);

  it('breaks that constraint and no other when everything is computed: a seeded sample of a part', async () => {
    const [{ plain, plainWitness, template }] = await circuitsOfTests((name) => name.startsWith('solvency-close-part')) as [CircuitUnderTest];
    const plan = dropPlan(plain, template, plainWitness);
    const { definitions } = derive(plain, plan.divisions, plan.derived, plan.chosen);
    const used = new Set(definitions.flatMap(constraintsOf));
    const evaluation = new Evaluation(plain, definitions, [...plain.constraints.keys()].filter((constraint) => !used.has(constraint)), true);
    const values = [...plainWitness];
    for (const constraint of [...used].filter((one) => one % 4001 === 7 && plain.constraints[one]?.a.length !== 0)) {
      const trial = evaluation.try(values, { missed: [constraint, 1n] });
      if (trial === undefined || trial.violated.length > 0) continue;
      assert.deepEqual(plain.constraints.flatMap((one, number) => (holdsAt(one, values) ? [] : [number])), [constraint]);
      trial.undo();
    }
    assert.deepEqual(values, plainWitness);
  });
});

describe('the circuits of the tests', function () {
  // Twice 16 circuits are compiled before anything is looked at, beside whatever else runs.
  this.timeout(2_400_000);
  let figures: readonly CircuitFigures[];
  before(async () => { figures = (await circuitsOfTests()).map(gatesOn); });

  it('are all looked at: batches, closes, a part and an end, market tables, with and without tiers', () => {
    assert.deepEqual(figures.map(({ name }) => name), [
      'solvency-batch-n16-k3-s2', 'solvency-batch-n16-k5-s2-t2', 'solvency-close-u16-s2', 'solvency-close-u32-s2-t2', 'solvency-close-part-r16-s2-t2', 'solvency-close-end-s2-d2-t2',
      'market-table-u16-s2', 'market-table-u32-s2-t', 'account-margin-k4-s2-d2', 'account-exit-k4-s2-d2', 'account-signer', 'row-mark-s2',
      'account-inclusion-k3-d2', 'account-inclusion-k5-d2', 'account-transition-k4-s2', 'account-transition-k5-s2',
    ]);
  });

  it('have no free wire but the sign of public signals that only the contract compares', () => {
    for (const { name, freeWires: free } of figures) assert.deepEqual(free, [], name);
  });

  it('leave no signal undetermined but fractions under a challenge', () => {
    for (const { name, undetermined: left } of figures) assert.deepEqual(left, [], name);
  });

  it('need each of their constraints but those that allowed.ts explains: two of a close, some of a table\'s rows', () => {
    for (const { name, droppedUnnoticed } of figures) assert.deepEqual(droppedUnnoticed, [], name);
    // Neither account-margin nor account-transition is searched: circuit-gates.ts says why.
    const searched = figures.filter(({ name }) => !/^account-(margin|transition)-/.test(name));
    const count = searched.map(({ plainConstraints, dropped }) => plainConstraints - dropped.byShape - dropped.byWitness);
    assert.deepEqual(count, searched.map(({ dropped }) => dropped.explained));
    const explained = new Map(figures.filter(({ dropped }) => dropped.explained > 0).map(({ name, dropped }) => [name, dropped.explained]));
    assert.deepEqual([...explained.keys()], ['solvency-close-u32-s2-t2', 'market-table-u16-s2', 'market-table-u32-s2-t', 'account-exit-k4-s2-d2', 'row-mark-s2', 'account-inclusion-k3-d2', 'account-inclusion-k5-d2']);
    assert.equal(explained.get('solvency-close-u32-s2-t2'), 2);
  });
});
