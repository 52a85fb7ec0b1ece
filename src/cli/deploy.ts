import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { connectChain } from '../chain/connection.js';
import { CIRCUIT_DELAY, deployClearproof, type MarketsToDeploy } from '../chain/deploy.js';
import { writeDeployment } from '../chain/deployment-file.js';
import { SolvencyRegistryClient } from '../chain/registry-client.js';
import { walletFromFile } from '../chain/wallet.js';
import { CIRCUIT_LIST, readCircuitList } from '../groth16/circuit-list.js';
import { requireAccountCircuits, requireInclusionCircuits, requireTransitionCircuits } from '../proving/account-circuits.js';
import { gatedCircuits } from './gated-circuits.js';
import { address, positiveNumber } from './options.js';
import { buildPath, projectRoot } from './project.js';
import type { Runner } from './runner.js';
import { readVenueConfig } from './venue-config.js';

interface DeployOptions {
  readonly config: string;
  readonly rpc: string;
  readonly keyFile: string;
  readonly circuits: string;
  readonly out: string;
  readonly contracts?: string;
  readonly keys?: string;
  readonly timelock?: number;
  readonly pyth?: string;
  readonly stated?: boolean;
  readonly vault?: number;
  readonly clearingHouse?: number;
  readonly circuitDelay: number;
}

/** A stand-in for market boards must be asked for by name. */
function marketsToDeploy(deploy: Command, { timelock, pyth, stated }: DeployOptions): MarketsToDeploy {
  if (timelock !== undefined) return { minTimelock: timelock, ...(pyth === undefined ? {} : { pyth }) };
  if (stated !== true) deploy.error('error: one of --timelock and --stated is needed: market boards, or the stand-in for local test chains');
  return 'stated';
}

export function addDeployCommand(program: Command, run: Runner): void {
  const deploy = program.command('deploy');
  deploy
    .description('put verifiers, registry, gate, reserves, market source, omission challenges and clearing house on a chain and register one venue')
    .requiredOption('--config <file>', 'venue file (docs/operations.md)')
    .requiredOption('--rpc <url>', 'JSON-RPC end point')
    .requiredOption('--key-file <file>', 'private key, mode 600; its account gets every role of the venue')
    .requiredOption('--circuits <names>', 'batch circuits, what closes them, and those of accounts and challenges, separated by commas')
    .requiredOption('--out <file>', 'where addresses go')
    .option('--contracts <folder>', 'compiled contracts, with the verifiers of the keys in use (default: build/contracts)')
    .option('--keys <folder>', 'keys and manifest that the verifiers were made from (default: build/keys)')
    .option('--timelock <seconds>', 'market source: a price board and a market board, whose changes wait at least so long', positiveNumber)
    .option('--pyth <address>', 'contract that Pyth feeds are read from; without it there can be none', address)
    .addOption(new Option('--stated', 'market source: the parameter admin\'s word, on local test chains only').conflicts(['timelock', 'pyth']))
    .option('--vault <seconds>', 'reserves: a collateral vault that pays on the owners\' proofs, whose rules wait at least so long; without it an escrow', positiveNumber)
    .option('--clearing-house <seconds>', 'accounts that settle on chain: batch verifier, clearing terms, whose changes wait at least so long, clearing house, trade bonds, liquidations, default fund and bidders; with --vault only', positiveNumber)
    .option('--circuit-delay <seconds>', 'how long a circuit proposed later waits before it counts, for good: time for users to leave; a day to 90 days, from one second on local test chains', positiveNumber, CIRCUIT_DELAY)
    .addHelpText('after', `
Examples:
  clearproof deploy --config venue.json --rpc http://127.0.0.1:8545 --key-file venue.key \\
    --circuits solvency-batch-n32-k8-s8,solvency-close-u32-s8,market-table-u32-s8 --timelock 86400 --out deployment.json
  clearproof deploy --config venue.json --rpc http://127.0.0.1:8545 --key-file venue.key \\
    --circuits solvency-batch-n32-k8-s8,solvency-close-u32-s8,account-margin-k8-s8-d3,account-exit-k8-s8-d3,account-signer,row-mark-s8 \\
    --stated --vault 604800 --out deployment.json

A vault pays for a clearing house only once it was named there: "clearproof vault clearing-house". Accounts are liquidated
once the clearing terms name the contract: "liquidations" of "clearproof clearing terms".`)
    .action(run(async (output, options: DeployOptions) => {
      const markets = marketsToDeploy(deploy, options);
      const names = options.circuits.split(',');
      const catalogue = await readCircuitList(join(projectRoot(), CIRCUIT_LIST));
      if (options.vault !== undefined) requireAccountCircuits(catalogue, names);
      if (options.clearingHouse !== undefined) {
        if (options.vault === undefined) deploy.error('error: --clearing-house needs --vault: tokens of cleared accounts are in the vault');
        requireTransitionCircuits(catalogue, names);
      }
      const { assets, disputes, ...venue } = await readVenueConfig(options.config);
      if (disputes !== undefined) requireInclusionCircuits(catalogue, names);
      const contracts = options.contracts ?? buildPath('contracts');
      const circuits = await gatedCircuits({ keys: options.keys ?? buildPath('keys'), contracts }, names);
      const chain = await connectChain(options.rpc);
      try {
        const signer = await walletFromFile(options.keyFile, chain.provider);
        const deployment = await deployClearproof(signer, {
          artifacts: contracts,
          circuits,
          circuitDelay: options.circuitDelay,
          venue,
          markets,
          ...(disputes === undefined ? {} : { disputes }),
          ...(options.vault === undefined ? {} : { reserves: { vault: { minTimelock: options.vault } } }),
          ...(options.clearingHouse === undefined ? {} : { clearing: { minTimelock: options.clearingHouse } }),
          allowedTokens: [...new Set([venue.fundToken, ...assets.map((asset) => asset.token)])],
          onReceipt: (step, receipt) => output.say(`${step}: ${receipt.gasUsed} gas`),
        });
        await new SolvencyRegistryClient(deployment.registry, venue.venueId, signer).registerAssets(assets);
        await writeDeployment(options.out, deployment);
        if (deployment.circuits.some((circuit) => circuit.insecure)) output.say('INSECURE: these verifiers hold development keys; anyone can forge proofs for them');
        output.say(`forgeries were tried on ${deployment.circuits.length} verifiers and refused`);
        output.say(`registry ${deployment.registry} on chain ${deployment.chainId}; addresses in ${options.out}`);
        output.result(deployment);
      } finally {
        chain.close();
      }
    }));
}
