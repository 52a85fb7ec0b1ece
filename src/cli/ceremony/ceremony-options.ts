import type { Command } from 'commander';
import type { ContributionWatch } from '../../ceremony/contribution-work.js';
import { ProgressMeter } from '../../proving/progress.js';
import type { Output } from '../output.js';
import { StepEstimate } from './step-estimate.js';

/** Options of every command on a ceremony's folder. */
export interface CeremonyOptions {
  readonly ceremony: string;
}

export function withCeremony(command: Command): Command {
  return command.requiredOption('--ceremony <folder>', 'the ceremony\'s folder');
}

/** Tells circuit by circuit how far a run is, weighed by constraints, and within a circuit how far its points are. */
export function watching(output: Output, constraints: readonly number[]): ContributionWatch {
  const meter = new ProgressMeter(constraints, ({ done, total, resumed, elapsedSeconds, remainingSeconds }) => {
    const left = remainingSeconds === undefined || done === total ? '' : `, about ${Math.ceil(remainingSeconds)} s left`;
    output.progress(`circuit ${done} of ${total}${resumed === 0 ? '' : ` (${resumed} from an earlier run)`}, ${elapsedSeconds.toFixed(0)} s${left}`);
  });
  const points = new StepEstimate(output);
  return {
    onCircuit: (place, resumed) => meter.advance(place, resumed),
    onPoints: (step, done, total) => points.report(step, done, total),
    onDiscard: (reason) => output.progress(`made again: ${reason}`),
  };
}
