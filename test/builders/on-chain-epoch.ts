import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attestation, VenueLocation } from '../../src/attestation/attestation.js';
import { submissionOf } from '../../src/chain/attested-submission.js';
import type { EpochSubmission } from '../../src/chain/epoch-submission.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { findCircuit, readCircuitList } from '../../src/groth16/circuit-list.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { defaultProver } from '../../src/groth16/prover-choice.js';
import type { ProverConfig } from '../../src/groth16/prover-config.js';
import { ProverPool } from '../../src/groth16/prover-pool.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { verificationKeyToJson } from '../../src/groth16/verification-key.js';
import { verifyProof } from '../../src/groth16/verify.js';
import { syntheticVenue, type SyntheticVenue } from '../../src/margin/synthetic/synthetic-venue.js';
import { planEpoch, type EpochPlan } from '../../src/proving/epoch-plan.js';
import { epochShape } from '../../src/proving/epoch-shape.js';
import { epochStatements, type EpochStatements } from '../../src/proving/epoch-statements.js';
import { proveEpoch } from '../../src/proving/prove-epoch.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { TEST_SHAPE } from './epoch.js';

/** Made by `make keys`. */
export const KEYS = 'build/keys';
/** Unix seconds of the chain's first block and of the market table. */
export const START = 1_900_000_000;
const WORKERS = 2;
/** Three batches of sixteen, eight places of them padding. */
const ACCOUNTS = 40;
const INSTRUMENTS = 8;

/** An honest epoch with real proofs under the development keys, and everything it was made from. */
export interface OnChainEpoch {
  readonly venue: SyntheticVenue;
  readonly plan: EpochPlan;
  readonly statements: EpochStatements;
  readonly attestation: Attestation;
  /** The attestation as the registry takes it. */
  readonly submission: EpochSubmission;
  /** What made the proofs. */
  readonly backend: ProverConfig['backend'];
}

/** The same accounts and table each time: what is random in an epoch is drawn when it is planned. */
export function onChainVenue(): SyntheticVenue {
  return syntheticVenue({ seed: 'epoch on chain', accounts: ACCOUNTS, slots: TEST_SHAPE.batch.K, instruments: INSTRUMENTS, scenarios: 2, snapshotTime: START });
}

let shared: Promise<OnChainEpoch> | undefined;

/** Epoch 1 of the venue at `location`, proven once a process. Every chain of the tests deploys to the same addresses. */
export async function onChainEpoch(location: VenueLocation): Promise<OnChainEpoch> {
  shared ??= proveVenue(location, onChainVenue(), [TEST_SHAPE.batchCircuit, TEST_SHAPE.closeCircuit]);
  const epoch = await shared;
  assert.deepEqual(epoch.plan.venue, location, 'deployments go to the same addresses in the same order');
  return epoch;
}

/** Real proofs of any inputs, in order. */
export async function proveInputs(circuit: string, inputs: readonly CircuitInput[]): Promise<Groth16Proof[]> {
  const prover = new ProverPool(await defaultProver(KEYS), { workers: WORKERS });
  try {
    return (await Promise.all(inputs.map((input) => prover.prove(circuit, input)))).map(({ proof }) => proof);
  } finally {
    await prover.close();
  }
}

/** A planned, proven and attested epoch 1 of any venue in any circuits of circuits.json. */
export async function proveVenue(location: VenueLocation, venue: SyntheticVenue, names: readonly string[]): Promise<OnChainEpoch> {
  const poseidon = await bulkPoseidon();
  const circuits = await readCircuitList();
  const shape = epochShape(names.map((name) => findCircuit(circuits, name)), venue.table);
  const plan = planEpoch(poseidon, { accounts: venue.accounts }, venue.table, shape, location, 1);
  const directory = await mkdtemp(join(tmpdir(), 'clearproof-epoch-'));
  const config = await defaultProver(KEYS);
  const prover = new ProverPool(config, { workers: WORKERS });
  try {
    const attestation = await proveEpoch({
      poseidon, prover, concurrency: WORKERS,
      verify: async (circuit, signals, proof) => verifyProof(await loadVerificationKey(KEYS, circuit), signals, proof),
      verificationKey: async (circuit) => verificationKeyToJson(await loadVerificationKey(KEYS, circuit)),
    }, plan, directory);
    const submission = submissionOf(attestation, marketCommitment(poseidon, venue.table));
    return Object.freeze({ venue, plan, statements: epochStatements(poseidon, plan), attestation, submission, backend: config.backend });
  } finally {
    await prover.close();
    await rm(directory, { recursive: true, force: true });
  }
}
