import { readFile } from 'node:fs/promises';
import { ClearproofError } from '../error/clearproof-error.js';
import { coreSecondsOf } from './bench-processes.js';
import { runStage, type StageTask } from './bench-service-stages.js';

/** What a stage's process tells when it is done. */
export type StageAnswer =
  | { readonly details: Readonly<Record<string, number>>; readonly coreSeconds: number | undefined }
  | { readonly failure: string };

/** Entry of the process of one stage: memory and processor time are its own. */
process.once('message', (task: StageTask) => {
  void answer(task).then((message) => process.send?.(message, () => process.disconnect()));
});

async function answer(task: StageTask): Promise<StageAnswer> {
  try {
    const details = await runStage(task);
    return { details, coreSeconds: coreSecondsOf(await readFile('/proc/self/stat', 'utf8').catch(() => '')) };
  } catch (thrown) {
    return { failure: thrown instanceof ClearproofError ? thrown.message : String(thrown instanceof Error ? thrown.stack : thrown) };
  }
}
