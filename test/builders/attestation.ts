import { attestationSha256 } from '../../src/attestation/attestation-format.js';
import type { Attestation } from '../../src/attestation/attestation.js';
import { checksumAddress } from '../../src/attestation/checksum-address.js';
import type { OnChainRecord } from '../../src/attestation/on-chain-record.js';
import type { Receipt } from '../../src/attestation/receipt.js';
import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { keyOf } from '../../src/commitment/identity.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { evaluate } from '../../src/margin/margin.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import type { Holding } from '../../src/venue/account.js';
import type { CommittedAccount } from '../../src/witness/epoch-transcript.js';
import { buildEpoch, TEST_SHAPE, TEST_VENUE, type EpochInputs } from './epoch.js';
import { smallMarket } from './market.js';

/** A user's account before anything is committed. */
export interface TestUser {
  readonly userId: string;
  readonly subAccount: number;
  readonly owner: bigint;
  readonly salt: bigint;
  readonly holdings: readonly Holding[];
}

/** An epoch whose accounts belong to users, with what its circuits are given. */
export interface UserEpoch {
  readonly table: MarketTable;
  readonly users: readonly TestUser[];
  readonly inputs: EpochInputs;
  readonly epoch: number;
}

/** Proofs and keys of an epoch; hashes by circuit. */
export interface EpochProofs {
  readonly batches: readonly Groth16Proof[];
  readonly close: Groth16Proof;
  readonly verificationKeys: Readonly<Record<string, unknown>>;
  readonly keyHashes: Readonly<Record<string, string>>;
}

/** What a venue publishes and hands out, and what the registry would say. */
export interface Bundles {
  readonly attestation: Attestation;
  readonly record: OnChainRecord;
  readonly receipts: readonly Receipt[];
}

export const ALICE = 0;
export const BOB = 1;
/** In the second batch. */
export const CAROL = 20;

const VENUE = { chainId: TEST_VENUE.chainId, registry: checksumAddress(`0x${TEST_VENUE.registry.toString(16).padStart(40, '0')}`), venueId: TEST_VENUE.venueId };

/** Two batches: Alice is long and healthy, Bob is short on the other side, Carol owes more than she has, the rest holds nothing. */
export function userEpoch(poseidon: Poseidon, epoch = 1, table: MarketTable = smallMarket()): UserEpoch {
  const holdings = new Map<number, readonly Holding[]>([
    [ALICE, [{ index: 0, quantity: 30_000_000_000n }, { index: 2, quantity: -120_000_000_000n }, { index: 3, quantity: 2_000_000n }]],
    [BOB, [{ index: 1, quantity: 5_000_000n }, { index: 2, quantity: 120_000_000_000n }, { index: 3, quantity: -2_000_000n }]],
    [CAROL, [{ index: 0, quantity: -1_000_000n }, { index: 5, quantity: 3n }]],
  ]);
  const users = Array.from({ length: 32 }, (_, place): TestUser => ({
    userId: `user-${place}`,
    subAccount: place % 3,
    owner: poseidon.hash([4000n, BigInt(place)]),
    salt: poseidon.hash([5000n, BigInt(epoch), BigInt(place)]),
    holdings: holdings.get(place) ?? [],
  }));
  const accounts = users.map((user) => committedOf(poseidon, table, user));
  return { table, users, inputs: buildEpoch(poseidon, table, accounts, {}, BigInt(epoch)), epoch };
}

/** Everything that leaves the venue, from an epoch and its proofs. */
export function bundlesOf(poseidon: Poseidon, { table, users, inputs, epoch }: UserEpoch, proofs: EpochProofs): Bundles {
  const { batchCircuit, closeCircuit, depth, batch } = TEST_SHAPE;
  const { accountsRoot, accountsBound, unhealthyBound, shortfall, genesisAccumulator, finalAccumulator, marketCommitment } = inputs.closeSignals;
  const attestation: Attestation = {
    venue: VENUE, epoch, depth, market: table, genesisAccumulator,
    batches: inputs.batchSignals.map(({ accumulatorAfter }, place) => ({ circuit: batchCircuit, proof: proofs.batches[place] as Groth16Proof, accumulatorAfter })),
    close: { circuit: closeCircuit, proof: proofs.close, accountsRoot, accountsBound, unhealthyBound, shortfall, parts: undefined },
    words: inputs.words,
    verificationKeys: proofs.verificationKeys,
  };
  const circuitKey = (circuit: string): OnChainRecord['closeCircuit'] =>
    ({ circuitId: circuitIdOf(circuit), verificationKeyHash: proofs.keyHashes[circuit] as string, insecure: true });
  const record: OnChainRecord = {
    ...VENUE, epoch, base: inputs.base, marketCommitment, genesisAccumulator, finalAccumulator, accountsRoot, accountsBound, unhealthyBound, shortfall,
    words: inputs.words, snapshotTime: table.snapshotTime, acceptedAt: table.snapshotTime + 60, marketTime: table.snapshotTime, valueScale: table.valueScale, covered: true,
    batchCircuits: inputs.batchSignals.map(() => circuitKey(batchCircuit)), partCircuits: [], closeCircuit: circuitKey(closeCircuit),
  };
  const tree = MerkleTree16.ofLeaves(poseidon, depth, inputs.accounts.map((account) => account.leaf));
  const reference = { sha256: attestationSha256(attestation), location: `epochs/${epoch}/attestation.json` };
  const receipts = users.map((user, position): Receipt => ({
    venue: VENUE, epoch, circuit: batchCircuit, slots: batch.K, ...user, path: tree.path(position), depth, market: table, attestation: reference,
  }));
  return { attestation, record, receipts };
}

/** Proofs of the right form that prove nothing, for what looks at formats only. */
export function placeholderProofs(batches: number): EpochProofs {
  const proof: Groth16Proof = { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] };
  const circuits = [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit];
  return {
    batches: Array.from({ length: batches }, () => proof),
    close: proof,
    verificationKeys: Object.fromEntries(circuits.map((circuit) => [circuit, { protocol: 'groth16', nPublic: 4, security: 'none' }])),
    keyHashes: Object.fromEntries(circuits.map((circuit, place) => [circuit, `0x${`${place + 1}`.repeat(64)}`])),
  };
}

function committedOf(poseidon: Poseidon, table: MarketTable, user: TestUser): CommittedAccount {
  const key = keyOf(poseidon, user);
  const slots = slotsOf(user.holdings, TEST_SHAPE.batch.K, 0);
  return { key, salt: user.salt, slots, headrooms: [], excess: evaluate(table, user.holdings).excess, leaf: accountLeaf(poseidon, key, user.salt, slots) };
}
