import assert from 'node:assert/strict';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { Constraint } from '../harness/r1cs.js';
import { ALLOWED_DIVISIONS, ALLOWED_FREE } from './allowed.js';
import { circuitsOfTests, type CircuitUnderTest } from './circuits-under-test.js';
import { booleanWire, derive } from './determinism.js';
import { freeWires } from './free-wires.js';
import { systemOf, type System } from './sparse-system.js';

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

  it('finds a square root undetermined, and tells a boolean constraint from others', () => {
    assert.deepEqual(undetermined(small(1, ['in', 'x'], [{ a: [[2, 1n]], b: [[2, 1n]], c: [[1, 1n]] }])), ['x']);
    assert.equal(booleanWire(bit(2)), 2);
    assert.equal(booleanWire({ a: [[2, 1n]], b: [[2, 1n], [0, 1n]], c: [] }), undefined);
    assert.equal(booleanWire({ a: [[2, 1n]], b: [[3, 1n], [0, MINUS_ONE]], c: [] }), undefined);
  });
});

describe('the circuits of the tests', function () {
  this.timeout(400_000);
  let circuits: readonly CircuitUnderTest[];
  before(async () => { circuits = await circuitsOfTests(); });

  it('are all looked at: batches, closes, a part and an end, market tables, with and without tiers', () => {
    assert.deepEqual(circuits.map(({ name }) => name), [
      'solvency-batch-n16-k3-s2', 'solvency-batch-n16-k5-s2-t2', 'solvency-close-u16-s2', 'solvency-close-u32-s2-t2', 'solvency-close-part-r16-s2-t2', 'solvency-close-end-s2-d2-t2',
      'market-table-u16-s2', 'market-table-u32-s2-t',
    ]);
  });

  it('have no free wire but the sign of public signals that only the contract compares', () => {
    for (const { name, proven, witness } of circuits) assert.deepEqual(freeWires(proven, witness, ALLOWED_FREE), [], name);
  });

  it('leave no signal undetermined but fractions under a challenge', () => {
    for (const { name, plain } of circuits) {
      const { undetermined } = derive(plain, ALLOWED_DIVISIONS);
      assert.deepEqual(undetermined.map((wire) => plain.names[wire]), [], name);
    }
  });
});
