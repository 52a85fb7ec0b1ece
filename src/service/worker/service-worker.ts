import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import { useOneThread } from '../../groth16/curves.js';
import type { Prover } from '../../groth16/prover.js';
import { removeDeadWitnessFolders } from '../../groth16/witness-folder.js';
import { AccountProofs } from '../../store/account-proofs.js';
import type { Database } from '../../store/database.js';
import type { Steps } from '../../store/steps.js';
import type { Log } from '../log.js';
import type { PipelineTools } from '../pipeline/pipeline-tools.js';
import { PlanningChild } from '../pipeline/planning-child.js';
import { Housekeeping } from './housekeeping.js';
import { checkKeys } from './key-check.js';
import { processRegistration } from './registration.js';
import { runWorker } from './run-worker.js';
import { VerificationKeys } from './verification-keys.js';
import { workerLanes, type WorkerDuties } from './worker-lanes.js';

/** How a worker holds its leases and stops. */
export interface WorkerTimes {
  readonly leaseSeconds: number;
  readonly pollMilliseconds: number;
  readonly graceMilliseconds: number;
}

export const USUAL_TIMES: WorkerTimes = { leaseSeconds: 30, pollMilliseconds: 1000, graceMilliseconds: 20_000 };

export interface ServiceWorkerOptions extends WorkerDuties, Pick<PipelineTools, 'enqueueSubmission' | 'exportReceipts' | 'retireEpoch'> {
  readonly database: Database;
  readonly steps: Steps;
  /** Version of this program; all workers of a store have the same. */
  readonly program: string;
  /** All circuits there are. */
  readonly catalogue: readonly CircuitDefinition[];
  /** The venue's circuits: those whose keys the store is pinned to. */
  readonly circuits: readonly string[];
  readonly keysDirectory: string;
  readonly insecureKeysAllowed: boolean;
  /** JavaScript heap of the planning process; Node's own default unless told. */
  readonly plannerHeapMebibytes?: number;
  /** Closed when the worker ends. */
  readonly prover: Prover;
  /** In place of verification with the folder's keys; for tests of what has nothing to do with it. */
  readonly verify?: PipelineTools['verify'];
  readonly times?: WorkerTimes;
  readonly log: Log;
  readonly stop: AbortSignal;
  /** Removes what a killed run left in folders of the caller's. */
  readonly recover?: () => Promise<void>;
}

/**
 * A worker with all that belongs to it, until it is told to stop.
 *
 * @throws WorkerRefusedError, and what checkKeys throws
 */
export async function runServiceWorker(options: ServiceWorkerOptions): Promise<void> {
  const { database, steps, keysDirectory, circuits, log } = options;
  // This process only verifies, milliseconds a proof: threads that did not start or died would hold a step up for ever.
  await useOneThread();
  const { manifestSha256, insecure } = await checkKeys(keysDirectory, circuits, options.insecureKeysAllowed).catch(async (cause: unknown) => {
    await options.prover.close();
    throw cause;
  });
  if (insecure.length > 0) log.warn('insecure-keys', { circuits: insecure.join(' ') });
  const keys = new VerificationKeys(keysDirectory);
  const housekeeping = new Housekeeping(database, log);
  const tools: PipelineTools = {
    ...options,
    startPlanning: (signal) => new PlanningChild(signal, options.plannerHeapMebibytes),
    verify: options.verify ?? ((circuit, signals, proof) => keys.verify(circuit, signals, proof)),
    verificationKey: (circuit) => keys.json(circuit),
    retireEpoch: async (sql, epoch) => {
      await options.retireEpoch(sql, epoch);
      housekeeping.retired();
    },
  };
  const accountProofs = new AccountProofs(database);
  await runWorker({
    ...(options.times ?? USUAL_TIMES),
    registration: processRegistration(database, { program: options.program, manifestSha256 }, options.kinds),
    lanes: workerLanes(tools, steps, accountProofs, options),
    sweeps: [() => steps.sweep(), () => accountProofs.sweep(), () => housekeeping.sweep()],
    log,
    stop: options.stop,
    recover: async () => {
      const removed = await removeDeadWitnessFolders();
      if (removed > 0) log.warn('witness-folders-removed', { folders: removed });
      await options.recover?.();
    },
    close: () => options.prover.close(),
  });
}
