import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { PLAIN_TABLE, TIERED_TABLE, tableInput } from '../builders/market-table.js';
import { termedMarket, termedTieredMarket } from '../builders/termed-market.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { assertAccepted } from '../circuits/support/refusal.js';

describe('a market table of TypeScript is one of the circuit', function () {
  this.timeout(400_000);
  let poseidon: Poseidon;
  before(async () => { poseidon = await bulkPoseidon(); });

  for (const level of ['maintenance', 'initial'] as const) {
    for (const [words, table, of] of [['without', termedMarket(level), PLAIN_TABLE], ['with', termedTieredMarket(level), TIERED_TABLE]] as const) {
      it(`${words} tiers, at ${level} level`, async () => {
        const circuit: TestCircuit = await listedCircuit(of.circuit);
        await assertAccepted(circuit, tableInput(poseidon, table, of));
      });
    }
  }
});
