import { ClearproofError } from '../../error/clearproof-error.js';
import { ProofNotVerifiedError } from '../../groth16/prover.js';
import { StoredDataDamagedError } from '../../store/digest.js';
import { readProof, type MadeProof } from '../../store/proofs.js';
import { readTask } from '../../store/tasks.js';
import { deriveAgain } from './derive.js';
import type { PipelineTools, StepWork } from './pipeline-tools.js';

/** A prover made a valid proof of something else than was asked: keys or program are not those the task was made for. */
export class OtherStatementError extends ClearproofError {
  readonly code = 'OTHER_STATEMENT';
}

/** The proof of a task: the stored one where it verifies, or a new one, verified but not stored. */
export async function obtainProof(tools: PipelineTools, { lease: { epoch }, worker, signal }: StepWork, name: string): Promise<MadeProof & { readonly fresh: boolean }> {
  const { input, ...statement } = await wholeTask(tools, epoch, name, signal);
  const found = await readProof(tools.database, epoch, statement);
  const refusal = found === undefined ? undefined : 'unusable' in found ? found.unusable : (await tools.verify(statement.circuit, statement.signals, found)) ? undefined : `the stored proof ${name} does not verify`;
  if (found !== undefined && !('unusable' in found) && refusal === undefined) return { statement, proof: found, worker, seconds: 0, fresh: false };
  if (refusal !== undefined) tools.log.warn('proof-made-again', { epochRow: epoch, reason: refusal });
  const started = performance.now();
  const { proof, publicSignals } = await tools.prover.prove(statement.circuit, input, signal);
  const seconds = (performance.now() - started) / 1000;
  if (publicSignals.join() !== statement.signals.join()) {
    throw new OtherStatementError(`the prover proved another statement than the task ${name} asks for: look whether keys and program are of one build`, { name });
  }
  if (!(await tools.verify(statement.circuit, statement.signals, proof))) {
    throw new ProofNotVerifiedError(`the proof made for ${name} does not verify: look whether keys and prover are of one build`, { name });
  }
  tools.log.info('proof-made', { epochRow: epoch, proof: name, milliseconds: Math.round(seconds * 1000) });
  return { statement, proof, worker, seconds, fresh: true };
}

/** A task as it was stored; a damaged one is made again from the sealed plan. */
async function wholeTask(tools: PipelineTools, epoch: bigint, name: string, signal: AbortSignal): ReturnType<typeof readTask> {
  try {
    return await readTask(tools.database, epoch, name);
  } catch (cause) {
    if (!(cause instanceof StoredDataDamagedError)) throw cause;
    await deriveAgain(tools, epoch, cause.message, signal);
    return readTask(tools.database, epoch, name);
  }
}
