import { EmbeddedDatabase } from '../../src/store/embedded-database.js';

/* A process of embedded-database.test.ts: writes pairs of rows, a pair a transaction, until it is killed; prints each pair it has committed. */

const database = await EmbeddedDatabase.open(process.argv[2] as string, 0);
const { rows } = await database.query<{ next: number }>('select coalesce(max(pair), 0) + 1 as next from half');
process.stdout.write('open\n');
for (let pair = rows[0]?.next as number; ; pair += 1) {
  const text = 'x'.repeat(pair % 50 * 100);
  await database.transaction(async (sql) => {
    await sql.query('insert into half values ($1, 1, $2)', [pair, text]);
    await sql.query('insert into half values ($1, 2, $2)', [pair, text]);
  });
  process.stdout.write(`${pair}\n`);
}
