import type { AccountProofs } from '../../store/account-proofs.js';
import type { StepKind } from '../../store/job-queue.js';
import { vacuum } from '../../store/retention.js';
import type { StepLease, Steps } from '../../store/steps.js';
import { accountProof } from '../pipeline/account-proof.js';
import { attestStep } from '../pipeline/attest.js';
import type { PipelineTools, StepHandler } from '../pipeline/pipeline-tools.js';
import { planStep } from '../pipeline/plan.js';
import { proveStep } from '../pipeline/prove.js';
import { receiptsStep } from '../pipeline/receipts.js';
import { retireStep } from '../pipeline/retire.js';
import { stepQueue } from './lease-queue.js';
import { runnableLane, type RunnableLane } from './run-lease.js';

/** Which work a worker does. */
export interface WorkerDuties {
  readonly kinds: readonly StepKind[];
  /** Proofs at once; as many as the prover has processes. */
  readonly proofs: number;
  /** Publishes an attested epoch; 'publish' is left to others without it. */
  readonly publish?: StepHandler;
}

/**
 * Errors that come again however often the work is tried: about the data, not about the machine. Everything else may be
 * the fault of the moment or of this worker, and is tried again.
 */
const FINAL: ReadonlySet<string> = new Set([
  'PLAN', 'PLAN_DAMAGED', 'SNAPSHOT_REFUSED', 'SNAPSHOT_DAMAGED', 'SNAPSHOT_GONE', 'SHAPE_MISMATCH', 'CIRCUIT_LIST', 'ROOT_CHANGED', 'ATTESTATION_TAKEN', 'WITNESS_REFUSED', 'WITNESS_INPUT',
  'ACCOUNT_PROOF_REFUSED', 'UNKNOWN_INSTRUMENT', 'MARK_RANGE',
]);

/** Epochs that wait for the chain at once: minutes or hours of doing nothing, which must hold up neither plans nor receipts. */
const WAITING = 8;

/**
 * The lanes of a worker: one for proofs, one for epochs that wait for the chain, one for the rest of an epoch, so that a long plan
 * holds up no proof, and one for proofs about rows.
 */
export function workerLanes(tools: PipelineTools, steps: Steps, accountProofs: AccountProofs, { kinds, proofs, publish }: WorkerDuties): RunnableLane[] {
  const handlers: Partial<Record<StepKind, StepHandler>> = {
    plan: planStep(tools), prove: proveStep(tools), attest: attestStep(tools), receipts: receiptsStep(tools), retire: retireStep(tools),
    ...(publish === undefined ? {} : { publish }),
  };
  const done = kinds.filter((kind) => handlers[kind] !== undefined);
  const lane = (of: readonly StepKind[], atOnce: number): RunnableLane[] => (of.length === 0 ? [] : [runnableLane<StepLease>({
    queue: stepQueue(steps, of), atOnce, isFinal,
    handle: (work) => (handlers[work.lease.kind] as StepHandler)(work),
    // Dropped secrets are not gone while their rows' bytes lie in the tables' pages.
    after: ({ kind }) => (kind === 'retire' ? vacuum(tools.database) : Promise.resolve()),
    describe: ({ epoch, name, lease, attempts }) => ({ epochRow: epoch, step: name, lease, attempts }),
  })]);
  return [
    ...lane(done.filter((kind) => kind === 'prove'), proofs),
    ...lane(done.filter((kind) => kind === 'publish'), WAITING),
    ...lane(done.filter((kind) => kind !== 'prove' && kind !== 'publish'), 1),
    ...(kinds.includes('prove') ? [runnableLane({
      queue: accountProofs, atOnce: 1, isFinal, handle: accountProof(tools),
      describe: ({ id, lease, attempts }) => ({ accountProof: id, lease, attempts }),
    })] : []),
  ];
}

function isFinal(error: Error): boolean {
  return 'code' in error && FINAL.has(String(error.code));
}
