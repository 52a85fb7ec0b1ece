import assert from 'node:assert/strict';
import type { Sql } from '../../src/store/database.js';
import { onBothDatabases } from './databases.js';

onBothDatabases('a database', (database) => {
  const rowsOf = async (table: string): Promise<unknown[]> => (await database().query(`select * from ${table} order by 1`)).rows.slice();

  before(() => database().script('create table clearproof.note (id integer primary key, text text not null)'));
  beforeEach(() => database().query('delete from note'));

  it('gives bigint and numeric as text, bytea as bytes, times as Date and JSON parsed', async () => {
    const { rows } = await database().query(`select 9007199254740993::bigint as big, 0.10::numeric as exact, '\\x00ff'::bytea as bytes, array[9007199254740993]::bigint[] as bigs,
      array[0.10]::numeric[] as exacts, timestamptz '2026-01-02 03:04:05.678+00' as at, '{"a": [1, null]}'::jsonb as json, array['x', 'y']::text[] as texts,
      array['\\x00ff'::bytea] as many, 7::integer as small, 1.5::double precision as float, true as yes, null::text as nothing, interval '90 seconds' as span`);
    assert.deepStrictEqual({ ...rows[0], many: undefined }, {
      big: '9007199254740993', exact: '0.10', bytes: new Uint8Array([0, 255]), bigs: ['9007199254740993'], exacts: ['0.10'], at: new Date('2026-01-02T03:04:05.678Z'),
      json: { a: [1, null] }, texts: ['x', 'y'], many: undefined, small: 7, float: 1.5, yes: true, nothing: null, span: '00:01:30',
    });
    assert.deepEqual((rows[0]?.['many'] as Uint8Array[]).map((bytes) => [...bytes]), [[0, 255]]);
  });

  it('takes every kind of parameter', async () => {
    const { rows } = await database().query(`select $1::numeric as n, $2::bytea as b, $3::timestamptz as t, $4::jsonb as j, $5::text[] as a, $6::bytea[] as m, $7::boolean as y, $8::text as z,
      $9::bigint as i, $10::integer[] as s`, ['21888242871839275222246405745257275088548364400416034343698204186575808495616', new Uint8Array([1, 2]), new Date(5), '{"k":"v"}',
      ['a,"b', 'ü'], [new Uint8Array([3]), new Uint8Array([])], false, null, 12, [1, 2]]);
    assert.deepStrictEqual({ ...rows[0], m: (rows[0]?.['m'] as Uint8Array[]).map((bytes) => [...bytes]) }, {
      n: '21888242871839275222246405745257275088548364400416034343698204186575808495616', b: new Uint8Array([1, 2]), t: new Date(5), j: { k: 'v' }, a: ['a,"b', 'ü'], m: [[3], []],
      y: false, z: null, i: '12', s: [1, 2],
    });
  });

  it('counts the rows a statement changed, and none for a query', async () => {
    assert.equal((await database().query("insert into note values (1, 'a'), (2, 'b') returning id")).changed, 2);
    assert.equal((await database().query("update note set text = 'c'")).changed, 2);
    assert.equal((await database().query('select * from note')).changed, 0);
    assert.equal((await database().query("insert into note values (1, 'a') on conflict do nothing")).changed, 0);
    assert.equal((await database().query('delete from note where id = 1')).changed, 1);
  });

  it('runs a script of many statements as one unit', async () => {
    await assert.rejects(database().script("insert into note values (1, 'a'); insert into note values (1, 'b')"), { code: '23505' });
    assert.deepEqual(await rowsOf('note'), []);
    assert.deepEqual(await database().script("insert into note values (1, 'a'); select text from note; select 2 as two"), [{ text: 'a' }, { two: 2 }]);
  });

  it('is usable after a script failed inside a transaction of its own', async () => {
    await assert.rejects(database().script("begin; insert into note values (1, 'a'); insert into note values (1, 'b'); commit"), { code: '23505' });
    await Promise.all(Array.from({ length: 20 }, (_, id) => database().query("insert into note values ($1, 'x')", [id])));
    assert.equal((await rowsOf('note')).length, 20);
  });

  it('commits a transaction as a whole', async () => {
    const result = await database().transaction(async (sql) => {
      await sql.query("insert into note values (1, 'a')");
      await sql.script("insert into note values (2, 'b')");
      return 'done';
    });
    assert.equal(result, 'done');
    assert.equal((await rowsOf('note')).length, 2);
  });

  it('rolls back when the work throws, and passes what was thrown', async () => {
    const failure = new Error('out of luck');
    await assert.rejects(database().transaction(async (sql) => {
      await sql.query("insert into note values (1, 'a')");
      throw failure;
    }), (thrown) => thrown === failure);
    assert.deepEqual(await rowsOf('note'), []);
  });

  it('does not commit when the work swallows the failure of a statement', async () => {
    await assert.rejects(database().transaction(async (sql) => {
      await sql.query("insert into note values (1, 'a')");
      await sql.query("insert into note values (1, 'b')").catch(() => undefined);
    }), { code: '23505' });
    assert.deepEqual(await rowsOf('note'), []);
  });

  it('refuses its own statements inside a transaction, and a transaction\'s after its end', async () => {
    let kept: Sql | undefined;
    await database().transaction(async (sql) => {
      kept = sql;
      await assert.rejects(async () => database().query('select 1'), /inside a transaction only its own Sql may be used/);
      await assert.rejects(async () => database().transaction(() => Promise.resolve()), /inside a transaction only its own Sql may be used/);
    });
    await assert.rejects(async () => kept?.query('select 1'), /this transaction has ended/);
    await database().query('select 1');
  });

  it('keeps values of rows and parameters out of errors', async () => {
    const canary = 'canary-4711';
    await database().query('insert into note values (1, $1)', [canary]);
    await database().script('create unique index if not exists note_text on clearproof.note (text)');
    await assert.rejects(database().query('insert into note values (2, $1)', [canary]), (thrown: Error) => {
      const all = [thrown.message, thrown.stack, JSON.stringify(thrown), ...Object.getOwnPropertyNames(thrown).map((name) => String(Reflect.get(thrown, name)))].join('\n');
      assert.match(thrown.message, /duplicate key/);
      assert.doesNotMatch(all, /canary/);
      return true;
    });
  });

  it('refuses all once it is closed, and closing it again does nothing', async () => {
    // Closes the suite's database: the last test.
    await database().close();
    await database().close();
    await assert.rejects(database().query('select 1'), { code: 'DATABASE_UNAVAILABLE', message: /closed by this process/ });
  });
});
