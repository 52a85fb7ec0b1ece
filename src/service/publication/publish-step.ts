import { submitEpochCall } from '../../chain/registry-calls.js';
import { submissionOf } from '../../chain/attested-submission.js';
import type { Deployment } from '../../chain/deployment.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import type { Database } from '../../store/database.js';
import { readEpochSource } from '../../store/epoch-source.js';
import { enqueue, findEntry } from '../../store/outbox.js';
import type { PipelineTools, StepAdder, StepHandler } from '../pipeline/pipeline-tools.js';
import { addRetire } from '../pipeline/retire.js';
import { pause } from '../worker/waiting.js';

/** Puts the submission of an attestation into the outbox. */
export function submissionQueue({ registry, venueId }: Pick<Deployment, 'registry' | 'venueId'>): PipelineTools['enqueueSubmission'] {
  return async (sql, { source, attestation }) => {
    const calldata = submitEpochCall(venueId, submissionOf(attestation, marketCommitment(portablePoseidon, attestation.market)));
    await enqueue(sql, { venue: source.venue, epoch: source.number, kind: 'submit-epoch', target: registry, calldata });
  };
}

/**
 * Waits until the publisher has made an epoch's submission final. One that was given up is waited for too: it is the outbox
 * that shows it, and from there it is tried again.
 */
export function publishStep(database: Database, steps: StepAdder, pollMilliseconds: number): StepHandler {
  return async ({ lease: { epoch }, signal }) => {
    const { venue, number } = await readEpochSource(database, epoch);
    for (;;) {
      signal.throwIfAborted();
      const entry = await findEntry(database, venue, number, 'submit-epoch');
      if (entry?.state === 'final') return async (sql) => addRetire(steps, sql, epoch, 'publish');
      await pause(pollMilliseconds, signal);
    }
  };
}
