import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import type { CircuitInput } from '../../../src/witness/circuit-input.js';
import { ACCOUNT_SHAPE, HEALTHY, HELD, UNHEALTHY, WATCHED, exitInput, exitStatement, marginInput, marginStatement, markInput, signerInput, withdrawing } from '../../builders/account.js';
import { HELD_ROWS, INCLUSION_SHAPE, inclusionInput, inclusionStatement } from '../../builders/inclusion.js';
import { smallMarket } from '../../builders/market.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { ACCOUNT_CHECKS, FORGERIES_OF_MARGIN, POOR, RICH } from '../support/forgeries-of-accounts.js';
import { FORGERIES_OF_EXITS } from '../support/forgeries-of-exits.js';
import { FORGERIES_OF_INCLUSION } from '../support/forgeries-of-inclusion.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { assertAccepted } from '../support/refusal.js';
import { SWITCHED_ACCOUNTS, accountsArmedWithout } from '../support/switched-accounts.js';

const { marginCircuit, exitCircuit, signerCircuit, markCircuit } = ACCOUNT_SHAPE;
const FORGERIES = [...FORGERIES_OF_MARGIN, ...FORGERIES_OF_EXITS, ...FORGERIES_OF_INCLUSION];

const HONEST: readonly (readonly [circuit: string, words: string, inputs: (poseidon: Poseidon) => readonly CircuitInput[]])[] = [
  [marginCircuit, 'account-margin', (poseidon) => [
    ...[HEALTHY, HELD, withdrawing(0, 7n)].map((terms) => marginInput(poseidon, marginStatement(poseidon, smallMarket(), RICH, terms))),
    marginInput(poseidon, marginStatement(poseidon, smallMarket(), POOR, UNHEALTHY)), marginInput(poseidon, marginStatement(poseidon, smallMarket(), RICH, WATCHED)),
  ]],
  [exitCircuit, 'account-exit', (poseidon) => [RICH, []].map((holdings) => exitInput(poseidon, exitStatement(poseidon, smallMarket(), holdings)))],
  [signerCircuit, 'account-signer', (poseidon) => [signerInput(poseidon)]],
  [markCircuit, 'row-mark', (poseidon) => [0, 5].map((row) => markInput(poseidon, smallMarket(), row))],
  [INCLUSION_SHAPE.circuit, 'account-inclusion', (poseidon) => [70n, 0n].map((amount) => inclusionInput(poseidon, inclusionStatement(poseidon, HELD_ROWS, { amount })))],
];

for (const [circuit, words, inputs] of HONEST) {
  describe(`a copy of ${words} with one check switched off`, function () {
    this.timeout(1_200_000);
    let poseidon: Poseidon;
    let broken: TestCircuit;
    before(async () => {
      poseidon = await bulkPoseidon();
      broken = await listedCircuit(circuit, mutatedCopy(SWITCHED_ACCOUNTS));
    });

    it('accepts honest proofs with every check on', async () => {
      for (const input of inputs(poseidon)) await assertAccepted(broken, { ...input, ...accountsArmedWithout([]) });
    });

    for (const { name, make, check } of FORGERIES.filter((forgery) => forgery.circuit === circuit)) {
      if (check === undefined) continue;
      it(`accepts, without ${check}: ${name}`, async () => {
        const input = make(poseidon);
        await assert.rejects(broken.calculate({ ...input, ...accountsArmedWithout([]) }), (thrown) => thrown instanceof WitnessRefusedError);
        await assertAccepted(broken, { ...input, ...accountsArmedWithout([check]) });
      });
    }
  });
}

describe('the copies of account circuits', () => {
  it('show every check at least once', () => {
    const shown = new Set(FORGERIES.map(({ check }) => check));
    assert.deepEqual(ACCOUNT_CHECKS.filter((check) => !shown.has(check)), []);
  });
});
