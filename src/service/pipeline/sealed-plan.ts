import { ClearproofError } from '../../error/clearproof-error.js';
import { PlanFileError } from '../../proving/plan-format.js';
import type { Database } from '../../store/database.js';
import { StoredDataDamagedError } from '../../store/digest.js';
import { readEpochSource } from '../../store/epoch-source.js';
import { readPlanHeader, readPlanParts } from '../../store/plans.js';
import type { Planning } from './planning-child.js';

/** The sealed plan of an epoch cannot be used. The epoch stops: another plan would be another root. */
export class SealedPlanDamagedError extends ClearproofError {
  readonly code = 'PLAN_DAMAGED';
}

/**
 * Gives the planning process an epoch's sealed plan.
 *
 * @returns false when there is none yet
 * @throws SealedPlanDamagedError
 */
export async function takeUpSealedPlan(database: Database, epoch: bigint, planning: Planning): Promise<boolean> {
  return withPlanErrors(database, epoch, async () => {
    const header = await readPlanHeader(database, epoch);
    if (header === undefined) return false;
    for await (const part of readPlanParts(database, epoch)) await planning.ask('accept', { part });
    await planning.ask('unseal', { header });
    return true;
  });
}

/** Runs `work` on a sealed plan; damage becomes the error that says what it means for the epoch. */
export async function withPlanErrors<Result>(database: Database, epoch: bigint, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof StoredDataDamagedError) && !(cause instanceof PlanFileError)) throw cause;
    throw await planDamaged(database, epoch, cause);
  }
}

/** There is no plan any more where one was: as bad as a damaged one. */
export async function planLost(database: Database, epoch: bigint): Promise<SealedPlanDamagedError> {
  return planDamaged(database, epoch, new StoredDataDamagedError('its row is not there'));
}

async function planDamaged(database: Database, epoch: bigint, cause: ClearproofError): Promise<SealedPlanDamagedError> {
  const { attested, number } = await readEpochSource(database, epoch);
  const consequence = attested
    ? 'its attestation stands and may be published, so it is never planned again: restore the database from a backup'
    : 'nothing of it was attested: restore the database from a backup, or give this epoch up';
  return new SealedPlanDamagedError(`the sealed plan of epoch ${number} cannot be used (${cause.message}); ${consequence}`, { epoch: number, attested }, { cause });
}
