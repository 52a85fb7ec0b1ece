import { join } from 'node:path';
import type { Attestation } from '../attestation/attestation.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { Prover } from '../groth16/prover.js';
import { orderSignals } from '../statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS } from '../statement/solvency-batch.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../statement/solvency-close.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { EpochPlan } from './epoch-plan.js';
import { epochStatements, type EpochStatements } from './epoch-statements.js';
import { ProgressMeter, type Progress } from './progress.js';
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
 * Proves a planned epoch: every batch, then the close. Finished proofs lie in the folder `proofs`; a run that was killed
 * goes on with those that still verify.
 */
export async function proveEpoch(tools: ProvingTools, plan: EpochPlan, directory: string): Promise<Attestation> {
  const statements = epochStatements(tools.poseidon, plan);
  const store = new ProofStore(join(directory, PROOFS_FOLDER));
  const meter = new ProgressMeter(statements.batchSignals.length + 1, tools.onProgress ?? (() => undefined));
  const obtain = (name: string, circuit: string, signals: readonly bigint[], input: () => CircuitInput): Promise<Groth16Proof> =>
    obtainProof(tools, store, meter, { name, circuit, signals, input });

  const { batchCircuit, closeCircuit } = plan.shape;
  const batchProofs = await mapLimited(statements.batchSignals, tools.concurrency, (signals, place) => obtain(
    `batch-${String(place).padStart(6, '0')}`, batchCircuit, orderSignals(SOLVENCY_BATCH_SIGNALS, signals), () => statements.batchInput(place),
  ));
  const closeProof = await obtain(
    'close', closeCircuit, orderSignals(SOLVENCY_CLOSE_SIGNALS, statements.closeSignals), () => statements.closeInput(),
  );
  return attestationOf(tools, plan, statements, batchProofs, closeProof);
}

interface ProofRequest {
  readonly name: string;
  readonly circuit: string;
  readonly signals: readonly bigint[];
  readonly input: () => CircuitInput;
}

async function obtainProof(tools: ProvingTools, store: ProofStore, meter: ProgressMeter, request: ProofRequest): Promise<Groth16Proof> {
  const { name, circuit, signals, input } = request;
  const found = await store.read(name, circuit, signals);
  if (found !== undefined && !('unusable' in found) && (await tools.verify(circuit, signals, found))) {
    meter.advance(true);
    return found;
  }
  if (found !== undefined) tools.onDiscard?.('unusable' in found ? found.unusable : `the stored proof ${name} does not verify`);
  const { proof } = await tools.prover.prove(circuit, input());
  await store.write(name, circuit, signals, proof);
  meter.advance(false);
  return proof;
}

async function attestationOf(
  tools: ProvingTools, plan: EpochPlan, statements: EpochStatements, batchProofs: readonly Groth16Proof[], closeProof: Groth16Proof,
): Promise<Attestation> {
  const { batchCircuit, closeCircuit, depth } = plan.shape;
  const { accountsRoot, accountsBound, unhealthyBound, shortfall } = statements.closeSignals;
  return {
    venue: plan.venue,
    epoch: plan.epoch,
    depth,
    market: plan.market,
    genesisAccumulator: statements.genesisAccumulator,
    batches: batchProofs.map((proof, place) => ({
      circuit: batchCircuit, proof, accumulatorAfter: (statements.batchSignals[place] as { accumulatorAfter: bigint }).accumulatorAfter,
    })),
    close: { circuit: closeCircuit, proof: closeProof, accountsRoot, accountsBound, unhealthyBound, shortfall },
    words: statements.words,
    verificationKeys: {
      [batchCircuit]: await tools.verificationKey(batchCircuit),
      [closeCircuit]: await tools.verificationKey(closeCircuit),
    },
  };
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
