import assert from 'node:assert/strict';
import { releaseCurves } from '../../src/groth16/curves.js';
import { readAttestation } from '../../src/store/attestations.js';
import type { Database } from '../../src/store/database.js';
import { epochsWithPlaces, retireEpoch, vacuum, type Retired } from '../../src/store/retention.js';
import { TEST_CIRCUITS, testVenue } from '../proving/support.js';
import { storeAttestedEpoch, WITNESS, type StoredEpoch } from '../service/receipts/attested-store.js';
import { dropAll, onBothDatabases } from './databases.js';
import { migrate } from '../../src/store/migrate.js';

onBothDatabases('what is dropped of a final epoch', (databaseOf) => {
  const database = (): Database => databaseOf();
  beforeEach(async () => {
    await dropAll(database());
    await migrate(database());
  });
  after(releaseCurves);

  const stored = (number: number, accounts = 12): Promise<StoredEpoch> => storeAttestedEpoch(database(), testVenue(accounts, 'retention'), TEST_CIRCUITS, number);
  const setState = (epoch: bigint, state: string): Promise<unknown> => database().query('update epoch set state = $2 where id = $1', [epoch.toString(), state]);
  const retire = (epoch: bigint, receiptEpochs = 2): Promise<Retired> => database().transaction((sql) => retireEpoch(sql, epoch, { receiptEpochs }));
  const count = async (from: string, ...values: string[]): Promise<number> => Number((await database().query(`select count(*)::integer as n from ${from}`, values)).rows[0]?.['n']);

  it('is nothing before it is final', async () => {
    const { epoch } = await stored(1);
    for (const state of ['planning', 'proving', 'publishing', 'published', 'failed']) {
      await setState(epoch, state);
      await assert.rejects(retire(epoch), { code: 'NOT_FINAL' });
    }
    await assert.rejects(retire(epoch + 1n), { code: 'NOT_FINAL' });
    assert.deepEqual([await count('task where witness is not null'), await count('plan'), await count('snapshot_part')], [1, 1, 2]);
  });

  it('is its witnesses, its plan and its snapshot; what is public stays, and its places', async () => {
    const { epoch } = await stored(1);
    const attestation = await readAttestation(database(), epoch);
    await setState(epoch, 'final');
    assert.deepEqual(await retire(epoch), { witnesses: 1, plans: 1, snapshotParts: 2, places: 0 });
    for (const gone of ['task where witness is not null', 'plan', 'plan_part', 'snapshot_part']) assert.equal(await count(gone), 0, gone);
    assert.deepEqual([await count('task'), await count('snapshot'), await count('place')], [1, 1, 16]);
    assert.deepEqual(await readAttestation(database(), epoch), attestation);
    assert.deepEqual(await retire(epoch), { witnesses: 0, plans: 0, snapshotParts: 0, places: 0 });
  });

  it('is not its snapshot while another epoch needs it', async () => {
    const first = await stored(1);
    await database().query(`
      insert into epoch (venue, number, snapshot, market, circuits, manifest_sha256)
      select venue, 2, snapshot, market, circuits, manifest_sha256 from epoch where id = $1`, [first.epoch.toString()]);
    await setState(first.epoch, 'final');
    assert.equal((await retire(first.epoch)).snapshotParts, 0);
    assert.equal(await count('snapshot_part'), 2);
    await database().query(`update epoch set state = 'final' where number = 2`);
    assert.equal((await retire(first.epoch)).snapshotParts, 2);
  });

  it('is not the snapshot of an epoch that failed and may be tried again', async () => {
    const first = await stored(1);
    await database().query(`
      insert into epoch (venue, number, snapshot, market, circuits, manifest_sha256, state)
      select venue, 2, snapshot, market, circuits, manifest_sha256, 'failed' from epoch where id = $1`, [first.epoch.toString()]);
    await setState(first.epoch, 'final');
    assert.equal((await retire(first.epoch)).snapshotParts, 0);
  });

  it('is no snapshot of other accounts', async () => {
    const [first, second] = [await stored(1), await stored(2, 13)];
    await setState(first.epoch, 'final');
    await retire(first.epoch);
    assert.equal(await count('snapshot_part join epoch on epoch.snapshot = snapshot_part.snapshot where epoch.id = $1', second.epoch.toString()), 2);
    assert.equal(await count('task where epoch = $1 and witness is not null', second.epoch.toString()), 1);
  });

  it('is the places of epochs before the last ones, by number; an epoch that is not final keeps its own and does not count', async () => {
    const epochs = [await stored(1, 12), await stored(2, 13), await stored(3, 14), await stored(4, 15)];
    const [first, second, third, open] = epochs as [StoredEpoch, StoredEpoch, StoredEpoch, StoredEpoch];
    for (const { epoch } of [first, second, third]) await setState(epoch, 'final');
    assert.equal((await retire(first.epoch, 3)).places, 0);
    assert.equal((await retire(third.epoch, 2)).places, 16);
    assert.deepEqual(await epochsWithPlaces(database(), first.venue), new Set([second.epoch, third.epoch, open.epoch]));
    assert.equal((await retire(third.epoch, 1)).places, 16);
    assert.deepEqual(await epochsWithPlaces(database(), first.venue), new Set([third.epoch, open.epoch]));
  });

  it('is not the places of another venue', async () => {
    const [other, own] = [await stored(1, 12), await stored(2, 13)];
    await database().query(`
      with v as (insert into venue (chain_id, registry, venue_id) values (5, '0x', 5) returning id),
        m as (insert into market_table (venue, commitment, level, snapshot_time, body) select v.id, commitment, level, snapshot_time, body from market_table, v limit 1 returning venue)
      update epoch set venue = (select venue from m), state = 'final' where id = $1`, [other.epoch.toString()]);
    await setState(own.epoch, 'final');
    assert.equal((await retire(own.epoch, 1)).places, 0);
    assert.equal(await count('place where epoch = $1', other.epoch.toString()), 16);
  });

  it('is taken back when the transaction fails', async () => {
    const { epoch } = await stored(1);
    await setState(epoch, 'final');
    await assert.rejects(database().transaction(async (sql) => {
      await retireEpoch(sql, epoch, { receiptEpochs: 1 });
      throw new Error('the lease was lost');
    }), /the lease was lost/);
    assert.deepEqual([await count('task where witness is not null'), await count('plan'), await count('snapshot_part')], [1, 1, 2]);
  });

  it('is gone from the pages of the table after a vacuum and new rows', async () => {
    const { epoch } = await stored(1);
    await setState(epoch, 'final');
    await database().query('checkpoint');
    assert.ok(await pagesHold(database(), WITNESS), 'the witness stands in the table before');
    await retire(epoch);
    await vacuum(database());
    await database().query(`update task set signals = array[repeat('9', 40)]`);
    await database().query('checkpoint');
    assert.equal(await pagesHold(database(), WITNESS), false);
  });
});

/** Whether bytes stand in the pages of the table of tasks, live or dead. */
async function pagesHold(database: Database, bytes: Uint8Array): Promise<boolean> {
  const { rows } = await database.query(`select position($1::bytea in pg_read_binary_file(pg_relation_filepath('task'))) > 0 as found`, [bytes]);
  return rows[0]?.['found'] === true;
}
