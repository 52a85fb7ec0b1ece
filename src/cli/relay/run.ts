import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { connectChain, type ChainConnection } from '../../chain/connection.js';
import { NumberedSender } from '../../chain/numbered-sender.js';
import { walletFromFile } from '../../chain/wallet.js';
import { jsonLines, type KeeperLog } from '../../keeper/keeper-log.js';
import { SYSTEM_CLOCK } from '../../keeper/keeper-ports.js';
import { Attempts } from '../../keeper/relay/attempts.js';
import { EvmRelayChain } from '../../keeper/relay/evm-chain.js';
import { parseRelayerConfig } from '../../keeper/relay/relay-config-format.js';
import type { RelayerConfig } from '../../keeper/relay/relay-config.js';
import { RelayConfigError } from '../../keeper/relay/relay-errors.js';
import { RelayMetrics } from '../../keeper/relay/relay-metrics.js';
import { RelayStateFile } from '../../keeper/relay/relay-state.js';
import { Relayer } from '../../keeper/relay/relayer.js';
import { Route } from '../../keeper/relay/route.js';
import { signatureSource } from '../../keeper/relay/signatures.js';
import { readText } from '../files.js';
import type { Runner } from '../runner.js';
import { serveRelay } from './serve-relay.js';

interface RunOptions {
  readonly config: string;
  /** End points by names of chains. */
  readonly rpc: ReadonlyMap<string, string>;
  readonly keyFile: string;
  readonly once?: boolean;
}

/** How long a look waits for a transaction's block, and after how long the fees of one that does not move are raised. Milliseconds. */
const PATIENCE_MS = 30_000;
const BUMP_AFTER_MS = 120_000;

export function addRelayRun(relay: Command, run: Runner): void {
  relay.command('run')
    .description('carry messages along the configured routes, make leases, checkpoints and standings before the old ones are out, credit sure deposits')
    .requiredOption('--config <file>', 'routes: docs/cross-chain.md')
    .requiredOption('--rpc <name=url>', 'JSON-RPC end point of a chain of the configuration; once for each', endPoint, new Map())
    .requiredOption('--key-file <file>', 'private key, mode 600, of an account with gas on every chain, and for nothing else')
    .option('--once', 'look once, act, and end')
    .addHelpText('after', `
Example:
  clearproof relay run --config relay.json --rpc home=http://127.0.0.1:8545 --rpc other=http://127.0.0.1:8546 --key-file relayer.key

It has no authority but gas, and can be killed at any moment: it asks the chains what is delivered. Its state file only saves reading. Run as many as you like, each with a key of its own.`)
    .action(run(async (output, options: RunOptions) => {
      const file = resolve(options.config);
      const config = parseRelayerConfig(await readText(file), file);
      requireEndPoints(config, options.rpc, file);
      const connections: ChainConnection[] = [];
      try {
        const log = jsonLines((line) => void process.stderr.write(line), () => Date.now());
        const metrics = new RelayMetrics();
        const chains = new Map<string, EvmRelayChain>();
        for (const chain of config.chains) {
          const connection = await connectChain(options.rpc.get(chain.name) as string, { expectedChainId: chain.chainId });
          connections.push(connection);
          const signer = await walletFromFile(options.keyFile, connection.provider);
          const sender = new NumberedSender(signer, { maxGasPrice: config.maxGasPrice, patienceMs: PATIENCE_MS, bumpAfterMs: BUMP_AFTER_MS });
          chains.set(chain.name, await EvmRelayChain.open(chain, connection.provider, sender));
        }
        await serveRelay({
          lock: config.stateFile, metrics, metricsPort: config.metricsPort,
          work: async (stop) => {
            const relayer = await readyRelayer(config, chains, log, metrics);
            log.info('relayer-started', { routes: config.routes.length });
            await (options.once === true ? relayer.look(stop) : relayer.run(stop));
          },
        });
        output.say(options.once === true ? 'looked once' : 'stopped');
        output.result({ stopped: true });
      } finally {
        connections.forEach((connection) => connection.close());
      }
    }));
}

async function readyRelayer(config: RelayerConfig, chains: ReadonlyMap<string, EvmRelayChain>, log: KeeperLog, metrics: RelayMetrics): Promise<Relayer> {
  const store = new RelayStateFile(config.stateFile);
  const { cursors } = await store.load();
  const routes = config.routes.map((route) => {
    const signatures = new Map(route.gateways.map((pair) => [pair, pair.signatures.map(signatureSource)] as const));
    const [source, destination] = [chains.get(route.from) as EvmRelayChain, chains.get(route.to) as EvmRelayChain];
    return new Route({ config: route, source, destination, signatures, clock: SYSTEM_CLOCK, log, metrics }, cursors.get(route.name));
  });
  return new Relayer({ routes, attempts: new Attempts(SYSTEM_CLOCK, log, metrics), store, clock: SYSTEM_CLOCK, log, metrics, pollMs: config.pollMs });
}

function endPoint(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const place = text.indexOf('=');
  if (place < 1) throw new InvalidArgumentError('It must be a chain\'s name, "=", and a URL.');
  return new Map([...before, [text.slice(0, place), text.slice(place + 1)]]);
}

/** @throws RelayConfigError */
function requireEndPoints({ chains }: RelayerConfig, rpc: ReadonlyMap<string, string>, file: string): void {
  const names = chains.map(({ name }) => name);
  const missing = names.filter((name) => !rpc.has(name));
  if (missing.length > 0) throw new RelayConfigError(`${file} names the chain ${missing.join(', ')}, which has no end point: add --rpc ${missing[0]}=URL`, { file, field: 'chains' });
  const unknown = [...rpc.keys()].filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new RelayConfigError(`--rpc ${unknown[0]}: ${file} has no chain of that name`, { file, field: 'chains' });
}
