import { resolve } from 'node:path';
import type { Command } from 'commander';
import { connectChain } from '../../chain/connection.js';
import { signCheckpoint } from '../../chain/mailbox-message.js';
import { signerFromFile } from '../../chain/wallet.js';
import { jsonLines } from '../../keeper/keeper-log.js';
import { SYSTEM_CLOCK } from '../../keeper/keeper-ports.js';
import { EvmValidatorSource } from '../../keeper/relay/evm-chain.js';
import { SignatureJournal } from '../../keeper/relay/journal.js';
import { parseValidatorConfig } from '../../keeper/relay/relay-config-format.js';
import { RelayMetrics } from '../../keeper/relay/relay-metrics.js';
import { publishSignature } from '../../keeper/relay/signatures.js';
import { Validator } from '../../keeper/relay/validator.js';
import { readText } from '../files.js';
import type { Runner } from '../runner.js';
import { serveRelay } from './serve-relay.js';

interface ValidateOptions {
  readonly config: string;
  readonly rpc: string;
  readonly keyFile: string;
  readonly once?: boolean;
}

export function addRelayValidate(relay: Command, run: Runner): void {
  relay.command('validate')
    .description('sign what gateways of one chain sent, once it is final, and put the signatures where relayers read them')
    .requiredOption('--config <file>', 'what it signs, and where to: docs/cross-chain.md')
    .requiredOption('--rpc <url>', 'JSON-RPC end point of the source chain: its own node, or one that it trusts as much as its key')
    .requiredOption('--key-file <file>', 'private key, mode 600; it needs no funds')
    .option('--once', 'look once, sign, and end')
    .addHelpText('after', `
Example:
  clearproof relay validate --config validator.json --rpc http://127.0.0.1:8545 --key-file validator.key

Its journal is worth as much as its key: without it nothing keeps the key from signing a second message of an index. Run one process a key.`)
    .action(run(async (output, options: ValidateOptions) => {
      const config = parseValidatorConfig(await readText(options.config), resolve(options.config));
      const chain = await connectChain(options.rpc, { expectedChainId: config.chain.chainId });
      try {
        const signer = await signerFromFile(options.keyFile);
        const source = await EvmValidatorSource.open(config.chain, chain.provider, config.gateways, config.confirmations);
        const log = jsonLines((line) => void process.stderr.write(line), () => Date.now());
        const metrics = new RelayMetrics();
        await serveRelay({
          lock: config.journal, metrics, metricsPort: config.metricsPort,
          work: async (stop) => {
            const journal = await SignatureJournal.open(config.journal, { origin: source.domain, hook: source.hook, validator: signer.address });
            try {
              const validator = new Validator({
                source, journal, validator: signer.address, clock: SYSTEM_CLOCK, log, metrics, pollMs: config.pollMs,
                sign: (checkpoint) => signCheckpoint(signer, checkpoint), publish: (signed) => publishSignature(config.signatures, signed),
              });
              log.info('validator-started', { validator: signer.address, chain: config.chain.chainId, signed: journal.size });
              await (options.once === true ? validator.look() : validator.run(stop));
            } finally {
              await journal.close();
            }
          },
        });
        output.say(options.once === true ? 'looked once' : 'stopped');
        output.result({ stopped: true });
      } finally {
        chain.close();
      }
    }));
}
