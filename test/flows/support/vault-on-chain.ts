import { join } from 'node:path';
import { Contract } from 'ethers';
import type { Receipt } from '../../../src/attestation/receipt.js';
import type { EpochSubmission } from '../../../src/chain/epoch-submission.js';
import { mintTestToken } from '../../../src/chain/escrow-client.js';
import { GATE_INTERFACE } from '../../../src/chain/gate-abi.js';
import type { ClearingToDeploy } from '../../../src/chain/deploy-clearing.js';
import type { DisputesToDeploy } from '../../../src/chain/deploy.js';
import { vaultOf } from '../../../src/chain/deployment.js';
import { CollateralVaultClient } from '../../../src/chain/vault-client.js';
import { VaultHatchClient } from '../../../src/chain/vault-hatch-client.js';
import { VaultVenueClient, type VaultLimit, type VaultRules } from '../../../src/chain/vault-venue-client.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import { anvilWallet } from '../../../src/chain/anvil.js';
import { AccountProver } from '../../../src/cli/account/account-prover.js';
import { accountLeaf, slotsOf } from '../../../src/commitment/account-leaf.js';
import { circuitIdOf, digestOf } from '../../../src/commitment/digest.js';
import { keyOf, ownerOf } from '../../../src/commitment/identity.js';
import { MerkleTree16 } from '../../../src/commitment/merkle-tree-16.js';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { defaultProver } from '../../../src/groth16/prover-choice.js';
import { ProverPool } from '../../../src/groth16/prover-pool.js';
import type { OwnedAccount } from '../../../src/proving/prove-account.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { settlementRows, tieredRows } from '../../../src/risk/tiers.js';
import type { Holding } from '../../../src/venue/account.js';
import { ACCOUNT_SHAPE } from '../../builders/account.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { INCLUSION_SHAPE } from '../../builders/inclusion.js';
import { KEYS } from '../../builders/on-chain-epoch.js';
import { sealSubmission, type Prove } from '../../chain/mock-prover.js';
import { proofSimulator } from './simulated-proof.js';
import { simulatedProver } from './simulated-prover.js';
import { VENUE_ID, deployVenue, passTime, statedMarket, type DeployedVenue, type VenueWindows } from './venue-on-chain.js';

const HOUR = 3_600;

/** The shortest times that hold each other's distance. */
export const RULES: VaultRules = Object.freeze({
  timelock: 6 * HOUR, payoutTableAge: 24 * HOUR, demandWindow: HOUR, answerWindow: HOUR, requestDelay: 3 * HOUR, hatchAfter: 5 * HOUR, claimWindow: HOUR,
  limitWindow: HOUR, demandBond: 10n ** 15n,
});
const CIRCUITS = [
  TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit, ACCOUNT_SHAPE.marginCircuit, ACCOUNT_SHAPE.exitCircuit, ACCOUNT_SHAPE.signerCircuit, ACCOUNT_SHAPE.markCircuit,
];
/** Of accounts at the clearing house. */
export const TRANSITION_CIRCUIT = 'account-transition-k4-s2';
const PLENTY = 2n ** 100n;

/** A venue whose vault has rules, with a prover of real proofs about its accounts. Epochs are simulated: their trees are whatever a test wants. */
export interface VaultOnChain extends DeployedVenue {
  readonly user: (index: number) => ConnectedSigner;
  readonly vaultAs: (signer: ConnectedSigner) => CollateralVaultClient;
  readonly hatchAs: (signer: ConnectedSigner) => VaultHatchClient;
  readonly venueVault: VaultVenueClient;
  readonly prover: AccountProver;
  readonly gateContract: () => Contract;
  /** Gas of the first rules and limits. */
  readonly setRules: bigint;
}

export interface VaultOptions {
  /** Simulated proofs cost the chain what real ones do, and are always the same. Real unless told. */
  readonly proofs?: 'real' | 'simulated';
  /** None unless told. */
  readonly disputes?: DisputesToDeploy;
  readonly windows?: VenueWindows;
  /** None unless told. */
  readonly clearing?: ClearingToDeploy;
}

/** Nothing is limited. */
export async function startVault(market: MarketTable, { proofs = 'real', ...setting }: VaultOptions = {}): Promise<VaultOnChain> {
  const circuits = [...CIRCUITS, ...(setting.disputes === undefined ? [] : [INCLUSION_SHAPE.circuit]), ...(setting.clearing === undefined ? [] : [TRANSITION_CIRCUIT])];
  const venue = await deployVenue(market, { vault: { minTimelock: RULES.timelock } }, circuits, setting);
  await venue.markets.stateRows(market);
  const vault = vaultOf(venue.deployment);
  const venueVault = new VaultVenueClient(vault, VENUE_ID, venue.operator);
  const { gasUsed: setRules } = await venueVault.setRules(RULES, noLimits(venue));
  const catalogue = await readCircuitList(join('circuits', 'circuits.json'));
  const pool = proofs === 'real' ? new ProverPool(await defaultProver(KEYS), { workers: 1, threads: 'all' }) : simulatedProver(catalogue);
  const prover = new AccountProver(pool, await bulkPoseidon(), catalogue);
  return {
    ...venue, venueVault, prover, setRules,
    gateContract: () => new Contract(venue.deployment.gate, GATE_INTERFACE, venue.operator),
    user: (index) => anvilWallet(index, venue.connection.provider) as ConnectedSigner,
    vaultAs: (signer) => new CollateralVaultClient(vault, VENUE_ID, signer),
    hatchAs: (signer) => new VaultHatchClient(vault, VENUE_ID, signer),
    stop: async () => {
      await pool.close();
      await venue.stop();
    },
  };
}

export function noLimits({ tokens }: DeployedVenue): VaultLimit[] {
  return tokens.map((_, asset) => ({ asset, coverage: { maxDeposits: PLENTY, maxLoans: PLENTY }, payoutLimit: PLENTY }));
}

/** An account that a test's venue keeps. */
export interface TestAccount {
  readonly name: string;
  readonly secret: bigint;
  /** Address of the signing key. */
  readonly signer: string;
  readonly holdings: readonly Holding[];
}

/** Accounts of an epoch with their owners' knowledge, and the root they are under. */
export interface AccountsTree {
  readonly root: bigint;
  readonly owned: (name: string) => OwnedAccount;
}

/** The tree of an epoch of these accounts, and a receipt for each. Salts differ from epoch to epoch. */
export function treeOf({ location }: DeployedVenue, epoch: number, market: MarketTable, accounts: readonly TestAccount[]): AccountsTree {
  const poseidon = portablePoseidon;
  const members = accounts.map((account) => {
    const signingKeyDigest = digestOf(account.signer);
    const owner = ownerOf(poseidon, account.secret, signingKeyDigest);
    const salt = digestOf(`${account.name} ${epoch}`);
    const slots = slotsOf(account.holdings, ACCOUNT_SHAPE.K, tieredRows(market));
    const leaf = accountLeaf(poseidon, keyOf(poseidon, { owner, userId: account.name, subAccount: 0 }), salt, slots);
    return { account, owner, signingKeyDigest, salt, leaf };
  });
  const tree = MerkleTree16.ofLeaves(poseidon, ACCOUNT_SHAPE.DEPTH, members.map(({ leaf }) => leaf));
  const known = new Map(members.map(({ account, owner, signingKeyDigest, salt }, position) => {
    const receipt: Receipt = {
      venue: location, epoch, circuit: TEST_SHAPE.batchCircuit, slots: ACCOUNT_SHAPE.K, owner, userId: account.name, subAccount: 0, holdings: account.holdings, salt,
      path: tree.path(position), depth: ACCOUNT_SHAPE.DEPTH, market, attestation: { sha256: '0'.repeat(64), location: 'none' },
    };
    return [account.name, { receipt, owner: { secret: account.secret, signingKeyDigest } }] as const;
  }));
  return { root: tree.root, owned: (name) => known.get(name) as OwnedAccount };
}

/** Records an epoch with this root, and lets it stand unless told. The snapshot must be open. Words: deposits and loans of each asset, quanta. */
export async function acceptEpoch(venue: Pick<VaultOnChain, 'client' | 'deployment' | 'operator'>, epoch: number, market: MarketTable, root: bigint, words: readonly bigint[], stands = true): Promise<void> {
  const proof = { a: [0n, 0n], b: [[0n, 0n], [0n, 0n]], c: [0n, 0n] } as const;
  const draft: EpochSubmission = {
    epoch, marketCommitment: statedMarket(market).commitment, genesisAccumulator: 11n, words,
    batches: [{ circuitId: circuitIdOf(TEST_SHAPE.batchCircuit), proof, accumulatorAfter: digestOf(`epoch ${epoch}`) }],
    close: { circuitId: circuitIdOf(TEST_SHAPE.closeCircuit), proof, accountsRoot: root, accountsBound: 16n, unhealthyBound: 0n, shortfall: 0n, tableStart: 0n, parts: [] },
  };
  await venue.client.submitEpoch(sealSubmission(draft, venue.deployment, await epochProver()));
  if (stands) await passTime(venue, RULES.demandWindow + RULES.answerWindow);
}

let epochs: Promise<Prove> | undefined;

/** The batch's statement has four public signals, the close's eleven. */
export function epochProver(): Promise<Prove> {
  epochs ??= newEpochProver();
  return epochs;
}

async function newEpochProver(): Promise<Prove> {
  const [batch, close] = await Promise.all([proofSimulator(TEST_SHAPE.batchCircuit), proofSimulator(TEST_SHAPE.closeCircuit)]);
  return (signals) => (signals.length === 4 ? batch : close)(signals);
}

/** Mints and deposits what an account holds of settlement assets. @returns numbers of the deposits */
export async function depositHoldings(venue: VaultOnChain, signer: ConnectedSigner, market: MarketTable, holdings: readonly Holding[]): Promise<bigint[]> {
  const deposits: bigint[] = [];
  for (const [asset, row] of settlementRows(market).entries()) {
    const quantity = holdings.find(({ index }) => index === row.index)?.quantity ?? 0n;
    if (quantity <= 0n) continue;
    await mintTestToken(venue.operator, venue.tokens[asset] as string, signer.address, quantity);
    deposits.push((await venue.vaultAs(signer).deposit(signer, asset, venue.tokens[asset] as string, quantity, `0x${'5'.repeat(64)}`)).id);
  }
  return deposits;
}
