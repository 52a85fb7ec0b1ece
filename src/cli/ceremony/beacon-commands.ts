import type { Command } from 'commander';
import { announceBeacon } from '../../ceremony/announce.js';
import { makeBeacon, requireAnnouncement } from '../../ceremony/apply-beacon.js';
import { readCeremony } from '../../ceremony/ceremony-folder.js';
import { writeTranscript } from '../../ceremony/finish.js';
import { beaconBlockHash, defaultConfirmations, newestBlock, settledBlock } from '../../chain/beacon-block.js';
import { connectChain, type ChainConnection, type ConnectOptions } from '../../chain/connection.js';
import { LEAST_BEACON_ITERATIONS } from '../../groth16/contributions.js';
import { positiveNumber, wholeNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { watching, withCeremony, type CeremonyOptions } from './ceremony-options.js';

interface AnnounceOptions extends CeremonyOptions {
  readonly rpc: string;
  readonly block: number;
  readonly iterations: number;
}

interface BeaconOptions extends CeremonyOptions {
  readonly rpc: string;
  readonly confirmations?: number;
}

export function addBeaconCommands(ceremony: Command, run: Runner): void {
  withCeremony(ceremony.command('announce').description('end contributions: say which block to come will be the beacon'))
    .requiredOption('--rpc <url>', 'JSON-RPC end point of the chain whose block it is')
    .requiredOption('--block <number>', 'a block far enough away that everybody sees the announcement first', positiveNumber)
    .option('--iterations <number>', 'the hash is hashed 2^number times: 10 to 20', positiveNumber, LEAST_BEACON_ITERATIONS)
    .addHelpText('after', '\nExample:\n  clearproof ceremony announce --ceremony ceremony --rpc https://node.example --block 26000000\nThis is final. Publish beacon.json at once.')
    .action(run(async (output, options: AnnounceOptions) => {
      const announcement = await onChain(options.rpc, {}, async ({ provider, chainId }) => {
        const newest = (await newestBlock(provider)).number;
        const settled = await settledBlock(provider, newest, defaultConfirmations(chainId));
        return announceBeacon(options.ceremony, { chainId, newest, settled, block: options.block, iterations: options.iterations });
      });
      const { chainId, block, contributions } = announcement.value;
      output.say(`the beacon of the ceremony is block ${block} of chain ${chainId}, after ${contributions} contributions; nobody contributes any more`);
      output.say(`SHA-256 of beacon.json: ${announcement.sha256}`);
      output.say('Publish both now, before that block exists. Next, when it is old enough: clearproof ceremony beacon');
      output.result({ ...announcement.value, sha256: announcement.sha256 });
    }));
  withCeremony(ceremony.command('beacon').description('make the last contribution from the announced block, and the transcript'))
    .requiredOption('--rpc <url>', 'JSON-RPC end point of the announced chain')
    .option('--confirmations <number>', 'blocks that must stand on the announced one (default: 64; 0 on local test chains)', wholeNumber)
    .addHelpText('after', '\nExample:\n  clearproof ceremony beacon --ceremony ceremony --rpc https://node.example\nWhoever runs it makes the same keys.')
    .action(run(async (output, options: BeaconOptions) => {
      const state = await readCeremony(options.ceremony);
      const announced = requireAnnouncement(state);
      const hash = await onChain(options.rpc, { expectedChainId: BigInt(announced.chainId) }, ({ provider, chainId }) =>
        beaconBlockHash(provider, announced.block, options.confirmations ?? defaultConfirmations(chainId)));
      output.progress(`block ${announced.block} has hash ${hash}`);
      const record = await makeBeacon(options.ceremony, hash, watching(output, state.plan.value.circuits.map(({ constraints }) => constraints)));
      output.progressDone();
      const transcript = await writeTranscript(await readCeremony(options.ceremony));
      output.say(`the beacon is contribution ${record.value.index}: block ${announced.block} of chain ${announced.chainId}, ${hash}`);
      transcript.value.keys.forEach(({ name, verificationKeyHash }) => output.say(`  ${name}: ${verificationKeyHash}`));
      output.say(`SHA-256 of transcript.json: ${transcript.sha256}`);
      output.say('Next: clearproof ceremony verify, by as many people as possible');
      output.result({ index: record.value.index, blockHash: hash, sha256: record.sha256, transcriptSha256: transcript.sha256, keys: transcript.value.keys });
    }));
}

async function onChain<Result>(rpc: string, options: ConnectOptions, work: (chain: ChainConnection) => Promise<Result>): Promise<Result> {
  const chain = await connectChain(rpc, options);
  try {
    return await work(chain);
  } finally {
    chain.close();
  }
}
