import assert from 'node:assert/strict';
import fc from 'fast-check';
import { balanceCommitment, heldInRows } from '../../../src/commitment/balance-commitment.js';
import { domainOf } from '../../../src/commitment/identity.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { accountLeaf } from '../../../src/commitment/account-leaf.js';
import { rootOfPath } from '../../../src/tree/merkle-path.js';
import { MAX_QUANTITY, MIN_QUANTITY, type Holding } from '../../../src/venue/account.js';
import { keyOfOwner } from '../../builders/account.js';
import { HELD_ROWS, INCLUSION_SHAPE, inclusionInput, inclusionStatement } from '../../builders/inclusion.js';
import { listedCircuit, valuesOf, type TestCircuit } from '../support/compiled-circuit.js';
import { tooWide } from '../support/forgeries-of-accounts.js';
import { assertAccepted, assertRefused } from '../support/refusal.js';

const { K, tieredK, circuit: PLAIN, tieredCircuit: TIERED } = INCLUSION_SHAPE;
const LAST = 2 ** 16 - 1;
const MOST = 2n ** 64n - 1n;
const SHORT = tooWide('AccountInclusion', 'surplus.in <== promises * (sum - amount)');

const slotsAt = (...slots: readonly (readonly [number, bigint])[]): readonly Holding[] => slots.map(([index, quantity]) => ({ index, quantity }));

const quantity = fc.oneof(fc.constantFrom(0n, 1n, -1n, MAX_QUANTITY, MIN_QUANTITY), fc.bigInt(-100n, 100n), fc.bigInt({ min: MIN_QUANTITY, max: MAX_QUANTITY }));
const row = fc.oneof(fc.nat(12), fc.nat(LAST));
const slots = (count: number): fc.Arbitrary<readonly Holding[]> => fc.tuple(fc.uniqueArray(row, { minLength: count, maxLength: count }), fc.array(quantity, { minLength: count, maxLength: count }))
  .map(([rows, quantities]) => rows.toSorted((left, right) => left - right).map((index, place) => ({ index, quantity: quantities[place] as bigint })));
/** Amounts around what is held, and any. */
const offer = fc.oneof(fc.constantFrom(-1n, 0n, 1n, 1n), fc.bigInt({ min: -MOST, max: MOST }));

describe('account-inclusion', function () {
  this.timeout(300_000);
  let poseidon: Poseidon;
  let plain: TestCircuit;
  let tiered: TestCircuit;
  before(async () => {
    poseidon = await bulkPoseidon();
    [plain, tiered] = [await listedCircuit(PLAIN), await listedCircuit(TIERED)];
  });

  const accepts = (held: readonly Holding[], firstRow: number, lastRow: number, amount: bigint, position?: number): Promise<bigint[]> =>
    assertAccepted(held.length === K ? plain : tiered, inclusionInput(poseidon, inclusionStatement(poseidon, held, { firstRow, lastRow, amount }, position === undefined ? {} : { position })));

  it('takes an amount of all that is held in its rows, and of less', async () => {
    for (const amount of [70n, 69n, 1n]) await accepts(HELD_ROWS, 4, 5, amount);
    await accepts(HELD_ROWS, 9, 9, 7n);
  });

  it('counts the first and the last row, and no slot beside them', async () => {
    const held = slotsAt([3, 1000n], [4, 10n], [5, 20n], [6, 30n], [7, 1000n]);
    await accepts(held, 4, 6, 60n);
    await assertRefused(tiered, inclusionInput(poseidon, inclusionStatement(poseidon, held, { firstRow: 4, lastRow: 6, amount: 61n })), SHORT);
    for (const [firstRow, lastRow, amount] of [[0, 3, 1000n], [7, LAST, 1000n], [5, 5, 20n], [0, LAST, 2060n]] as const) await accepts(held, firstRow, lastRow, amount);
  });

  it('takes the first and the last row there can be', async () => {
    const held = slotsAt([0, 5n], [1, 0n], [LAST, 6n]);
    for (const [firstRow, lastRow, amount] of [[0, 0, 5n], [LAST, LAST, 6n], [0, LAST, 11n]] as const) await accepts(held, firstRow, lastRow, amount);
  });

  it('takes presence alone of an account that owes what the receipt names, of one without holdings, and of rows it has nothing in', async () => {
    await accepts(slotsAt([4, -30n], [5, MIN_QUANTITY], [9, 7n]), 4, 5, 0n);
    await accepts(slotsAt([0, MIN_QUANTITY], [1, MIN_QUANTITY], [2, MIN_QUANTITY]), 0, 2, 0n);
    await accepts(slotsAt([0, 0n], [1, 0n], [2, 0n]), 0, 2, 0n);
    await accepts(HELD_ROWS, 6, 8, 0n);
  });

  it('takes unused slots inside the rows, and sums beyond 2^64', async () => {
    await accepts(slotsAt([4, 0n], [5, 12n], [6, 0n]), 4, 6, 12n);
    await accepts(slotsAt([4, MOST], [5, MOST], [6, MOST]), 4, 6, MOST);
    await accepts(slotsAt([4, MOST], [5, MIN_QUANTITY], [6, MOST], [7, MOST], [8, MIN_QUANTITY]), 4, 8, MOST - 2n);
  });

  it('takes the first and the last place of a tree', async () => {
    for (const position of [0, 15, 16, 49]) await accepts(HELD_ROWS, 4, 5, 70n, position);
  });

  it('agrees with TypeScript on every random account: accepted where the sum is there or nothing is promised, else refused for the sum', async () => {
    let [enough, few] = [0, 0];
    for (const [count, circuit, numRuns] of [[K, plain, 30], [tieredK, tiered, 30]] as const) {
      await fc.assert(fc.asyncProperty(slots(count), row, row, offer, fc.nat(49), async (held, one, other, more, position) => {
        const [firstRow, lastRow] = [Math.min(one, other), Math.max(one, other)];
        const sum = heldInRows(held, firstRow, lastRow);
        const wanted = sum + more;
        const amount = wanted < 0n ? 0n : wanted > MOST ? MOST : wanted;
        const statement = inclusionStatement(poseidon, held, { firstRow, lastRow, amount }, { position });
        const input = inclusionInput(poseidon, statement);
        if (amount !== 0n && sum < amount) {
          few += 1;
          await assertRefused(circuit, input, SHORT);
          return;
        }
        enough += 1;
        const witness = await assertAccepted(circuit, input);
        const { base, circuitId, account, path, depth, balance } = statement;
        const leaf = accountLeaf(poseidon, keyOfOwner(poseidon), account.salt, held);
        assert.deepEqual(['domain', 'accountsRoot', 'balance'].map((name) => valuesOf(circuit, witness, name)[0]), [
          domainOf(poseidon, base, circuitId), rootOfPath(poseidon, leaf, path, depth), balanceCommitment(poseidon, balance),
        ]);
      }), { numRuns, seed: 6 });
    }
    assert.ok(enough > 10 && few > 10, `${enough} accepted, ${few} refused`);
  });

  it('holds every bit of a comparison: another sign of a difference is refused, with the low bits that make up for it too', async () => {
    const input = inclusionInput(poseidon, inclusionStatement(poseidon, slotsAt([3, 1000n], [4, 10n], [9, 7n]), { firstRow: 4, lastRow: 5, amount: 10n }));
    const witness = await assertAccepted(plain, input);
    for (const name of ['fromFirst', 'upToLast']) {
      for (let slot = 0; slot < K; slot += 1) {
        // The compiler writes the 16th bit as a combination of the others, and the 17th is the sign.
        const bits = Array.from({ length: 15 }, (_, bit) => plain.wireOf.get(`main.${name}[${slot}].bits.out[${bit}]`) ?? -1);
        const sign = plain.wireOf.get(`main.${name}[${slot}].nonNegative`) ?? -1;
        const value = (wire: number): bigint => witness[wire] as bigint;
        const refuses = (...tampers: readonly (readonly [number, bigint])[]): void =>
          assert.ok(!plain.system.acceptsTampered(witness, tampers.map(([wire, other]) => ({ wire, value: other }))), `${name}[${slot}]: ${tampers.join(' and ')}`);
        assert.ok([...bits, sign].every((wire) => wire > 0));
        for (const wire of [...bits, sign]) for (const other of [1n - value(wire), 2n, -1n]) refuses([wire, other]);
        const flipped = 1n - value(sign);
        for (const [place, wire] of bits.entries()) refuses([sign, flipped], [wire, value(wire) + (value(sign) - flipped) * 2n ** BigInt(16 - place)]);
      }
    }
  });
});
