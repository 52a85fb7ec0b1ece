import { ClearproofError, messageOf } from '../../error/clearproof-error.js';
import type { Database } from '../../store/database.js';
import { openDatabase, type DatabaseConfig } from '../../store/open-database.js';
import { DatabaseRefusedError } from './errors.js';
import { embeddedFolder } from './read-config.js';
import type { ServiceConfig } from './schema.js';

/** The database as the store opens it; TLS as configured, never as a default of a library. */
export function databaseConfigOf(config: ServiceConfig): DatabaseConfig {
  const { store } = config;
  if (store.url === undefined) return { kind: 'embedded', directory: embeddedFolder(config) };
  const url = new URL(store.url.reveal());
  url.searchParams.set('sslmode', store.tls === 'off' ? 'disable' : 'verify-full');
  if (store.tls !== 'off' && store.caFile !== undefined) url.searchParams.set('sslrootcert', store.caFile);
  return { kind: 'server', url: url.href, connections: store.connections };
}

/** @throws DatabaseUnavailableError, StorageError, StoreLockedError, DatabaseRefusedError */
export async function openConfiguredDatabase(config: ServiceConfig): Promise<Database> {
  try {
    return await openDatabase(databaseConfigOf(config));
  } catch (cause) {
    if (cause instanceof ClearproofError) throw cause;
    // PostgreSQL and TLS name user, database or certificate, never the password.
    throw new DatabaseRefusedError(
      `the database server refuses the service (${messageOf(cause)}): check user, password and name in the database URL, and store.tls with store.caFile`, {}, { cause },
    );
  }
}
