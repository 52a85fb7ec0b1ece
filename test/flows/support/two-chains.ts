import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { anvilWallet, startAnvil } from '../../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../../src/chain/connection.js';
import { deployContract } from '../../../src/chain/deploy-contract.js';
import { deployHyperlaneGateway, deployMailbox, deployModule, type DeployedMailbox } from '../../../src/chain/deploy-mailbox.js';
import { GatewayClient } from '../../../src/chain/gateway-client.js';
import { signCheckpoint } from '../../../src/chain/mailbox-message.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import { EvmValidatorSource } from '../../../src/keeper/relay/evm-chain.js';
import { SignatureJournal } from '../../../src/keeper/relay/journal.js';
import { RelayMetrics } from '../../../src/keeper/relay/relay-metrics.js';
import { publishSignature } from '../../../src/keeper/relay/signatures.js';
import { Validator } from '../../../src/keeper/relay/validator.js';
import { SYSTEM_CLOCK } from '../../../src/keeper/keeper-ports.js';
import { ensureHyperlane } from '../../../src/toolchain/hyperlane.js';
import { START } from '../../builders/on-chain-epoch.js';
import { compiledProgram } from '../../harness/compiled-program.js';
import { ARTIFACTS, VENUE_ID, type DeployedVenue } from './venue-on-chain.js';

/** Chain ids and Hyperlane's numbers: not the same, so that nobody takes one for the other. */
export const OTHER_CHAIN = 1337;
const DOMAINS = { home: 10_001, other: 10_002 } as const;
const THRESHOLD = 2;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined } as const;
/** Seconds. */
export const MIRROR_RULES = { standingStaleAfter: 1_800, standingHaltAfter: 3_600, minOpening: 0 } as const;

/** One end: a chain with Hyperlane's own contracts and a gateway over them. */
export interface ChainEnd {
  readonly url: string;
  readonly connection: ChainConnection;
  readonly operator: ConnectedSigner;
  readonly hyperlane: DeployedMailbox;
  readonly gateway: string;
}

/** A venue at home, its mirror on another chain, and three validators of what leaves home. */
export interface TwoChains {
  readonly home: ChainEnd;
  readonly other: ChainEnd;
  readonly beacon: string;
  readonly mirror: string;
  readonly folder: string;
  readonly validators: readonly Validator[];
  /** Sends for the relayer and for nothing else. */
  readonly relayer: Wallet;
  stop(): Promise<void>;
}

/** @param venue its chain is home. @throws HyperlanePackageError where Hyperlane's package cannot be had */
export async function startTwoChains(venue: DeployedVenue): Promise<TwoChains> {
  const hyperlane = await ensureHyperlane({ root: process.cwd() });
  const anvil = await startAnvil({ timestamp: START, chainId: OTHER_CHAIN });
  const connection = await connectChain(anvil.url, { expectedChainId: BigInt(OTHER_CHAIN), pollingMs: 25 });
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-relay-'));
  const journals: SignatureJournal[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(journals.map((journal) => journal.close()));
    connection.close();
    await anvil.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const keys = [21, 22, 23].map((index) => new Wallet(anvilWallet(index, null).privateKey));
    const addresses = keys.map(({ address }) => address);
    const end = async (url: string, chain: ChainConnection, domain: number): Promise<ChainEnd> => {
      const operator = anvilWallet(0, chain.provider) as ConnectedSigner;
      const deployed = await deployMailbox(operator, hyperlane, domain, addresses, THRESHOLD);
      const module = await deployModule(operator, deployed.factory, addresses, THRESHOLD);
      const { address } = await deployHyperlaneGateway(operator, ARTIFACTS, deployed.mailbox, module);
      return { url, connection: chain, operator, hyperlane: deployed, gateway: address };
    };
    const home = await end(venue.anvilUrl, venue.connection, DOMAINS.home);
    const other = await end(anvil.url, connection, DOMAINS.other);
    await connectGateways(home, BigInt(OTHER_CHAIN), BigInt(DOMAINS.other), other.gateway);
    await connectGateways(other, venue.location.chainId, BigInt(DOMAINS.home), home.gateway);
    const { address: beacon } = await deployContract(home.operator, ARTIFACTS, 'SolvencyBeacon', [venue.deployment.gate, venue.deployment.registry]);
    const mirror = await deployMirror(other, venue, beacon);
    const relayer = new Wallet(anvilWallet(9, null).privateKey);
    return { home, other, beacon, mirror, folder, relayer, stop, validators: await Promise.all(keys.map((key, place) => validatorOf(home, key, folder, place, journals))) };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function connectGateways({ operator, gateway }: ChainEnd, chainId: bigint, domain: bigint, counterpart: string): Promise<void> {
  const client = new GatewayClient(gateway, operator);
  await client.connect(chainId, domain, counterpart);
  await client.renounce();
}

async function deployMirror({ operator, gateway }: ChainEnd, { location }: DeployedVenue, beacon: string): Promise<string> {
  const poseidon3 = (await deployContract(operator, ARTIFACTS, 'Poseidon3', [])).address;
  const poseidon5 = (await deployContract(operator, ARTIFACTS, 'Poseidon5', [])).address;
  const proofs = (await deployContract(operator, ARTIFACTS, 'ProofBatch', [])).address;
  const set = { gateways: [gateway], threshold: 1 };
  const { address } = await deployContract(operator, ARTIFACTS, 'SolvencyMirror', [
    operator.address, location.chainId, location.registry, beacon, poseidon3, poseidon5, proofs, [], MIRROR_RULES, set, 1,
  ]);
  return address;
}

function signaturesOf(folder: string, place: number): string {
  return join(folder, `signatures-${place + 1}`);
}

/** What it signs is final at once: the chain is a test's. */
async function validatorOf({ connection, hyperlane, gateway }: ChainEnd, key: Wallet, folder: string, place: number, journals: SignatureJournal[]): Promise<Validator> {
  const { chainId, provider } = connection;
  const source = await EvmValidatorSource.open({ chainId, mailbox: hyperlane.mailbox, hook: hyperlane.hook, fromBlock: hyperlane.block }, provider, [gateway], 0);
  const journal = await SignatureJournal.open(join(folder, `journal-${place + 1}`), { origin: source.domain, hook: source.hook, validator: key.address });
  journals.push(journal);
  return new Validator({
    source, journal, validator: key.address, sign: (checkpoint) => signCheckpoint(key, checkpoint), publish: (signed) => publishSignature(signaturesOf(folder, place), signed),
    clock: SYSTEM_CLOCK, log: SILENT, metrics: new RelayMetrics(), pollMs: 100,
  });
}

/** `clearproof relay run` in a process of its own, with a state of its own: whoever is started again knows nothing. */
export class RelayerProcess {
  private readonly child: ChildProcess;
  private text = '';
  readonly ended: Promise<void>;

  private constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [compiledProgram(), 'relay', 'run', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.on('data', (piece: Buffer) => (this.text += piece.toString()));
    this.ended = new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  static async start({ home, other, beacon, mirror, folder, relayer }: TwoChains, state: string): Promise<RelayerProcess> {
    const chain = (name: string, { connection, hyperlane: { mailbox, hook, block } }: ChainEnd): object => ({ name, chainId: String(connection.chainId), mailbox, hook, fromBlock: String(block) });
    const gateways = [{ sends: home.gateway, delivers: other.gateway, signatures: [0, 1, 2].map((place) => signaturesOf(folder, place)) }];
    const [config, key] = [join(folder, `relay-${state}.json`), join(folder, 'relayer.key')];
    await writeFile(config, JSON.stringify({
      format: 'clearproof-relayer', version: 1, stateFile: `${state}.json`, pollSeconds: '1', maxGasPrice: String(10n ** 12n), chains: [chain('home', home), chain('other', other)],
      routes: [{ name: 'beacon', from: 'home', to: 'other', origin: beacon, recipient: mirror, gateways, keep: { kind: 'mirror', venueId: String(VENUE_ID) } }],
    }));
    await writeFile(key, relayer.privateKey, { mode: 0o600 });
    return new RelayerProcess(['--config', config, '--rpc', `home=${home.url}`, '--rpc', `other=${other.url}`, '--key-file', key]);
  }

  /** All it has said. */
  get log(): string {
    return this.text;
  }

  /** At once, without a word. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
