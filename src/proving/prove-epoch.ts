import { join } from 'node:path';
import type { Attestation } from '../attestation/attestation.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { Prover } from '../groth16/prover.js';
import { attestationOf, figuresOf } from './epoch-attestation.js';
import type { EpochPlan } from './epoch-plan.js';
import { stateEpoch } from './hashing/state-epoch.js';
import { ProgressMeter, type Progress } from './progress.js';
import { batchRequests, closingRequests, type ProofRequest } from './proof-requests.js';
import { ProofStore } from './proof-store.js';

/** Where finished proofs lie in an epoch's folder. */
export const PROOFS_FOLDER = 'proofs';

/** What a run of proofs needs from outside. */
export interface ProvingTools {
  readonly poseidon: Poseidon;
  readonly prover: Prover;
  /** Proofs under way at once; inputs of no more than these are in memory. */
  readonly concurrency: number;
  /** True when the proof is valid for these signals. Stored proofs are checked by it before they count. */
  readonly verify: (circuit: string, publicSignals: readonly bigint[], proof: Groth16Proof) => Promise<boolean>;
  /** Verification key by circuit name, for the attestation. */
  readonly verificationKey: (circuit: string) => Promise<unknown>;
  readonly onProgress?: (progress: Progress) => void;
  /** Told when a stored proof was not usable and is made again. */
  readonly onDiscard?: (reason: string) => void;
}

/**
 * Proves a planned epoch: every batch, then what closes it. Finished proofs lie in the folder `proofs`; a run that was killed
 * goes on with those that still verify.
 */
export async function proveEpoch(tools: ProvingTools, plan: EpochPlan, directory: string): Promise<Attestation> {
  const statements = await stateEpoch(tools.poseidon, plan);
  const batches = batchRequests(plan, statements);
  const closing = closingRequests(plan, statements);
  const store = new ProofStore(join(directory, PROOFS_FOLDER));
  const meter = new ProgressMeter([...batches, ...closing].map(({ cost }) => cost), tools.onProgress ?? (() => undefined));
  const batchProofs = await mapLimited(batches, tools.concurrency, (request, place) => obtainProof(tools, store, meter, place, request));
  const closingProofs = await mapLimited(closing, tools.concurrency, (request, place) => obtainProof(tools, store, meter, batches.length + place, request));
  return attestationOf(plan, figuresOf(statements), { batches: batchProofs, closing: closingProofs }, tools.verificationKey);
}

async function obtainProof(tools: ProvingTools, store: ProofStore, meter: ProgressMeter, piece: number, request: ProofRequest): Promise<Groth16Proof> {
  const { name, circuit, signals, input } = request;
  const found = await store.read(name, circuit, signals);
  if (found !== undefined && !('unusable' in found) && (await tools.verify(circuit, signals, found))) {
    meter.advance(piece, true);
    return found;
  }
  if (found !== undefined) tools.onDiscard?.('unusable' in found ? found.unusable : `the stored proof ${name} does not verify`);
  const { proof } = await tools.prover.prove(circuit, input());
  await store.write(name, circuit, signals, proof);
  meter.advance(piece, false);
  return proof;
}

/** Results of `work` over all items, in order, at most `limit` at once. The first failure stops the taking of new items; it is thrown when what is under way has ended. */
async function mapLimited<Item, Result>(
  items: readonly Item[], limit: number, work: (item: Item, place: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const take = async (): Promise<void> => {
    while (next < items.length) {
      const place = next;
      next += 1;
      try {
        results[place] = await work(items[place] as Item, place);
      } catch (cause) {
        next = items.length;
        throw cause;
      }
    }
  };
  const takers = Array.from({ length: Math.max(1, limit) }, take);
  // Finished proofs of the others are stored before the folder's lock is let go.
  await Promise.allSettled(takers);
  await Promise.all(takers);
  return results;
}
