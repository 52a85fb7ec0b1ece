import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Housekeeping } from '../../../src/service/worker/housekeeping.js';
import type { Database } from '../../../src/store/database.js';
import { IN_MEMORY } from '../../../src/store/embedded-database.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { SnapshotUpload } from '../../../src/store/snapshots.js';
import { addMarketTable } from '../../../src/store/market-tables.js';
import { ensureVenue } from '../../../src/store/venues.js';
import { registerWorker } from '../../../src/store/workers.js';
import { VENUE } from '../../proving/support.js';

describe('housekeeping of a store', () => {
  let database: Database;
  const told: string[] = [];
  const note = (event: string): void => void told.push(event);
  const log = { info: note, warn: note, error: note };
  beforeEach(async () => {
    told.splice(0);
    database = await openDatabase({ kind: 'embedded', directory: IN_MEMORY });
    await migrate(database);
  });
  afterEach(() => database.close());

  const count = async (table: string): Promise<unknown> => (await database.query(`select count(*)::integer as n from ${table}`)).rows[0]?.['n'];
  /** -1 until the first vacuum. */
  const vacuumed = async (table: string): Promise<boolean> => Number((await database.query('select reltuples::integer as n from pg_class where oid = $1::regclass', [table])).rows[0]?.['n']) >= 0;

  it('drops uploads that broke off with their process, and no other', async () => {
    const venue = await ensureVenue(database, VENUE);
    await addMarketTable(database, { venue, commitment: 5n, level: 'maintenance', snapshotTime: 1, body: '' });
    for (const line of ['a', 'b']) await (await SnapshotUpload.begin(database, { venue, market: 5n })).add(Buffer.from(`${line}\n`));
    const finished = await SnapshotUpload.begin(database, { venue, market: 5n });
    await finished.add(Buffer.from('c\n'));
    await finished.finish({ accounts: 1, findings: [] });
    const housekeeping = new Housekeeping(database, log);
    assert.equal(await housekeeping.sweep(), 0);
    assert.equal(await count('snapshot_part'), 3);
    await database.query("update snapshot set touched_at = now() - interval '7 hours' where id in (select id from snapshot where state = 'receiving' limit 1) or state = 'ready'");
    assert.equal(await housekeeping.sweep(), 0, 'no lease among them');
    assert.deepEqual([await count('snapshot'), await count('snapshot_part')], [2, 2]);
    assert.deepEqual(told, ['uploads-dropped']);
  });

  it('forgets workers that nobody has seen for a month', async () => {
    for (const host of ['gone', 'here']) {
      await registerWorker(database, { id: randomUUID(), host, process: 1, kinds: ['prove'], program: 'p', manifestSha256: 'm' });
    }
    await database.query("update worker set seen_at = now() - interval '31 days' where host = 'gone'");
    await new Housekeeping(database, log).sweep();
    assert.deepEqual((await database.query('select host from worker')).rows.map(({ host }) => host), ['here']);
  });

  it('gives the room of retired rows back: at the start, for an earlier process may have died before it could, and after each retirement', async () => {
    const housekeeping = new Housekeeping(database, log);
    await housekeeping.sweep();
    assert.ok(await vacuumed('task'));
    await database.script('create table again (); drop table again; alter table place rename to old_place; create table place (a integer)');
    await housekeeping.sweep();
    assert.equal(await vacuumed('place'), false, 'not for nothing');
    housekeeping.retired();
    await housekeeping.sweep();
    assert.ok(await vacuumed('place'));
  });
});
