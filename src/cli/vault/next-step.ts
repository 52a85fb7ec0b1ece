import type { BoardChange } from '../../chain/board-changes.js';
import { moment, stateOf } from '../market/change-state.js';
import type { Output } from '../output.js';

/**
 * Does what comes next towards a change that a timelock holds: proposes it, says until when it waits, or activates it.
 *
 * @param now the chain's clock, Unix seconds
 * @param change undefined where it is active already
 */
export async function nextStep(output: Output, now: number, change: BoardChange | undefined): Promise<void> {
  if (change === undefined) {
    output.say('active as they stand in the file: nothing to do');
    return output.result({ state: 'active' });
  }
  const { what } = change;
  const found = await stateOf(change, now);
  if (found.state === 'waiting') {
    output.say(`${what} wait until ${moment(found.readyAt)}`);
    return output.result({ what, ...found });
  }
  if (found.state === 'ready') {
    const { gasUsed } = await change.activate();
    output.say(`${what} activated (${gasUsed} gas)`);
    return output.result({ what, state: 'active', gasUsed });
  }
  // What else is proposed, or waited too long, this takes the place of.
  const { gasUsed } = await change.propose();
  const waiting = await change.pending();
  output.say(`${what} proposed${waiting === undefined ? '' : `; they wait until ${moment(waiting.readyAt)}`} (${gasUsed} gas)`);
  output.result({ what, state: 'proposed', ...(waiting === undefined ? {} : { readyAt: waiting.readyAt }), gasUsed });
}
