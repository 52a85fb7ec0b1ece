import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { ClearproofError } from '../error/clearproof-error.js';
import { coreSecondsOf } from './bench-processes.js';
import { runStage, type StageTask } from './bench-service-stages.js';

/** What a stage's process tells when it is done. */
export type StageAnswer =
  | { readonly details: Readonly<Record<string, number>>; readonly coreSeconds: number | undefined }
  | { readonly failure: string };

const WAITS = 100;
const WAIT_MILLISECONDS = 50;

/** Entry of the process of one stage: memory and processor time are its own. */
process.once('message', (task: StageTask) => {
  void answer(task).then((message) => process.send?.(message, () => process.disconnect()));
});
// Also when whoever started it is gone.
process.on('disconnect', () => process.exit());

/** A child's processor time counts as this process's once it has ended and was waited for. */
async function childrenEnded(): Promise<void> {
  for (let left = WAITS; left > 0; left -= 1) {
    const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '');
    if (children.trim() === '') return;
    await setTimeout(WAIT_MILLISECONDS);
  }
}

async function answer(task: StageTask): Promise<StageAnswer> {
  try {
    const details = await runStage(task);
    await childrenEnded();
    return { details, coreSeconds: coreSecondsOf(await readFile('/proc/self/stat', 'utf8').catch(() => '')) };
  } catch (thrown) {
    return { failure: thrown instanceof ClearproofError ? thrown.message : String(thrown instanceof Error ? thrown.stack : thrown) };
  }
}
