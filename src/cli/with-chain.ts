import type { Command } from 'commander';
import { connectChain } from '../chain/connection.js';
import { readDeployment } from '../chain/deployment-file.js';
import type { Deployment } from '../chain/deployment.js';
import { walletFromFile, type ConnectedSigner } from '../chain/wallet.js';

/** Options of every command that sends transactions for a deployed venue. */
export interface ChainOptions {
  readonly deployment: string;
  readonly rpc: string;
  readonly keyFile: string;
}

export function withChain(command: Command): Command {
  return command
    .requiredOption('--deployment <file>', 'addresses, as deploy wrote them')
    .requiredOption('--rpc <url>', 'JSON-RPC end point')
    .requiredOption('--key-file <file>', 'private key, mode 600');
}

/** Runs work with the account of a key file on the deployment's chain. */
export async function withSigner<Result>(options: ChainOptions, work: (signer: ConnectedSigner, deployment: Deployment) => Promise<Result>): Promise<Result> {
  const deployment = await readDeployment(options.deployment);
  const chain = await connectChain(options.rpc, { expectedChainId: deployment.chainId });
  try {
    return await work(await walletFromFile(options.keyFile, chain.provider), deployment);
  } finally {
    chain.close();
  }
}
