import assert from 'node:assert/strict';
import type { PlannedAccount } from '../../src/proving/epoch-plan.js';
import { witnessFromBytes, witnessToBytes } from '../../src/proving/witness-bytes.js';
import { readAttestation, storeAttestation } from '../../src/store/attestations.js';
import { readFigures, storeFigures } from '../../src/store/figures.js';
import { digestOfStoredPlaces, PlacesDigest, PLACES_AT_ONCE, readPlaces, storePlaces, type StoredPlace } from '../../src/store/places.js';
import { readPlanHeader, readPlanParts, storePlan } from '../../src/store/plans.js';
import { readProof, storeProof } from '../../src/store/proofs.js';
import { readTask, readTaskStatements, storeTask } from '../../src/store/tasks.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { standInProof } from '../proving/support.js';
import { onBothDatabases } from './databases.js';
import { insertEpoch } from './rows.js';

/** Field elements of the largest and the smallest size, quantities at their ends, a name of four scripts. */
function placeAt(position: number): StoredPlace {
  const leaf = FIELD_MODULUS - 1n - BigInt(position);
  const place: PlannedAccount = position % 3 === 2 ? { kind: 'padding', key: FIELD_MODULUS - 1n, salt: BigInt(position) } : {
    kind: 'account', userId: `Ünïcode "${position}" 用户 🙂, {x}`, subAccount: 4_294_967_295 - position, owner: FIELD_MODULUS - 2n, salt: 0n,
    holdings: [{ index: 0, quantity: -(2n ** 64n) }, { index: 111, quantity: 2n ** 64n - 1n }],
  };
  return { position, place, leaf };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

onBothDatabases('what an epoch stores', (database) => {
  let epoch: bigint;
  beforeEach(async () => {
    epoch = await insertEpoch(database());
  });

  it('comes back as it was: places over several statements, with their digest', async () => {
    const places = Array.from({ length: 2 * PLACES_AT_ONCE + 5 }, (_, position) => placeAt(position));
    for (let from = 0; from < places.length; from += PLACES_AT_ONCE) await storePlaces(database(), epoch, places.slice(from, from + PLACES_AT_ONCE));
    assert.deepEqual(await collect(readPlaces(database(), epoch)), places);
    const digest = new PlacesDigest();
    places.forEach((place) => digest.add(place));
    assert.equal(await digestOfStoredPlaces(database(), epoch), digest.end());
  });

  it('is put right where it differs, and only there', async () => {
    const places = [0, 1, 2].map(placeAt);
    assert.equal(await storePlaces(database(), epoch, places), 3);
    assert.equal(await storePlaces(database(), epoch, places), 0);
    await database().query('update place set user_id = null where epoch = $1 and position = 1', [epoch.toString()]);
    assert.equal(await storePlaces(database(), epoch, places), 1);
    assert.deepEqual(await collect(readPlaces(database(), epoch)), places);
  });

  it('has one plan: the first that is stored', async () => {
    const plan = (header: string, ...bytes: readonly number[]): Parameters<typeof storePlan>[2] => ({
      // eslint-disable-next-line @typescript-eslint/require-await -- parts are asked for one after another
      header, parts: (async function* () { for (const byte of bytes) yield new Uint8Array([byte, 0, 255]); })(),
    });
    assert.equal(await readPlanHeader(database(), epoch), undefined);
    assert.equal(await database().transaction((sql) => storePlan(sql, epoch, plan('first', 1, 2))), true);
    assert.equal(await database().transaction((sql) => storePlan(sql, epoch, plan('second', 3))), false);
    assert.equal(await readPlanHeader(database(), epoch), 'first');
    assert.deepEqual((await collect(readPlanParts(database(), epoch))).map((part) => [...part]), [[1, 0, 255], [2, 0, 255]]);
  });

  it('has no part of a plan whose storing failed', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- parts are asked for one after another
    const breaking = (async function* () { yield new Uint8Array([1]); throw new Error('the planner died'); })();
    await assert.rejects(database().transaction((sql) => storePlan(sql, epoch, { header: 'half', parts: breaking })), /the planner died/);
    assert.equal(await readPlanHeader(database(), epoch), undefined);
  });

  it('has tasks with their witnesses, in the order in which they are attested', async () => {
    const input = { small: 0n, large: FIELD_MODULUS - 1n, negative: -(2n ** 64n), lists: [[1n, 2n], [], [3n]] };
    const witness = witnessToBytes(input);
    assert.deepEqual(witnessFromBytes(witness), input);
    for (const name of ['close', 'part-000000', 'batch-000001', 'batch-000000']) await storeTask(database(), epoch, { name, circuit: 'c', signals: [FIELD_MODULUS - 1n, 0n], witness, cost: 7 });
    assert.deepEqual(await readTask(database(), epoch, 'close'), { name: 'close', circuit: 'c', signals: [FIELD_MODULUS - 1n, 0n], input });
    assert.deepEqual((await readTaskStatements(database(), epoch)).map(({ name }) => name), ['batch-000000', 'batch-000001', 'part-000000', 'close']);
    await assert.rejects(readTask(database(), epoch, 'none'), { code: 'STORED_DATA_DAMAGED', message: /is not there/ });
  });

  it('has a proof of each task, for that statement only', async () => {
    const statement = { name: 'close', circuit: 'c', signals: [1n, 2n] };
    await storeTask(database(), epoch, { ...statement, witness: witnessToBytes({}), cost: 1 });
    assert.equal(await readProof(database(), epoch, statement), undefined);
    const worker = '00000000-0000-4000-8000-000000000001';
    await storeProof(database(), epoch, { statement, proof: standInProof(1), worker, seconds: 1.5 });
    assert.deepEqual(await readProof(database(), epoch, statement), standInProof(1));
    assert.deepEqual(await readProof(database(), epoch, { ...statement, signals: [1n, 3n] }), { unusable: 'the stored proof close proves another statement' });
    await storeProof(database(), epoch, { statement, proof: standInProof(2), worker, seconds: 1.5 });
    assert.deepEqual(await readProof(database(), epoch, statement), standInProof(2));
  });

  it('has figures with and without parts', async () => {
    const figures = { genesisAccumulator: 1n, accumulators: [2n, FIELD_MODULUS - 1n], accountsRoot: 3n, accountsBound: 4n, unhealthyBound: 0n, shortfall: 0n, words: [5n, 6n], tables: undefined };
    await assert.rejects(readFigures(database(), epoch), { code: 'STORED_DATA_DAMAGED', message: /are not there/ });
    for (const tables of [undefined, { start: 7n, after: [8n, 9n] }]) {
      await storeFigures(database(), epoch, { figures: { ...figures, tables }, placesSha256: 'digest' });
      assert.deepEqual(await readFigures(database(), epoch), { figures: { ...figures, tables }, placesSha256: 'digest' });
    }
  });

  it('has one attestation, which no other replaces and no flipped bit passes for', async () => {
    assert.equal(await readAttestation(database(), epoch), undefined);
    await storeAttestation(database(), epoch, '{"a":1}');
    await storeAttestation(database(), epoch, '{"a":1}');
    await assert.rejects(database().transaction((sql) => storeAttestation(sql, epoch, '{"a":2}')), { code: 'ATTESTATION_TAKEN' });
    assert.equal((await readAttestation(database(), epoch))?.text, '{"a":1}');
    await database().query(`update attestation set body = '{"a":3}' where epoch = $1`, [epoch.toString()]);
    await assert.rejects(readAttestation(database(), epoch), { code: 'STORED_DATA_DAMAGED', message: /the attestation of epoch row \d+ is not what was stored/ });
  });
});
