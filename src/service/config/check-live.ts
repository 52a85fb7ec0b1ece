import { connectChain, type ChainConnection } from '../../chain/connection.js';
import { readDeployment } from '../../chain/deployment-file.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import { walletFromFile } from '../../chain/wallet.js';
import type { Check } from './check-config.js';
import type { ServiceConfig } from './schema.js';

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
    const latest = await new SolvencyRegistryClient(deployment.registry, deployment.venueId, chain.provider).latestEpoch();
    const publisher = publisherKeyFile === undefined ? 'no publisher' : `publisher ${(await walletFromFile(publisherKeyFile, chain.provider)).address}`;
    return `chain ${chain.chainId} answers; latest epoch ${latest}; ${publisher}`;
  } finally {
    chain.close();
  }
}

/** The end point of the configuration, which must serve the deployment's chain. */
export function connectForService({ chain }: ServiceConfig, expectedChainId: bigint): Promise<ChainConnection> {
  return connectChain(chain.rpcUrl?.reveal() ?? '', { expectedChainId, timeoutMs: chain.requestSeconds * 1000 });
}
