import { existsSync } from 'node:fs';
import { connectChain, type ChainConnection } from '../../chain/connection.js';
import { readDeployment } from '../../chain/deployment-file.js';
import { attemptOnDeployment } from '../../chain/deployed-verifiers.js';
import type { Deployment } from '../../chain/deployment.js';
import { ChainUnreachableError } from '../../chain/errors.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { walletFromFile } from '../../chain/wallet.js';
import { loadExpectedVerifier } from '../../groth16/proving-key.js';
import { StoreLockedError, type Database } from '../../store/database.js';
import { migrationState } from '../../store/migrate.js';
import type { Check, CheckedConfig } from './check-config.js';
import type { Log } from '../log.js';
import { databaseConfigOf, openConfiguredDatabase } from './database-config.js';
import type { ServiceConfig } from './schema.js';

/** Whether the database answers and is this program's. Changes nothing: an embedded one that is not there yet is not made. */
export function databaseCheck(config: ServiceConfig): Check {
  return { name: 'database', look: () => lookAtDatabase(config) };
}

async function lookAtDatabase(config: ServiceConfig): Promise<string> {
  const wanted = databaseConfigOf(config);
  if (wanted.kind === 'embedded' && !existsSync(wanted.directory)) return `${wanted.directory} will be made at the first start`;
  let database: Database;
  try {
    database = await openConfiguredDatabase(config);
  } catch (error) {
    // Somebody has started from this configuration already.
    if (error instanceof StoreLockedError) return `in use by process ${String(error.details['process'])}`;
    throw error;
  }
  try {
    const { ran, missing } = await migrationState(database);
    return `${database.kind} database answers; ${ran} migrations ran${missing === 0 ? '' : `, ${missing} will at the next start`}`;
  } finally {
    await database.close();
  }
}

/** Whether the chain answers, is the deployment's, and has its registry with the venue. */
export function chainCheck(config: ServiceConfig): Check {
  return { name: 'chain', look: () => lookAtChain(config) };
}

async function lookAtChain(config: ServiceConfig): Promise<string> {
  const { rpcUrl, publisherKeyFile } = config.chain;
  if (rpcUrl === undefined) return 'not configured';
  const deployment = await readDeployment(config.venue.deploymentFile);
  const chain = await connectForService(config, deployment.chainId);
  try {
    await attemptOnVerifiers(chain, deployment, config);
    const latest = await new SolvencyRegistryClient(deployment.registry, deployment.venueId, chain.provider).latestEpoch();
    const publisher = publisherKeyFile === undefined ? 'no publisher' : `publisher ${(await walletFromFile(publisherKeyFile, chain.provider)).address}`;
    return `chain ${chain.chainId} answers; its verifiers are the manifest's and take no forged proof; latest epoch ${latest}; ${publisher}`;
  } finally {
    chain.close();
  }
}

/**
 * Every verifier that the venue's epochs go through is the registry's own, holds the folder's key in the code that the manifest names, and
 * refuses forgeries.
 *
 * @throws errors of loadExpectedVerifier and attemptOnDeployment
 */
export async function attemptOnVerifiers({ provider }: ChainConnection, deployment: Deployment, { keysFolder, venue }: Pick<ServiceConfig, 'keysFolder' | 'venue'>): Promise<void> {
  const used = deployment.circuits.filter(({ name }) => venue.circuits.includes(name));
  await attemptOnDeployment(provider, deployment, used, (name) => loadExpectedVerifier(keysFolder, name));
}

/**
 * The same where a service starts that has an end point. A chain that does not answer keeps nobody from proving, and is told; what one that
 * answers says against a verifier does.
 *
 * @throws WrongChainError, and errors of attemptOnVerifiers
 */
export async function requireDeployedVerifiers({ config, deployment }: CheckedConfig, log: Log): Promise<void> {
  if (config.chain.rpcUrl === undefined) return;
  try {
    const chain = await connectForService(config, deployment.chainId);
    try {
      await attemptOnVerifiers(chain, deployment, config);
    } finally {
      chain.close();
    }
  } catch (cause) {
    if (!(cause instanceof ChainUnreachableError)) throw cause;
    log.warn('verifiers-not-checked', { code: cause.code, message: cause.message });
  }
}

/** The end point of the configuration, which must serve the deployment's chain. */
export function connectForService({ chain }: ServiceConfig, expectedChainId: bigint): Promise<ChainConnection> {
  return connectChain(chain.rpcUrl?.reveal() ?? '', { expectedChainId, timeoutMs: chain.requestSeconds * 1000 });
}
