import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import { smallMarket } from '../../builders/market.js';
import { LIQUIDATION, OWNED, TRANSITION_SHAPE, UNOWNED, buys, deposit, expires, funds, transition, transitionInput, withdraw } from '../../builders/transition.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_TRANSITIONS } from '../support/forgeries-of-transitions.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { assertAccepted } from '../support/refusal.js';
import { SWITCHED_TRANSITIONS, TRANSITION_CHECKS, transitionsArmedWithout, type TransitionCheck } from '../support/switched-transitions.js';
import { slots } from '../support/transition-forgery.js';

const { circuit } = TRANSITION_SHAPE;
const HONEST = [
  [[], deposit(0, 5n, true), OWNED], [[[0, 9n]], withdraw(0, 9n), { ...OWNED, unmargined: true }], [[[0, 10n ** 6n], [3, -5n]], buys(3, 0, 2n, 120_000n), LIQUIDATION],
  [[[0, 9n], [4, 3n]], expires(4, 0, 700_000n), UNOWNED], [[[0, 9n], [3, 3n]], funds(0, [{ group: 3, rate: 700_000n }]), OWNED],
] as const;

describe('a copy of account-transition with one check switched off', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  let broken: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    broken = await listedCircuit(circuit, mutatedCopy(SWITCHED_TRANSITIONS));
  });

  it('accepts honest proofs with every check on', async () => {
    for (const [held, act, flags] of HONEST) {
      await assertAccepted(broken, { ...transitionInput(poseidon, transition(poseidon, smallMarket(), slots(held), act, flags)), ...transitionsArmedWithout([]) });
    }
  });

  const shown = new Set<TransitionCheck>();
  for (const { name, make, check } of FORGERIES_OF_TRANSITIONS) {
    if (check === undefined) continue;
    const isFirst = !shown.has(check);
    shown.add(check);
    it(`accepts, without ${check}: ${name}`, async () => {
      const input = make(poseidon);
      const without = { ...input, ...transitionsArmedWithout([check]) };
      // refused-transitions.test.ts has the sound circuit refuse every one; here it would cost as much again.
      if (!isFirst) return void (await broken.calculate(without));
      await assert.rejects(broken.calculate({ ...input, ...transitionsArmedWithout([]) }), (thrown) => thrown instanceof WitnessRefusedError);
      await assertAccepted(broken, without);
    });
  }

  it('shows every check at least once', () => {
    assert.deepEqual(TRANSITION_CHECKS.filter((check) => !shown.has(check)), []);
  });
});
