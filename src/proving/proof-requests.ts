import { orderSignals } from '../statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS, type SolvencyBatchSignals } from '../statement/solvency-batch.js';
import { SOLVENCY_CLOSE_END_SIGNALS } from '../statement/solvency-close-end.js';
import { SOLVENCY_CLOSE_PART_SIGNALS } from '../statement/solvency-close-part.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../statement/solvency-close.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { EpochPlan } from './epoch-plan.js';
import { batchNamed, closingCircuit } from './epoch-shape.js';
import type { EpochStatements } from './epoch-statements.js';
import { batchCost, closeCosts } from './proof-costs.js';

/** One proof of an epoch that is to be made. */
export interface ProofRequest {
  /** Names the stored proof: `batch-000000`, `part-000000`, `close`. */
  readonly name: string;
  readonly circuit: string;
  /** Public, in the circuit's order. */
  readonly signals: readonly bigint[];
  /** Secret. Made on demand: no more of them are in memory than proofs are under way. */
  readonly input: () => CircuitInput;
  /** Estimated constraints. */
  readonly cost: number;
}

/** The proofs of a plan's batches, in tree order. */
export function batchRequests({ batches, shape }: EpochPlan, statements: EpochStatements): ProofRequest[] {
  return batches.map(({ circuit }, place) => ({
    name: `batch-${numbered(place)}`, circuit, cost: batchCost(batchNamed(shape, circuit), shape.depth),
    signals: orderSignals(SOLVENCY_BATCH_SIGNALS, statements.batchSignals[place] as SolvencyBatchSignals), input: () => statements.batchInput(place),
  }));
}

/** The parts in order and then the end, or the whole close alone. */
export function closingRequests({ shape: { close, S } }: EpochPlan, statements: EpochStatements): ProofRequest[] {
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
