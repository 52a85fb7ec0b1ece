import type { BoardChange } from '../../chain/board-changes.js';
import { moment, stateOf } from '../market/change-state.js';
import type { Output } from '../output.js';

/** What became of a change, as commands tell it to programs. */
export interface Step {
  readonly what?: string;
  readonly state: 'active' | 'waiting' | 'proposed';
  /** Unix seconds. */
  readonly readyAt?: number;
  readonly gasUsed?: bigint;
}

/**
 * Does what comes next towards a change that a timelock holds: proposes it, says until when it waits, or activates it.
 *
 * @param now the chain's clock, Unix seconds
 * @param change undefined where it is active already
 */
export async function nextStep(output: Output, now: number, change: BoardChange | undefined): Promise<Step> {
  if (change === undefined) {
    output.say('active as they stand in the file: nothing to do');
    return { state: 'active' };
  }
  const { what } = change;
  const found = await stateOf(change, now);
  if (found.state === 'waiting') {
    output.say(`${what}: waits until ${moment(found.readyAt)}`);
    return { what, state: 'waiting', readyAt: found.readyAt };
  }
  if (found.state === 'ready') {
    const { gasUsed } = await change.activate();
    output.say(`${what}: activated (${gasUsed} gas)`);
    return { what, state: 'active', gasUsed };
  }
  // What else is proposed, or waited too long, this takes the place of.
  const { gasUsed } = await change.propose();
  const waiting = await change.pending();
  if (waiting === undefined) {
    output.say(`${what}: active at once (${gasUsed} gas)`);
    return { what, state: 'active', gasUsed };
  }
  output.say(`${what}: proposed; waits until ${moment(waiting.readyAt)} (${gasUsed} gas)`);
  return { what, state: 'proposed', readyAt: waiting.readyAt, gasUsed };
}
