import { ProverPool } from '../../groth16/prover-pool.js';
import type { CheckedConfig } from '../config/check-config.js';
import type { Log } from '../log.js';
import { receiptSteps } from '../receipts/receipt-steps.js';
import { runServiceWorker, USUAL_TIMES } from '../worker/service-worker.js';
import { publicationSteps } from './publication-steps.js';
import type { ServiceParts } from './service-parts.js';

const MEBIBYTE = 2 ** 20;

/**
 * Takes the configured kinds of steps until it is told to stop.
 *
 * @throws WorkerRefusedError when the store is pinned to another program or other keys; errors of the keys
 */
export async function runConfiguredWorker({ checked, program, store, desk }: ServiceParts, stop: AbortSignal): Promise<void> {
  const { config, deployment } = checked;
  const { database, steps } = store;
  await runServiceWorker({
    database, steps, stop,
    log: program.log,
    program: program.version,
    catalogue: program.catalogue,
    circuits: config.venue.circuits,
    keysDirectory: config.keysFolder,
    insecureKeysAllowed: config.mode === 'development',
    kinds: config.worker.kinds,
    proofs: config.worker.processes,
    prover: proverOf(checked, program.log),
    plannerHeapMebibytes: config.worker.memoryMegabytes,
    times: { ...USUAL_TIMES, leaseSeconds: config.worker.leaseSeconds },
    ...publicationSteps(store, deployment, config.chain.pollSeconds * 1000),
    ...receiptSteps(desk, config.retention),
  });
}

/** Processes start with their first proofs: a worker that makes none has none. */
function proverOf({ config: { worker }, prover: { config, says, warning } }: CheckedConfig, log: Log): ProverPool {
  log[warning ? 'warn' : 'info']('prover', { what: says });
  return new ProverPool(config, { workers: worker.processes, limits: { memoryBytes: worker.memoryMegabytes * MEBIBYTE, milliseconds: worker.proofSeconds * 1000 } });
}
