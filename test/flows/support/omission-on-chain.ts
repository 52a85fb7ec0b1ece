import { hiddenFields } from '../../../src/attestation/balance-opening.js';
import type { PromisedAmount, PromiseOpening, SignedBalance } from '../../../src/attestation/balance-receipt.js';
import { latestTimestamp } from '../../../src/chain/chain-time.js';
import type { DisputesToDeploy } from '../../../src/chain/deploy.js';
import { OmissionChallengesClient } from '../../../src/chain/omission-client.js';
import { signBalanceReceipt } from '../../../src/chain/omission-signatures.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import { digestOf } from '../../../src/commitment/digest.js';
import { ownerOf } from '../../../src/commitment/identity.js';
import type { MerkleTree16 } from '../../../src/commitment/merkle-tree-16.js';
import { bulkPoseidon } from '../../../src/commitment/poseidon-bulk.js';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import { findCircuit, readCircuitList } from '../../../src/groth16/circuit-list.js';
import { planEpoch, type EpochPlan } from '../../../src/proving/epoch-plan.js';
import { epochShape } from '../../../src/proving/epoch-shape.js';
import { epochStatements } from '../../../src/proving/epoch-statements.js';
import type { MarketTable } from '../../../src/risk/market-table.js';
import { settlementRows } from '../../../src/risk/tiers.js';
import type { Account, Holding } from '../../../src/venue/account.js';
import { TEST_SHAPE } from '../../builders/epoch.js';
import { acceptEpoch, depositHoldings, startVault, type VaultOnChain } from './vault-on-chain.js';
import { statedMarket } from './venue-on-chain.js';

/** Together half of what the vault's rules let an epoch wait. Bond in wei. */
export const DISPUTES: DisputesToDeploy = Object.freeze({ challengeWindow: 1_800, answerWindow: 1_800, bond: 10n ** 15n });

/** A venue that answers for omissions; its operator signs receipts too. Proofs of account owners are simulated: what is tried here are inclusions. */
export interface OmissionVenue extends VaultOnChain {
  readonly disputesAs: (signer: ConnectedSigner) => OmissionChallengesClient;
}

export async function startOmissionVenue(market: MarketTable): Promise<OmissionVenue> {
  const venue = await startVault(market, { disputes: DISPUTES, proofs: 'simulated' });
  const { venueId, omissionChallenges = '' } = venue.deployment;
  return { ...venue, disputesAs: (signer) => new OmissionChallengesClient(omissionChallenges, venueId, signer) };
}

/** An account whose owner made the commitment. */
export function ownedAccount(userId: string, secret: bigint, signer: string, holdings: readonly Holding[]): Account & { readonly owner: bigint } {
  return { userId, subAccount: 0, owner: ownerOf(portablePoseidon, secret, digestOf(signer)), holdings };
}

/** An epoch as its venue planned it. */
export interface PlannedTree {
  readonly plan: EpochPlan;
  readonly tree: MerkleTree16;
}

/** Opens a snapshot, plans an epoch of these accounts over a table of the moment, and has it accepted. Its proofs are simulated, its tree is the plan's. */
export async function nextEpoch(venue: VaultOnChain, epoch: number, market: MarketTable, accounts: readonly Account[], stands = false): Promise<PlannedTree> {
  await venue.client.openSnapshot();
  const now: MarketTable = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
  await venue.markets.state(statedMarket(now));
  const poseidon = await bulkPoseidon();
  const circuits = await readCircuitList();
  const shape = epochShape([TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit].map((name) => findCircuit(circuits, name)), now);
  const plan = planEpoch(poseidon, { accounts }, now, shape, venue.location, epoch);
  const { tree } = epochStatements(poseidon, plan);
  await acceptEpoch(venue, epoch, now, tree.root, wordsOf(now, accounts), stands);
  return { plan, tree };
}

/** What these accounts hold, deposited by one of their users each. */
export async function depositAll(venue: VaultOnChain, market: MarketTable, accounts: readonly Account[]): Promise<void> {
  for (const [place, { holdings }] of accounts.entries()) await depositHoldings(venue, venue.user(place + 1), market, holdings);
}

function wordsOf(market: MarketTable, accounts: readonly Account[]): bigint[] {
  return settlementRows(market).flatMap((row) => {
    const held = accounts.flatMap(({ holdings }) => holdings.filter(({ index }) => index === row.index).map(({ quantity }) => quantity));
    return [held.reduce((sum, one) => (one > 0n ? sum + one : sum), 0n), held.reduce((sum, one) => (one < 0n ? sum - one : sum), 0n)];
  });
}

/** What a test's venue promises one account. */
export interface TestPromise {
  readonly account: Account & { readonly owner: bigint };
  /** Address of the user's signing key. */
  readonly signer: string;
  readonly promised: PromisedAmount | undefined;
  readonly blinding?: bigint;
  readonly issuedAt: number;
  readonly validFor?: number;
  readonly sequence?: bigint;
}

/** A receipt signed by the venue. */
export async function signPromise(venue: Pick<OmissionVenue, 'location' | 'deployment' | 'operator' | 'disputesAs'>, promise: TestPromise): Promise<SignedBalance> {
  const { account: { owner, userId, subAccount }, signer, promised, issuedAt, validFor = 86_400, sequence = 0n, blinding = digestOf(`blinding of ${userId}`) } = promise;
  const opening: PromiseOpening = { owner, userId, subAccount, promised, blinding };
  const { location, deployment, operator } = venue;
  const { disputes } = venue.disputesAs(operator);
  const receipt = {
    venueId: location.venueId, ...hiddenFields(portablePoseidon, location, opening), signer, sequence, issuedAt, validUntil: issuedAt + validFor,
  };
  const signature = await signBalanceReceipt(operator, { chainId: deployment.chainId, disputes }, receipt);
  return { venue: location, disputes, receipt, receiptSigner: operator.address, signature, opening };
}
