import { bulkPoseidon } from '../commitment/poseidon-bulk.js';
import { messageOf } from '../error/clearproof-error.js';
import { useOneThread } from '../groth16/curves.js';
import { runEpochJob } from './epoch-job.js';
import type { EpochJob, EpochOutcome } from './epoch-outcome.js';

/** What a worker process says. */
export type FromAuditWorker =
  | { readonly kind: 'proof' }
  | { readonly kind: 'done'; readonly outcome: EpochOutcome }
  | { readonly kind: 'failed'; readonly message: string };

/** Entry of a worker process: verifies one epoch after the other. */
process.on('message', (job: EpochJob) => void verify(job));
// The pool closes the channel to end its workers; it is also closed when the pool's process dies.
process.on('disconnect', () => process.exit(0));
// The pool decides when work stops: an interrupt from the terminal reaches the whole process group.
process.on('SIGINT', () => undefined);

async function verify(job: EpochJob): Promise<void> {
  try {
    await useOneThread();
    tell({ kind: 'done', outcome: await runEpochJob(await bulkPoseidon(), job, () => tell({ kind: 'proof' })) });
  } catch (thrown) {
    tell({ kind: 'failed', message: messageOf(thrown) });
  }
}

function tell(message: FromAuditWorker): void {
  process.send?.(message);
}
