import { isIP } from 'node:net';
import { keyPaths } from '../../groth16/key-manifest.js';
import { ConfigConflictError, SecretMissingError, UnsafeDatabaseError, UnsafeListenerError } from './errors.js';
import { refuseReadableIfThere, refuseReadableSecret, refuseWritable } from './file-modes.js';
import type { LoadedConfig } from './read-config.js';
import type { ServiceConfig } from './schema.js';

/** Secrets are their owner's in both modes; in production also nobody else may change what the service trusts. @throws FileModeError, ConfigReadError */
export async function checkModes({ config, file }: LoadedConfig): Promise<void> {
  const { chain, dataFolder, keysFolder, mode, receipts, store, venue } = config;
  if (chain.publisherKeyFile !== undefined) await refuseReadableSecret(chain.publisherKeyFile, 'chain.publisherKeyFile');
  await refuseReadableIfThere(dataFolder, 'dataFolder', '700');
  await refuseReadableIfThere(receipts.keyFile, 'receipts.keyFile', '600');
  if (mode !== 'production') return;
  if (file !== undefined) await refuseWritable(file, '--config');
  if (store.caFile !== undefined) await refuseWritable(store.caFile, 'store.caFile');
  await refuseWritable(venue.deploymentFile, 'venue.deploymentFile');
  await refuseWritable(keysFolder, 'keysFolder');
  await refuseWritable(keyPaths.manifest(keysFolder), 'keysFolder');
}

/** @throws UnsafeListenerError for a listener that sends tokens over a network as they are, unless that was asked for */
export function checkListener({ api, mode }: Pick<ServiceConfig, 'api' | 'mode'>): void {
  if (mode !== 'production' || api.allowPlainHttp || isLoopback(api.host)) return;
  throw new UnsafeListenerError(
    `api.host ${api.host} is not loopback and the service speaks plain HTTP: listen on 127.0.0.1 behind a proxy that ends TLS, or set api.allowPlainHttp to true where the network is private`,
    { field: 'api.host', host: api.host },
  );
}

/** TLS is asked for in one place, and off only where nothing leaves the machine. @throws ConfigConflictError, UnsafeDatabaseError */
export function checkDatabaseTransport({ mode, store }: Pick<ServiceConfig, 'mode' | 'store'>): void {
  if (store.url === undefined) return;
  const url = new URL(store.url.reveal());
  const stated = [...url.searchParams.keys()].find((name) => name.startsWith('ssl'));
  if (stated !== undefined) {
    throw new ConfigConflictError(`the database URL sets ${stated}: take it out, and set store.tls and store.caFile`, { field: 'store.url', parameter: stated });
  }
  if (store.tls !== 'off') return;
  const host = url.searchParams.get('host') ?? url.hostname;
  if (mode !== 'production' || host === '' || host.startsWith('/') || host.startsWith('%2F') || isLoopback(host)) return;
  throw new UnsafeDatabaseError(
    `store.tls is "off" and the database is on another machine, ${host}: positions and salts would cross the network as they are; set store.tls to "verify-full"`,
    { field: 'store.tls', host },
  );
}

/** What the configured steps need. @throws SecretMissingError, ConfigConflictError */
export function checkPublication({ chain, worker }: Pick<ServiceConfig, 'chain' | 'worker'>): void {
  if (chain.maxPriorityFeePerGas > chain.maxFeePerGas) {
    throw new ConfigConflictError('chain.maxPriorityFeePerGas is more than chain.maxFeePerGas, of which it is a part: lower it', { field: 'chain.maxPriorityFeePerGas' });
  }
  if (worker.processes === 0 || !worker.kinds.includes('publish')) return;
  const missing = chain.rpcUrl === undefined
    ? ['chain.rpcUrlFile', 'a file of mode 600 with the end point\'s URL, or set CLEARPROOF_CHAIN_RPC_URL']
    : ['chain.publisherKeyFile', 'a file of mode 600 with the private key of the venue\'s operator'];
  if (chain.rpcUrl !== undefined && chain.publisherKeyFile !== undefined) return;
  throw new SecretMissingError(`${missing[0]} is missing and worker.kinds has "publish": name ${missing[1]}; or leave publish to another process`, { field: missing[0] as string });
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
