import type { Command } from 'commander';
import { connectChain } from '../chain/connection.js';
import { deployClearproof } from '../chain/deploy.js';
import { writeDeployment } from '../chain/deployment-file.js';
import { circuitKindOf, type CircuitKind } from '../chain/deployment.js';
import { SolvencyRegistryClient } from '../chain/registry-client.js';
import { walletFromFile } from '../chain/wallet.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { buildPath } from './project.js';
import type { Runner } from './runner.js';
import { readVenueConfig } from './venue-config.js';

interface DeployOptions {
  readonly config: string;
  readonly rpc: string;
  readonly keyFile: string;
  readonly circuits: string;
  readonly out: string;
}

/** A name that is no circuit a registry takes. */
export class CircuitKindError extends ClearproofError {
  readonly code = 'CIRCUIT_KIND';
}

/** A circuit as `deployClearproof` takes it. @throws CircuitKindError */
export function circuitToDeploy(name: string): { readonly name: string; readonly kind: CircuitKind } {
  const kind = circuitKindOf(name);
  if (kind === undefined) throw new CircuitKindError(`"${name}" is no solvency-batch, solvency-close or market-table circuit: take names from circuits/circuits.json`, { name });
  return { name, kind };
}

export function addDeployCommand(program: Command, run: Runner): void {
  program.command('deploy')
    .description('put verifiers, registry, escrow and market source on a local test chain and register one venue')
    .requiredOption('--config <file>', 'venue file (docs/operations.md)')
    .requiredOption('--rpc <url>', 'JSON-RPC end point')
    .requiredOption('--key-file <file>', 'private key, mode 600; its account gets every role of the venue')
    .requiredOption('--circuits <names>', 'batch circuits and what closes them, separated by commas')
    .requiredOption('--out <file>', 'where addresses go')
    .addHelpText('after', `
Example:
  clearproof deploy --config venue.json --rpc http://127.0.0.1:8545 --key-file venue.key \\
    --circuits solvency-batch-n32-k8-s8,solvency-close-u32-s8 --out deployment.json`)
    .action(run(async (output, options: DeployOptions) => {
      const { assets, ...venue } = await readVenueConfig(options.config);
      const chain = await connectChain(options.rpc);
      try {
        const signer = await walletFromFile(options.keyFile, chain.provider);
        const deployment = await deployClearproof(signer, {
          artifacts: buildPath('contracts'),
          circuits: options.circuits.split(',').map(circuitToDeploy),
          venue,
          markets: 'stated',
          allowedTokens: [...new Set([venue.fundToken, ...assets.map((asset) => asset.token)])],
          onReceipt: (step, receipt) => output.say(`${step}: ${receipt.gasUsed} gas`),
        });
        await new SolvencyRegistryClient(deployment.registry, venue.venueId, signer).registerAssets(assets);
        await writeDeployment(options.out, deployment);
        if (deployment.circuits.some((circuit) => circuit.insecure)) output.say('INSECURE: these verifiers hold development keys; anyone can forge proofs for them');
        output.say(`registry ${deployment.registry} on chain ${deployment.chainId}; addresses in ${options.out}`);
        output.result(deployment);
      } finally {
        chain.close();
      }
    }));
}
