import type { Database } from '../../store/database.js';
import { storeFigures } from '../../store/figures.js';
import { PLACES_AT_ONCE, PlacesDigest, storePlaces } from '../../store/places.js';
import { storeTask } from '../../store/tasks.js';
import type { EpochFigures } from '../../proving/epoch-attestation.js';
import type { PipelineTools } from './pipeline-tools.js';
import type { Planning } from './planning-child.js';
import { planLost, takeUpSealedPlan } from './sealed-plan.js';

/** Tasks a transaction takes: a commit for each would take longer than the tasks. */
const TASKS_AT_ONCE = 50;

/** What follows from a plan, as far as the epoch's row and steps tell it. */
export interface DerivedEpoch {
  readonly figures: EpochFigures;
  /** Without padding. */
  readonly accounts: number;
  readonly steps: readonly { readonly name: string; readonly cost: number }[];
}

/**
 * Stores all that follows from the plan in the planning process. The same plan always gives the same: what a killed run
 * left is completed, what was damaged is put right, and two who do it at once do not harm each other.
 */
export async function storeDerived(database: Database, epoch: bigint, planning: Planning): Promise<DerivedEpoch> {
  const { figures, places, tasks } = await planning.ask('derive', {});
  const digest = new PlacesDigest();
  let accounts = 0;
  for (let from = 0; from < places; from += PLACES_AT_ONCE) {
    const stored = await planning.ask('places', { from, count: PLACES_AT_ONCE });
    stored.forEach((place) => digest.add(place));
    accounts += stored.filter(({ place }) => place.kind === 'account').length;
    await storePlaces(database, epoch, stored);
  }
  const steps: { name: string; cost: number }[] = [];
  for (let from = 0; from < tasks; from += TASKS_AT_ONCE) {
    await database.transaction(async (sql) => {
      for (let place = from; place < Math.min(from + TASKS_AT_ONCE, tasks); place += 1) {
        const task = await planning.ask('task', { place });
        steps.push({ name: task.name, cost: task.cost });
        await storeTask(sql, epoch, task);
      }
    });
  }
  await storeFigures(database, epoch, { figures, placesSha256: digest.end() });
  return { figures, accounts, steps };
}

/** Makes all that follows from an epoch's sealed plan again, where something of it was found damaged. @throws SealedPlanDamagedError */
export async function deriveAgain(tools: PipelineTools, epoch: bigint, reason: string, signal: AbortSignal): Promise<void> {
  tools.log.warn('derived-again', { epochRow: epoch, reason });
  const planning = tools.startPlanning(signal);
  try {
    if (!(await takeUpSealedPlan(tools.database, epoch, planning))) throw await planLost(tools.database, epoch);
    await storeDerived(tools.database, epoch, planning);
  } finally {
    planning.close();
  }
}
