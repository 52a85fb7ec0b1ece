import type { Command } from 'commander';
import { connectChain, type ChainConnection } from '../chain/connection.js';
import { readDeployment } from '../chain/deployment-file.js';
import type { Deployment } from '../chain/deployment.js';
import { walletFromFile, type ConnectedSigner } from '../chain/wallet.js';

/** Options of every command that sends transactions for a deployed venue. */
export interface ChainOptions extends ReaderOptions {
  readonly keyFile: string;
}

/** Options of every command that reads what a deployed venue's contracts say. */
export interface ReaderOptions {
  readonly deployment: string;
  readonly rpc: string;
}

export function withReader(command: Command): Command {
  return command
    .requiredOption('--deployment <file>', 'addresses, as deploy wrote them')
    .requiredOption('--rpc <url>', 'JSON-RPC end point');
}

export function withChain(command: Command): Command {
  return withReader(command)
    .requiredOption('--key-file <file>', 'private key, mode 600');
}

/** Runs work with the account of a key file on the deployment's chain. */
export async function withSigner<Result>(options: ChainOptions, work: (signer: ConnectedSigner, deployment: Deployment) => Promise<Result>): Promise<Result> {
  return reading(options, async ({ provider }, deployment) => work(await walletFromFile(options.keyFile, provider), deployment));
}

/** Runs work that only reads the deployment's chain. */
export async function reading<Result>(options: ReaderOptions, work: (chain: ChainConnection, deployment: Deployment) => Promise<Result>): Promise<Result> {
  const deployment = await readDeployment(options.deployment);
  const chain = await connectChain(options.rpc, { expectedChainId: deployment.chainId });
  try {
    return await work(chain, deployment);
  } finally {
    chain.close();
  }
}
