import assert from 'node:assert/strict';
import { FieldRangeError } from '../../src/field/scalar-field.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { CircuitNameError, readBatchName, readCloseEndName, readCloseName, readClosePartName } from '../../src/verification/circuit-name.js';
import { combined, EXIT_CODES, failed, passed, skipped, StepLog, verdictOf } from '../../src/verification/report.js';

describe('a verdict', () => {
  it('is "not verified" with any failure, record or not', () => {
    for (const record of [true, false]) assert.equal(verdictOf([passed(''), failed(''), skipped('')], record), 'not-verified');
  });

  it('is "verified" only with a record', () => {
    assert.equal(verdictOf([passed(''), skipped('')], true), 'verified');
    assert.equal(verdictOf([passed('')], false), 'cannot-tell');
  });

  it('has the exit codes 0, 1 and 2', () => {
    assert.deepEqual(EXIT_CODES, { verified: 0, 'not-verified': 1, 'cannot-tell': 2 });
  });
});

describe('a step', () => {
  it('fails with the code and sentence of an error thrown for a reason', async () => {
    const log = new StepLog();
    await log.run('leaf', () => {
      throw new FieldRangeError('the salt is not a field element');
    });
    assert.deepEqual(log.steps, [{ id: 'leaf', title: 'The account gives a leaf of the tree', outcome: 'failed', detail: 'the salt is not a field element', code: 'FIELD_RANGE' }]);
  });

  it('lets a fault of the program through, rather than blame the receipt', async () => {
    await assert.rejects(new StepLog().run('leaf', () => Promise.reject(new TypeError('a bug'))), TypeError);
  });

  it('combines findings into the first failure, else what passed, else what was skipped', () => {
    assert.deepEqual(combined([passed('a'), failed('b', 'B'), failed('c')]), failed('b', 'B'));
    assert.deepEqual(combined([skipped('a'), passed('b'), passed('c')]), passed('b; c'));
    assert.deepEqual(combined([skipped('a')]), skipped('a'));
  });
});

describe('the name of a circuit', () => {
  it('states the shape that circuits.json gives it', async () => {
    for (const { name, template, parameters } of await readCircuitList()) {
      const of = (parameter: string): number | undefined => parameters.find((one) => one.name === parameter)?.value;
      const tieredSlots = of('T') ?? 0;
      if (template === 'SolvencyBatch') assert.deepEqual(readBatchName(name), { accounts: of('N'), slots: of('K'), scenarios: of('S'), tieredSlots });
      if (template === 'SolvencyClose') assert.deepEqual(readCloseName(name), { rows: of('U'), scenarios: of('S'), tieredSlots });
      if (template === 'SolvencyClosePart') assert.deepEqual(readClosePartName(name), { rows: of('R'), scenarios: of('S'), tieredSlots });
      if (template === 'SolvencyCloseEnd') assert.deepEqual(readCloseEndName(name), { scenarios: of('S'), depth: of('DEPTH'), tieredSlots });
    }
  });

  it('may go on after the shape, but not with a second number of tiered slots', () => {
    assert.deepEqual(readBatchName('solvency-batch-n64-k16-s0-w96'), { accounts: 64, slots: 16, scenarios: 0, tieredSlots: 0 });
    assert.deepEqual(readBatchName('solvency-batch-n64-k16-s0-t4-w96'), { accounts: 64, slots: 16, scenarios: 0, tieredSlots: 4 });
    for (const name of ['solvency-batch-n64-k16-s0-w96-t4', 'solvency-batch-n64-k16-s0-t4-t5', 'solvency-batch-n64-k16-s0-t0']) {
      assert.throws(() => readBatchName(name), CircuitNameError);
    }
  });

  it('is that of a whole close, of a part or of an end, and never two of them', () => {
    for (const [read, name] of [[readCloseName, 'solvency-close-part-r16-s2'], [readCloseName, 'solvency-close-end-s2-d2'], [readClosePartName, 'solvency-close-u16-s2'], [readCloseEndName, 'solvency-close-part-r16-s2']] as const) {
      assert.throws(() => read(name), CircuitNameError);
    }
  });

  for (const name of ['solvency-batch-n16-k03-s2', 'solvency-batch-k3-n16-s2', 'solvency-close-u8-s2', 'x-solvency-batch-n16-k3-s2', 'solvency-batch-n16-k3-s2-', '']) {
    it(`is no batch's when it is "${name}"`, () => {
      assert.throws(() => readBatchName(name), CircuitNameError);
    });
  }
});
