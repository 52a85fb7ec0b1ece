import { rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HDNodeWallet } from 'ethers';
import { anvilWallet, startAnvil, type AnvilNode } from '../../src/chain/anvil.js';
import { connectChain, type ChainConnection } from '../../src/chain/connection.js';
import { deployClearproof, deployTestToken } from '../../src/chain/deploy.js';
import { escrowOf, type Deployment } from '../../src/chain/deployment.js';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { mintTestToken, ReserveEscrowClient } from '../../src/chain/escrow-client.js';
import { SolvencyRegistryClient } from '../../src/chain/registry-client.js';
import { StatedMarketsClient } from '../../src/chain/stated-markets-client.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { CONTRACT_ARTIFACTS, compileContracts, ensureContracts } from '../../src/toolchain/contracts.js';
import { sealSubmission, type Prove } from './mock-prover.js';

export const START = 1_900_000_000;
export const MARKET = 5555n;
export const BATCH_CIRCUIT = 'solvency-batch-mock';
export const CLOSE_CIRCUIT = 'solvency-close-mock';

/** A venue on a fresh anvil, whose verifiers take what mock-prover seals. */
export interface LocalVenue {
  readonly anvil: AnvilNode;
  readonly connection: ChainConnection;
  /** Holds every role. */
  readonly signer: HDNodeWallet;
  /** Holds none. */
  readonly stranger: HDNodeWallet;
  readonly usd: string;
  readonly deployment: Deployment;
  readonly client: SolvencyRegistryClient;
  readonly markets: StatedMarketsClient;
  readonly escrow: ReserveEscrowClient;
  /** What was deployed, in order, and its gas. */
  readonly steps: readonly (readonly [string, bigint])[];
  stop(): Promise<void>;
}

/** Which verifiers a venue's registry has: artefact names, and further directories of sources. */
export interface VerifierChoice {
  readonly directory: string;
  readonly batch: string;
  readonly close: string;
}

const MOCKS: VerifierChoice = { directory: 'test/contracts/mocks', batch: 'MockVerifierBatchDevelopment', close: 'MockVerifierCloseDevelopment' };

/** Compiles contracts and verifiers where that is not done, starts anvil, deploys, and funds the escrow with 1,000,000 of reserves and 50 of fund. */
export async function startLocalVenue(verifiers: VerifierChoice = MOCKS): Promise<LocalVenue> {
  const artifacts = await artifactsWith(verifiers.directory);
  const anvil = await startAnvil({ timestamp: START });
  const connection = await connectChain(anvil.url, { expectedChainId: 31337n });
  const signer = anvilWallet(0, connection.provider);
  const usd = await deployTestToken(signer, { artifacts, name: 'Test USD', symbol: 'tUSD', decimals: 6 });
  const steps: (readonly [string, bigint])[] = [];
  const deployment = await deployClearproof(signer, {
    artifacts,
    circuits: [
      { name: BATCH_CIRCUIT, kind: 'batch', artifact: verifiers.batch },
      { name: CLOSE_CIRCUIT, kind: 'close', artifact: verifiers.close },
    ],
    venue: {
      venueId: 7n, fundToken: usd, valueUnitsPerFundUnit: 1_000_000n, valueScale: 12,
      staleAfter: 3_600, haltAfter: 86_400, maxSubmissionAge: 3_600, marketTolerance: 600,
    },
    markets: 'stated',
    allowedTokens: [usd],
    onReceipt: (step, { gasUsed }) => steps.push([step, gasUsed]),
  });
  const client = new SolvencyRegistryClient(deployment.registry, 7n, signer);
  const markets = new StatedMarketsClient(deployment.markets, 7n, signer);
  const escrow = new ReserveEscrowClient(escrowOf(deployment), 7n, signer);
  await mintTestToken(signer, usd, signer.address, 10_000_000n);
  await escrow.deposit('reserves', usd, 1_000_000n);
  await escrow.deposit('fund', usd, 50n);
  const stop = async (): Promise<void> => {
    connection.close();
    await anvil.stop();
  };
  const stranger = anvilWallet(1, connection.provider);
  return { anvil, connection, signer, stranger, usd, deployment, client, markets, escrow, steps, stop };
}

const VENUE_ARTIFACTS = 'build/test/contracts';
const folders = new Map<string, Promise<string>>();

/** A folder with the contracts as they are deployed, and with the verifiers in `directory`; one a process, for files run side by side. */
function artifactsWith(directory: string): Promise<string> {
  const folder = folders.get(directory) ?? makeArtifacts(directory, join(VENUE_ARTIFACTS, `${basename(directory)}-${process.pid}`));
  folders.set(directory, folder);
  return folder;
}

/** The verifiers need nothing but interfaces and libraries: they compile in a second, where all contracts take half a minute. */
async function makeArtifacts(directory: string, folder: string): Promise<string> {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await ensureContracts({ root: '.' });
  await cp(CONTRACT_ARTIFACTS, folder, { recursive: true, filter: (source) => source === CONTRACT_ARTIFACTS || source.endsWith('.json') });
  await compileContracts({ root: '.', directories: ['contracts/interfaces', 'contracts/libraries', directory], output: folder });
  return folder;
}

/** An honest epoch: two batches, 900,000 of deposits net of loans, a shortfall of 30 fund units. */
export function mockSubmission(deployment: Deployment, epoch: number, change: Partial<EpochSubmission> = {}, prove?: Prove): EpochSubmission {
  const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
  const circuitId = circuitIdOf(BATCH_CIRCUIT);
  const draft: EpochSubmission = {
    epoch,
    marketCommitment: MARKET,
    genesisAccumulator: 11n,
    batches: [1n, 2n].map((place) => ({ circuitId, proof, accumulatorAfter: BigInt(epoch) * 100n + place })),
    close: {
      circuitId: circuitIdOf(CLOSE_CIRCUIT), proof, accountsRoot: 77n, accountsBound: 32n, unhealthyBound: 1n, shortfall: 30_000_000n,
      tableStart: 0n, parts: [],
    },
    words: [1_000_000n, 100_000n],
    ...change,
  };
  return sealSubmission(draft, deployment, prove);
}
