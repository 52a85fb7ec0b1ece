import type { Sql } from '../../store/database.js';
import { isFinished } from '../../store/epoch-stages.js';
import type { PipelineTools, StepAdder, StepHandler } from './pipeline-tools.js';

/** Drops what a final epoch needs no more. */
export function retireStep(tools: PipelineTools): StepHandler {
  return ({ lease: { epoch } }) => Promise.resolve((sql) => tools.retireEpoch(sql, epoch));
}

/**
 * Lets an epoch be retired once it is final on chain and its receipts are ready. Both who finish call it in their last
 * transaction; the second one adds the step.
 *
 * @param finishing the step whose last transaction this is: it counts as done
 */
export async function addRetire(steps: StepAdder, sql: Sql, epoch: bigint, finishing: 'publish' | 'receipts'): Promise<void> {
  if (await isFinished(sql, epoch, finishing)) await steps.add(sql, [{ epoch, name: 'retire', kind: 'retire' }]);
}
