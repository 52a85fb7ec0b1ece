import { isLastProof } from '../../store/epoch-stages.js';
import { storeProof } from '../../store/proofs.js';
import { obtainProof } from './obtain-proof.js';
import type { PipelineTools, StepHandler } from './pipeline-tools.js';

/** A step's name is this and its task's. */
export const PROVE_PREFIX = 'prove:';

/** Makes one proof. The last one of an epoch lets it be attested. */
export function proveStep(tools: PipelineTools): StepHandler {
  return async (work) => {
    const { epoch, name } = work.lease;
    const { fresh, ...made } = await obtainProof(tools, work, name.slice(PROVE_PREFIX.length));
    return async (sql) => {
      if (fresh) await storeProof(sql, epoch, made);
      if (await isLastProof(sql, epoch, name)) await tools.steps.add(sql, [{ epoch, name: 'attest', kind: 'attest' }]);
    };
  };
}
