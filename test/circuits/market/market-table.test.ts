import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { listedCircuit } from '../support/compiled-circuit.js';
import { FORGERIES_OF_TABLES } from '../support/forgeries-of-tables.js';
import { assertRefused } from '../support/refusal.js';

describe('a market table is refused when', function () {
  this.timeout(400_000);
  let poseidon: Poseidon;
  before(async () => { poseidon = await bulkPoseidon(); });

  for (const { name, of, make, at } of FORGERIES_OF_TABLES) {
    it(name, async () => { await assertRefused(await listedCircuit(of.circuit), make(poseidon), at); });
  }
});
