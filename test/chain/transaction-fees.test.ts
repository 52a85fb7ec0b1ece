import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FeeCapError, firstFees, replacementFees } from '../../src/chain/transaction-fees.js';

const CAPS = { maxFee: 1_000n, priorityFee: 30n };

describe('transaction fees', () => {
  it('hold through a doubling of the base fee, where the cap allows', () => {
    assert.deepEqual(firstFees(100n, 20n, CAPS), { maxFee: 220n, priorityFee: 20n });
    assert.deepEqual(firstFees(100n, 50n, CAPS), { maxFee: 230n, priorityFee: 30n }, 'the tip is capped');
    assert.deepEqual(firstFees(600n, 20n, CAPS), { maxFee: 1_000n, priorityFee: 20n }, 'the whole is capped');
    assert.deepEqual(firstFees(0n, 0n, CAPS), { maxFee: 0n, priorityFee: 0n });
  });

  it('are refused where the cap does not reach the base fee', () => {
    assert.deepEqual(firstFees(1_000n, 0n, CAPS).maxFee, 1_000n);
    assert.throws(() => firstFees(1_001n, 0n, CAPS), (error: unknown) => error instanceof FeeCapError && /base fee is 1001 wei and the configured cap 1000 wei/.test(error.message));
  });

  it('of a replacement are both 12.5 % higher at least, or what blocks ask for now', () => {
    assert.deepEqual(replacementFees({ maxFee: 80n, priorityFee: 8n }, { maxFee: 0n, priorityFee: 0n }, CAPS), { maxFee: 90n, priorityFee: 9n });
    assert.deepEqual(replacementFees({ maxFee: 81n, priorityFee: 1n }, { maxFee: 500n, priorityFee: 7n }, CAPS), { maxFee: 500n, priorityFee: 7n });
    assert.deepEqual(replacementFees({ maxFee: 10n, priorityFee: 0n }, { maxFee: 0n, priorityFee: 0n }, CAPS), { maxFee: 12n, priorityFee: 1n }, 'up from nothing');
  });

  it('of a replacement never exceed the cap', () => {
    assert.deepEqual(replacementFees({ maxFee: 888n, priorityFee: 8n }, { maxFee: 0n, priorityFee: 0n }, CAPS), { maxFee: 999n, priorityFee: 9n });
    assert.equal(replacementFees({ maxFee: 889n, priorityFee: 8n }, { maxFee: 0n, priorityFee: 0n }, CAPS), undefined);
    assert.equal(replacementFees({ maxFee: 10n, priorityFee: 8n }, { maxFee: 1_001n, priorityFee: 0n }, CAPS), undefined);
  });

  it('rise by an eighth or more and stay in bounds, whatever came before', () => {
    const fee = fc.bigInt({ min: 0n, max: 1_500n });
    fc.assert(fc.property(fee, fee, fee, fee, (maxFee, tip, wantedFee, wantedTip) => {
      const before = { maxFee, priorityFee: tip < maxFee ? tip : maxFee };
      const after = replacementFees(before, { maxFee: wantedFee, priorityFee: wantedTip }, CAPS);
      if (after === undefined) return;
      assert.ok(after.maxFee * 8n >= before.maxFee * 9n && after.maxFee > before.maxFee);
      assert.ok(after.priorityFee * 8n >= before.priorityFee * 9n && after.priorityFee > before.priorityFee);
      assert.ok(after.priorityFee <= after.maxFee && after.maxFee <= CAPS.maxFee);
    }), { seed: 31 });
  });
});
