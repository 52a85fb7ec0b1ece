import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { ACCOUNT_SHAPE } from '../../builders/account.js';
import { INCLUSION_SHAPE } from '../../builders/inclusion.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_MARGIN } from '../support/forgeries-of-accounts.js';
import { FORGERIES_OF_EXITS } from '../support/forgeries-of-exits.js';
import { FORGERIES_OF_INCLUSION } from '../support/forgeries-of-inclusion.js';
import { assertRefused } from '../support/refusal.js';

const { marginCircuit, exitCircuit, signerCircuit, markCircuit } = ACCOUNT_SHAPE;

for (const [words, name] of [['account-margin', marginCircuit], ['account-exit', exitCircuit], ['account-signer', signerCircuit], ['row-mark', markCircuit], ['account-inclusion', INCLUSION_SHAPE.circuit]] as const) {
  describe(`${words} refuses`, function () {
    this.timeout(1_200_000);
    let poseidon: Poseidon;
    let circuit: TestCircuit;
    before(async () => {
      poseidon = await bulkPoseidon();
      circuit = await listedCircuit(name);
    });

    for (const { name: lie, make, at } of [...FORGERIES_OF_MARGIN, ...FORGERIES_OF_EXITS, ...FORGERIES_OF_INCLUSION].filter((forgery) => forgery.circuit === name)) {
      it(lie, async () => { await assertRefused(circuit, make(poseidon), at); });
    }
  });
}
