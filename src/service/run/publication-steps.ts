import type { Deployment } from '../../chain/deployment.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { readEpochSource } from '../../store/epoch-source.js';
import type { PipelineTools, StepHandler } from '../pipeline/pipeline-tools.js';
import { addRetire } from '../pipeline/retire.js';
import { enqueueSubmission } from '../publication/enqueue-publication.js';
import { waitForPublication } from '../publication/wait-for-publication.js';
import type { ServiceStore } from './service-store.js';

/** How an attested epoch gets onto the chain: into the outbox, and then waited for. @param pollMs between looks at the outbox */
export function publicationSteps(store: ServiceStore, { chainId, registry, venueId }: Deployment, pollMs: number): Pick<PipelineTools, 'enqueueSubmission'> & { readonly publish: StepHandler } {
  const { database, steps } = store;
  return {
    enqueueSubmission: async (sql, { source: { venue }, attestation }) => {
      await enqueueSubmission(sql, { venue, chainId, registry, venueId }, attestation, marketCommitment(portablePoseidon, attestation.market));
    },
    publish: async ({ lease: { epoch }, signal }) => {
      const { venue, number } = await readEpochSource(database, epoch);
      await waitForPublication(database, { venue, epoch: number, kind: 'submit-epoch' }, pollMs, signal);
      return (sql) => addRetire(steps, sql, epoch, 'publish');
    },
  };
}
