import { join } from 'node:path';
import type { Attestation } from '../attestation/attestation.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { Prover } from '../groth16/prover.js';
import { orderSignals } from '../statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS, type SolvencyBatchSignals } from '../statement/solvency-batch.js';
import { SOLVENCY_CLOSE_END_SIGNALS } from '../statement/solvency-close-end.js';
import { SOLVENCY_CLOSE_PART_SIGNALS } from '../statement/solvency-close-part.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../statement/solvency-close.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { EpochPlan } from './epoch-plan.js';
import { batchNamed, circuitsOf, closingCircuit, type CloseCircuits } from './epoch-shape.js';
import type { EpochStatements } from './epoch-statements.js';
import { stateEpoch } from './hashing/state-epoch.js';
import { ProgressMeter, type Progress } from './progress.js';
import { batchCost, closeCosts } from './proof-costs.js';
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
  return attestationOf(tools, plan, statements, batchProofs, closingProofs);
}

interface ProofRequest {
  /** Of the stored proof's file. */
  readonly name: string;
  readonly circuit: string;
  readonly signals: readonly bigint[];
  readonly input: () => CircuitInput;
  /** Estimated constraints. */
  readonly cost: number;
}

function batchRequests({ batches, shape }: EpochPlan, statements: EpochStatements): ProofRequest[] {
  return batches.map(({ circuit }, place) => ({
    name: `batch-${numbered(place)}`, circuit, cost: batchCost(batchNamed(shape, circuit), shape.depth),
    signals: orderSignals(SOLVENCY_BATCH_SIGNALS, statements.batchSignals[place] as SolvencyBatchSignals), input: () => statements.batchInput(place),
  }));
}

/** The parts in order and then the end, or the whole close alone. */
function closingRequests({ shape: { close, S } }: EpochPlan, statements: EpochStatements): ProofRequest[] {
  const { closeSignals, parts } = statements;
  const costs = closeCosts(close, S);
  const last = { name: 'close', circuit: closingCircuit(close), cost: costs[costs.length - 1] as number, input: () => statements.closeInput() };
  if (parts === undefined || close.kind === 'whole') return [{ ...last, signals: orderSignals(SOLVENCY_CLOSE_SIGNALS, closeSignals) }];
  return [
    ...parts.signals.map((signals, place) => ({
      name: `part-${numbered(place)}`, circuit: close.part, cost: costs[place] as number,
      signals: orderSignals(SOLVENCY_CLOSE_PART_SIGNALS, signals), input: () => parts.input(place),
    })),
    { ...last, signals: orderSignals(SOLVENCY_CLOSE_END_SIGNALS, parts.endSignals) },
  ];
}

function numbered(place: number): string {
  return String(place).padStart(6, '0');
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

async function attestationOf(
  tools: ProvingTools, plan: EpochPlan, statements: EpochStatements, batchProofs: readonly Groth16Proof[], closingProofs: readonly Groth16Proof[],
): Promise<Attestation> {
  const { close, depth } = plan.shape;
  const { accountsRoot, accountsBound, unhealthyBound, shortfall } = statements.closeSignals;
  return {
    venue: plan.venue,
    epoch: plan.epoch,
    depth,
    market: plan.market,
    genesisAccumulator: statements.genesisAccumulator,
    batches: plan.batches.map(({ circuit }, place) => ({
      circuit, proof: batchProofs[place] as Groth16Proof, accumulatorAfter: (statements.batchSignals[place] as SolvencyBatchSignals).accumulatorAfter,
    })),
    close: {
      circuit: closingCircuit(close), proof: closingProofs[closingProofs.length - 1] as Groth16Proof, accountsRoot, accountsBound, unhealthyBound, shortfall,
      parts: partsOf(close, statements, closingProofs),
    },
    words: statements.words,
    verificationKeys: await verificationKeysOf(tools, plan),
  };
}

function partsOf(close: CloseCircuits, { parts }: EpochStatements, proofs: readonly Groth16Proof[]): Attestation['close']['parts'] {
  if (parts === undefined || close.kind === 'whole') return undefined;
  return {
    tableStart: parts.endSignals.tableStart,
    proofs: parts.signals.map(({ tableAfter }, place) => ({ circuit: close.part, proof: proofs[place] as Groth16Proof, tableAfter })),
  };
}

/** Of the circuits that have a proof in the epoch: a batch circuit that no account needed has none. */
async function verificationKeysOf(tools: ProvingTools, { batches, shape }: EpochPlan): Promise<Record<string, unknown>> {
  const used = circuitsOf({ ...shape, batches: shape.batches.filter(({ circuit }) => batches.some((batch) => batch.circuit === circuit)) });
  return Object.fromEntries(await Promise.all(used.map(async (circuit) => [circuit, await tools.verificationKey(circuit)] as const)));
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
