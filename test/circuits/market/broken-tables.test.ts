import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { WitnessRefusedError } from '../../../src/groth16/witness-calculator.js';
import { PLAIN_TABLE, TIERED_TABLE, tableInput } from '../../builders/market-table.js';
import { termedMarket, termedTieredMarket } from '../../builders/termed-market.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_TABLES, TABLE_CHECKS } from '../support/forgeries-of-tables.js';
import { mutatedCopy } from '../support/mutated-copy.js';
import { assertAccepted } from '../support/refusal.js';
import { SWITCHED_TABLES, armedWithout } from '../support/switched-tables.js';

for (const [words, of, table] of [['without', PLAIN_TABLE, termedMarket], ['with', TIERED_TABLE, termedTieredMarket]] as const) {
  describe(`a copy of the market table circuit ${words} tiers with one check switched off`, function () {
    this.timeout(1_200_000);
    let poseidon: Poseidon;
    let broken: TestCircuit;
    before(async () => {
      poseidon = await bulkPoseidon();
      broken = await listedCircuit(of.circuit, mutatedCopy(SWITCHED_TABLES));
    });

    it('accepts honest tables with every check on', async () => {
      for (const level of ['maintenance', 'initial'] as const) await assertAccepted(broken, { ...tableInput(poseidon, table(level), of), ...armedWithout([]) });
    });

    for (const { name, make, check } of FORGERIES_OF_TABLES.filter((forgery) => forgery.of.circuit === of.circuit)) {
      if (check === undefined) continue;
      it(`accepts, without ${check}, that ${name}`, async () => {
        const input = make(poseidon);
        await assert.rejects(broken.calculate({ ...input, ...armedWithout([]) }), (thrown) => thrown instanceof WitnessRefusedError);
        await assertAccepted(broken, { ...input, ...armedWithout([check]) });
      });
    }
  });
}

describe('the copies of the market table circuit', () => {
  it('show every check at least once', () => {
    const shown = new Set(FORGERIES_OF_TABLES.map(({ check }) => check));
    assert.deepEqual(TABLE_CHECKS.filter((check) => !shown.has(check)), []);
  });
});
