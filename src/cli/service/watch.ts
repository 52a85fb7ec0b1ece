import { setTimeout as sleep } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import type { EpochProgress, EpochState, ServiceOperations } from '../../service/operations.js';
import type { Output } from '../output.js';
import { positiveNumber } from '../options.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';

interface WatchOptions extends TargetOptions {
  readonly epoch: number;
  readonly until: Until;
  readonly every: number;
}

type Until = 'proven' | 'published' | 'final';
/** States in their order; 'failed' stands apart. */
const ORDER: readonly EpochState[] = ['planning', 'proving', 'publishing', 'published', 'final'];
const REACHED: Readonly<Record<Until, EpochState>> = { proven: 'publishing', published: 'published', final: 'final' };

export function addWatchCommand(epochs: Command, commands: ServiceCommands): void {
  withTarget(epochs.command('watch').description('show progress until an epoch is final; ends with 1 when it failed or a step of it is dead'))
    .requiredOption('--epoch <n>', 'number of the epoch', positiveNumber)
    .addOption(new Option('--until <state>', 'stop watching earlier').choices(['proven', 'published', 'final']).default('final'))
    .option('--every <seconds>', 'time between two looks', positiveNumber, 2)
    .addHelpText('after', examples('epochs watch --epoch 1'))
    .action(commands.asking(async (operations, output, options: WatchOptions) => {
      const progress = await watch(operations, output, options);
      output.progressDone();
      output.say(progressLine(progress));
      if (isStuck(progress)) output.say('steps were given up: "clearproof service dead-letters" says why, "epochs retry" tries again');
      output.result(progress);
      return isStuck(progress) || progress.state === 'failed' ? 1 : 0;
    }));
}

async function watch(operations: ServiceOperations, output: Output, { epoch, until, every }: WatchOptions): Promise<EpochProgress> {
  let shown = '';
  for (;;) {
    const progress = await operations.progress(epoch);
    const line = progressLine(progress);
    if (line !== shown) output.progress(line);
    shown = line;
    if (progress.state === 'failed' || isStuck(progress) || ORDER.indexOf(progress.state) >= ORDER.indexOf(REACHED[until])) return progress;
    await sleep(every * 1000);
  }
}

function isStuck({ steps }: EpochProgress): boolean {
  return steps.dead > 0;
}

function progressLine({ epoch, state, proofsDone, proofsTotal, remainingSeconds, steps }: EpochProgress): string {
  const left = remainingSeconds === null || state !== 'proving' ? '' : `, about ${Math.ceil(remainingSeconds)} s left`;
  const dead = steps.dead === 0 ? '' : `, ${steps.dead} steps dead`;
  return `epoch ${epoch} ${state}: ${proofsDone} of ${proofsTotal} proofs${left}${dead}`;
}
