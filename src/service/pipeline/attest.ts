import { serializeAttestation } from '../../attestation/attestation-format.js';
import type { Groth16Proof } from '../../groth16/proof.js';
import { attestationOf, type AttestedPlan, type EpochFigures } from '../../proving/epoch-attestation.js';
import { attestedPlan, unsealHeader } from '../../proving/plan-format.js';
import { storeAttestation } from '../../store/attestations.js';
import { StoredDataDamagedError } from '../../store/digest.js';
import { readEpochSource } from '../../store/epoch-source.js';
import { setEpochState } from '../../store/epochs.js';
import { readFigures } from '../../store/figures.js';
import { readPlanHeader } from '../../store/plans.js';
import { readProof, storeProof } from '../../store/proofs.js';
import { readTaskStatements, type TaskStatement } from '../../store/tasks.js';
import { deriveAgain } from './derive.js';
import { obtainProof } from './obtain-proof.js';
import type { PipelineTools, StepHandler, StepWork } from './pipeline-tools.js';
import { planLost, withPlanErrors } from './sealed-plan.js';

/** Puts an epoch's proofs together, each verified again, and hands the attestation over to publication and receipts. */
export function attestStep(tools: PipelineTools): StepHandler {
  return async (work) => {
    const { epoch } = work.lease;
    const plan = await readPlan(tools, epoch);
    const { figures, statements } = await readStated(tools, epoch, plan, work.signal);
    const proofs: Groth16Proof[] = [];
    for (const statement of statements) proofs.push(await verifiedProof(tools, work, statement));
    const batches = plan.batches.length;
    const attestation = await attestationOf(plan, figures, { batches: proofs.slice(0, batches), closing: proofs.slice(batches) }, tools.verificationKey);
    const text = serializeAttestation(attestation);
    const source = await readEpochSource(tools.database, epoch);
    return async (sql) => {
      await storeAttestation(sql, epoch, text);
      await tools.enqueueSubmission(sql, { epoch, source, attestation });
      await setEpochState(sql, epoch, 'publishing');
      await tools.steps.add(sql, [{ epoch, name: 'publish', kind: 'publish' }, { epoch, name: 'receipts', kind: 'receipts' }]);
    };
  };
}

async function readPlan({ database }: PipelineTools, epoch: bigint): Promise<AttestedPlan> {
  const place = { name: 'the sealed plan', remedy: 'restore the database from a backup' };
  return withPlanErrors(database, epoch, async () => {
    const header = await readPlanHeader(database, epoch);
    if (header === undefined) throw await planLost(database, epoch);
    return attestedPlan(unsealHeader(header, place), place);
  });
}

/** Figures and statements, made again from the plan where they are damaged or not complete. */
async function readStated(
  tools: PipelineTools, epoch: bigint, plan: AttestedPlan, signal: AbortSignal,
): Promise<{ readonly figures: EpochFigures; readonly statements: readonly TaskStatement[] }> {
  const read = async (): Promise<Awaited<ReturnType<typeof readStated>>> => {
    const { figures } = await readFigures(tools.database, epoch);
    const statements = await readTaskStatements(tools.database, epoch);
    const expected = plan.batches.length + (plan.shape.close.kind === 'parts' ? plan.shape.close.count : 0) + 1;
    if (statements.length !== expected) throw new StoredDataDamagedError(`epoch row ${epoch} has ${statements.length} tasks, its plan ${expected}`);
    return { figures, statements };
  };
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof StoredDataDamagedError)) throw cause;
    await deriveAgain(tools, epoch, cause.message, signal);
    return read();
  }
}

/** The stored proof once it verifies; a damaged one is made again here and now. */
async function verifiedProof(tools: PipelineTools, work: StepWork, statement: TaskStatement): Promise<Groth16Proof> {
  const { epoch } = work.lease;
  work.signal.throwIfAborted();
  const found = await readProof(tools.database, epoch, statement);
  if (found !== undefined && !('unusable' in found) && (await tools.verify(statement.circuit, statement.signals, found))) return found;
  // Either the proof is damaged or the statement is: this reads both with their digests.
  const { fresh, ...made } = await obtainProof(tools, work, statement.name);
  if (fresh) await storeProof(tools.database, epoch, made);
  return made.proof;
}
