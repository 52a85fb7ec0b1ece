import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { isMatchedKind } from '../../src/venue/instrument.js';
import { TIERED_SHAPE, buildEpoch } from '../builders/epoch.js';
import { goldenCases, type GoldenCase } from '../builders/golden-cases.js';
import { TIERED_TABLE, tableInput } from '../builders/market-table.js';
import { accountsOf } from '../circuits/support/accounts.js';
import { listedCircuit, type TestCircuit } from '../circuits/support/compiled-circuit.js';
import { assertAccepted } from '../circuits/support/refusal.js';

/** The case's account and, second, whoever takes the other side of its derivatives. */
function epochOf(poseidon: Poseidon, { table, rowHoldings }: GoldenCase): ReturnType<typeof buildEpoch> {
  const otherSide = rowHoldings
    .filter(({ index }) => isMatchedKind(table.rows[index]?.kind ?? 'cash'))
    .map(({ index, quantity }) => ({ index, quantity: -quantity }));
  const accounts = accountsOf(poseidon, table, [rowHoldings, otherSide], TIERED_SHAPE.batch.N, TIERED_SHAPE.batch);
  return buildEpoch(poseidon, table, accounts, {}, 1n, TIERED_SHAPE);
}

describe('the golden cases in the circuits', function () {
  this.timeout(400_000);
  let poseidon: Poseidon;
  let batch: TestCircuit;
  let close: TestCircuit;
  let table: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    batch = await listedCircuit(TIERED_SHAPE.batchCircuit);
    close = await listedCircuit(TIERED_SHAPE.closeCircuit);
    table = await listedCircuit(TIERED_TABLE.circuit);
  });

  for (const one of goldenCases('two')) {
    it(`follow from prices and parameters: ${one.name}`, async () => { await assertAccepted(table, tableInput(poseidon, one.table, TIERED_TABLE)); });
  }

  // Solvency is proven at maintenance level. The close refuses any excess but the true one.
  for (const one of goldenCases('two').filter(({ level }) => level === 'maintenance')) {
    it(`have the excess that the engine says: ${one.name}`, async () => {
      const epoch = epochOf(poseidon, one);
      for (const input of epoch.batches) await assertAccepted(batch, input);
      await assertAccepted(close, epoch.close);
    });
  }
});
