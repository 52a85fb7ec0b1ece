import assert from 'node:assert/strict';
import { openDatabase } from '../../src/store/open-database.js';
import { MIGRATIONS, migrate } from '../../src/store/migrate.js';
import { dropAll, onBothDatabases } from './databases.js';

onBothDatabases('migrations', (database, url) => {
  const first = { number: 1, name: 'first', sql: 'create table clearproof.a (id integer)' };
  const second = { number: 2, name: 'second', sql: 'create table clearproof.b (id integer)' };
  const numbers = async (): Promise<unknown[]> => (await database().query('select number from migration order by 1')).rows.map(({ number }) => number);

  beforeEach(() => dropAll(database()));

  it('make all tables of the service, once', async () => {
    await migrate(database());
    await migrate(database());
    assert.deepEqual(await numbers(), MIGRATIONS.map(({ number }) => number));
    assert.deepEqual((await database().query('select count(*) as epochs from epoch')).rows, [{ epochs: '0' }]);
  });

  it('add what is missing', async () => {
    await migrate(database(), [first]);
    await migrate(database(), [first, second]);
    assert.deepEqual(await numbers(), [1, 2]);
    await database().query('select * from b');
  });

  it('leave nothing when one of them fails', async () => {
    await assert.rejects(migrate(database(), [first, { number: 2, name: 'broken', sql: 'create table clearproof.b (id integer); select nonsense' }]), { code: '42703' });
    assert.deepEqual((await database().query("select to_regclass('clearproof.migration') as made, to_regclass('clearproof.a') as a")).rows, [{ made: null, a: null }]);
  });

  it('refuse a database made by a newer program', async () => {
    await migrate(database(), [first, second]);
    await assert.rejects(migrate(database(), [first]), { code: 'MIGRATION', message: /has migration 2 \(second\), which this program does not know/ });
  });

  it('refuse a database made by a migration that reads differently now', async () => {
    await migrate(database(), [first]);
    await assert.rejects(migrate(database(), [{ ...first, sql: `${first.sql};` }, second]), { code: 'MIGRATION', message: /migration 1 \(first\) is not the one that made this database/ });
    assert.deepEqual(await numbers(), [1]);
  });

  it('run once when many start together', async () => {
    const address = url();
    const others = address === undefined ? [] : await Promise.all([1, 2, 3].map(() => openDatabase({ kind: 'server', url: address })));
    try {
      await Promise.all([database(), ...others, database()].map((each) => migrate(each)));
      assert.deepEqual(await numbers(), MIGRATIONS.map(({ number }) => number));
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });
});
