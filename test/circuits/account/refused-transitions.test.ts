import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { TRANSITION_SHAPE } from '../../builders/transition.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_TRANSITIONS } from '../support/forgeries-of-transitions.js';
import { assertRefused } from '../support/refusal.js';

describe('account-transition', function () {
  this.timeout(600_000);
  let poseidon: Poseidon;
  let circuit: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    circuit = await listedCircuit(TRANSITION_SHAPE.circuit);
  });

  for (const { name, make, at } of FORGERIES_OF_TRANSITIONS) {
    it(`refuses ${name}`, () => assertRefused(circuit, make(poseidon), at));
  }
});
