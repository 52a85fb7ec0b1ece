import type { Database } from './database.js';
import { EmbeddedDatabase } from './embedded-database.js';
import { ServerDatabase } from './server-database.js';

export type DatabaseConfig =
  /** A folder, or IN_MEMORY. */
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'server'; readonly url: string; readonly connections?: number };

/** Opens the database and asks it something. DatabaseUnavailableError, StorageError or StoreLockedError when that fails. Close it. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const database = config.kind === 'embedded' ? await EmbeddedDatabase.open(config.directory) : new ServerDatabase(config.url, config.connections);
  try {
    await database.query('select 1');
    return database;
  } catch (cause) {
    await database.close().catch(() => undefined);
    throw cause;
  }
}
