import { StoredDataDamagedError } from '../../store/digest.js';
import { readFigures } from '../../store/figures.js';
import { digestOfStoredPlaces } from '../../store/places.js';
import { deriveAgain } from './derive.js';
import type { PipelineTools, StepHandler, StepResult } from './pipeline-tools.js';
import { addRetire } from './retire.js';

/** Makes an epoch's receipts ready from places that are as they were planned. */
export function receiptsStep(tools: PipelineTools): StepHandler {
  return async (work): Promise<StepResult> => {
    const { epoch } = work.lease;
    const damage = await placesDamage(tools, epoch);
    if (damage !== undefined) await deriveAgain(tools, epoch, damage, work.signal);
    const store = await tools.exportReceipts(work);
    return async (sql) => {
      await store(sql);
      await addRetire(tools.steps, sql, epoch, 'receipts');
    };
  };
}

async function placesDamage({ database }: PipelineTools, epoch: bigint): Promise<string | undefined> {
  try {
    const { placesSha256 } = await readFigures(database, epoch);
    return (await digestOfStoredPlaces(database, epoch)) === placesSha256 ? undefined : `the places of epoch row ${epoch} are not what was stored`;
  } catch (cause) {
    if (cause instanceof StoredDataDamagedError) return cause.message;
    throw cause;
  }
}
