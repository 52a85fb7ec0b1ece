import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/store/database.js';
import { IN_MEMORY } from '../../src/store/embedded-database.js';
import { migrate } from '../../src/store/migrate.js';
import { openDatabase } from '../../src/store/open-database.js';
import { PostgresServer } from '../harness/postgres.js';

let shared: Promise<PostgresServer> | undefined;

/** One server for all suites that do not harm it, each with a database of its own; it ends with this process. */
function sharedServer(): Promise<PostgresServer> {
  shared ??= PostgresServer.start().then((server) => {
    process.once('exit', () => server.abandon());
    return server;
  });
  return shared;
}

/** One suite for both databases: `define` gets the function that gives the database of the suite. */
export function onBothDatabases(title: string, define: (database: () => Database, url: () => string | undefined) => void, prepare: (database: Database) => Promise<void> = migrate): void {
  for (const kind of ['embedded', 'server'] as const) {
    describe(`${title}, ${kind}`, () => {
      let database: Database | undefined;
      let url: string | undefined;

      before(async () => {
        if (kind === 'server') {
          url = await (await sharedServer()).createDatabase();
        }
        database = await openDatabase(url === undefined ? { kind: 'embedded', directory: IN_MEMORY } : { kind: 'server', url });
        await prepare(database);
      });
      after(async () => {
        await database?.close();
      });

      define(() => {
        if (database === undefined) throw new Error('the database is open only while tests run');
        return database;
      }, () => url);
    });
  }
}

export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-store-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tables gone as if the database were new. */
export async function dropAll(database: Database): Promise<void> {
  await database.script('drop schema if exists clearproof cascade; drop schema if exists clearproof_jobs cascade');
}
