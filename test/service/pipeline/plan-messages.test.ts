import assert from 'node:assert/strict';
import { NoBatchPlanError } from '../../../src/proving/batch-planner.js';
import { PlanError, PrivatePlanError } from '../../../src/proving/plan-checks.js';
import { HashingProcessError } from '../../../src/proving/hashing/hashing-messages.js';
import { fromPublicFailure, toPublicFailure } from '../../../src/service/pipeline/plan-messages.js';

describe('an error of planning', () => {
  const cases: readonly (readonly [string, Error, string, RegExp])[] = [
    ['about table and circuits is told as it is', new PlanError('the table has 3 scenarios, the circuits prove 2'), 'PLAN', /^the table has 3 scenarios/],
    ['that names an account is told by its kind only', new PrivatePlanError('account canary/0 has 987654 holdings', { net: 987654n }), 'SNAPSHOT_REFUSED', /cannot be planned \(PLAN\): its findings name the accounts/],
    ['of another kind of ours too', new NoBatchPlanError('account 7 needs 987654 slots: canary', { account: 7 }), 'SNAPSHOT_REFUSED', /cannot be planned \(NO_BATCH_PLAN\)/],
    ['of hashing processes, which may lack memory, is none of the snapshot\'s', new HashingProcessError('ended; canary 987654'), 'PLANNER', /hashing .* lack of memory/],
    ['that nobody foresaw is told by class and place', new TypeError('canary 987654'), 'PLANNER', /planning failed with TypeError at .*plan-messages\.test\.ts/],
  ];
  for (const [title, error, code, message] of cases) {
    it(`${title} [V34]`, () => {
      const told = fromPublicFailure(toPublicFailure(error));
      assert.equal(told.code, code);
      assert.match(told.message, message);
      assert.doesNotMatch(JSON.stringify(toPublicFailure(error), (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)), /canary|987654/);
    });
  }
});
