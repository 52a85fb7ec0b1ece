import assert from 'node:assert/strict';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { Random } from '../../../src/margin/synthetic/random.js';
import type { Holding } from '../../../src/venue/account.js';
import { TEST_SHAPE, buildEpoch } from '../../builders/epoch.js';
import { smallMarket } from '../../builders/market.js';
import { accountsOf } from '../../circuits/support/accounts.js';
import { listedCircuit } from '../../circuits/support/compiled-circuit.js';

export interface Completeness {
  readonly seed: number;
  /** All accepted, or the run fails: random ones, and in each epoch one that takes the other side. */
  readonly accounts: number;
  readonly batches: number;
  readonly epochs: number;
}

/** Places of the test circuits' tree: one epoch. */
const CAPACITY = 16 ** TEST_SHAPE.depth;
/** Rows of smallMarket that must net to zero. */
const MATCHED = [2, 3, 4];
const ROWS = 6;

/**
 * Random accounts through batch and close, witnesses only. A close is accepted only when every excess is the reference
 * engine's; the published counts are compared with the engine's besides.
 *
 * @throws when an honest epoch is refused
 */
export async function acceptRandomAccounts(count: number, seed: number, report: (line: string) => void = () => undefined): Promise<Completeness> {
  const [poseidon, batch, close] = await Promise.all([bulkPoseidon(), listedCircuit(TEST_SHAPE.batchCircuit), listedCircuit(TEST_SHAPE.closeCircuit)]);
  const table = smallMarket();
  const random = Random.fromSeed(`random accounts ${seed}`);
  let [accounts, batches, epochs] = [0, 0, 0];
  while (accounts < count) {
    const size = Math.min(CAPACITY, Math.ceil((count - accounts) / TEST_SHAPE.batch.N) * TEST_SHAPE.batch.N);
    const committed = accountsOf(poseidon, table, randomBook(random, size), size);
    const epoch = buildEpoch(poseidon, table, committed);
    for (const input of epoch.batches) await batch.calculate(input);
    await close.calculate(epoch.close);
    assert.equal(epoch.closeSignals.unhealthyBound, BigInt(committed.filter(({ excess }) => excess.some((one) => one < 0n)).length));
    assert.equal(epoch.closeSignals.shortfall, committed.reduce((sum, { excess: [first = 0n] }) => sum + (first < 0n ? -first : 0n), 0n));
    accounts += size;
    batches += epoch.batches.length;
    epochs += 1;
    if (epochs % 10 === 0) report(`${accounts} of ${count} random accounts accepted`);
  }
  return { seed, accounts, batches, epochs };
}

/** Up to three rows an account, in quantities of every size, and first the account that takes the other side of all. */
function randomBook(random: Random, size: number): Holding[][] {
  const others = Array.from({ length: size - 1 }, () => randomAccount(random));
  const house = MATCHED.map((index) => ({ index, quantity: -others.flat().filter((holding) => holding.index === index).reduce((sum, { quantity }) => sum + quantity, 0n) }));
  return [house.filter(({ quantity }) => quantity !== 0n), ...others];
}

function randomAccount(random: Random): Holding[] {
  const rows = Array.from({ length: ROWS }, (_, row) => row).filter(() => random.below(2) === 0).slice(0, TEST_SHAPE.batch.K);
  return rows.map((index) => {
    const magnitude = 1n + BigInt(random.next()) % (1n << BigInt(1 + random.below(32)));
    return { index, quantity: random.below(2) === 0 ? magnitude : -magnitude };
  });
}
