import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { snarkjsProver } from '../../src/groth16/snarkjs-prover.js';
import { verificationKeyHash, verificationKeyToJson } from '../../src/groth16/verification-key.js';
import { bundlesOf, userEpoch, type Bundles, type EpochProofs, type UserEpoch } from './attestation.js';
import { TEST_SHAPE } from './epoch.js';

/** Made by `make keys`. */
const KEYS = 'build/keys';

export interface ProvenEpoch {
  readonly poseidon: Poseidon;
  readonly epoch: UserEpoch;
  readonly proofs: EpochProofs;
  readonly bundles: Bundles;
}

let shared: Promise<ProvenEpoch> | undefined;

/** One small epoch with real proofs under the development keys, made once a process. Call `releaseCurves` afterwards. */
export function provenEpoch(): Promise<ProvenEpoch> {
  shared ??= prove();
  return shared;
}

async function prove(): Promise<ProvenEpoch> {
  const poseidon = await bulkPoseidon();
  return proveUsers(poseidon, userEpoch(poseidon));
}

/** Real proofs of any epoch of the builder's users. */
export async function proveUsers(poseidon: Poseidon, epoch: UserEpoch): Promise<ProvenEpoch> {
  const { batchCircuit, closeCircuit } = TEST_SHAPE;
  const prover = snarkjsProver(KEYS);
  const batches: Groth16Proof[] = [];
  for (const input of epoch.inputs.batches) batches.push((await prover.prove(batchCircuit, input)).proof);
  const close = (await prover.prove(closeCircuit, epoch.inputs.close)).proof;
  await prover.close();
  const keys = await Promise.all([batchCircuit, closeCircuit].map(async (circuit) => [circuit, await loadVerificationKey(KEYS, circuit)] as const));
  const proofs: EpochProofs = {
    batches, close,
    verificationKeys: Object.fromEntries(keys.map(([circuit, key]) => [circuit, verificationKeyToJson(key)])),
    keyHashes: Object.fromEntries(keys.map(([circuit, key]) => [circuit, verificationKeyHash(key)])),
  };
  return { poseidon, epoch, proofs, bundles: bundlesOf(poseidon, epoch, proofs) };
}
