import type { DatabaseConfig } from '../../store/open-database.js';
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
