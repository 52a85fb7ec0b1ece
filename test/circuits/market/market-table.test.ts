import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { PLAIN_TABLE, TIERED_TABLE } from '../../builders/market-table.js';
import { listedCircuit, type TestCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_TABLES } from '../support/forgeries-of-tables.js';
import { assertRefused } from '../support/refusal.js';

describe('a market table is refused when', function () {
  this.timeout(1_200_000);
  let poseidon: Poseidon;
  const circuits = new Map<string, TestCircuit>();
  before(async () => {
    poseidon = await bulkPoseidon();
    for (const { circuit } of [PLAIN_TABLE, TIERED_TABLE]) circuits.set(circuit, await listedCircuit(circuit));
  });

  for (const { name, of, make, at } of FORGERIES_OF_TABLES) {
    it(name, async () => { await assertRefused(circuits.get(of.circuit) as TestCircuit, make(poseidon), at); });
  }
});
