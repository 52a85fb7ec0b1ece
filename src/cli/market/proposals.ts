import type { BoardChange } from '../../chain/board-changes.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import type { Output } from '../output.js';
import { moment, stateOf } from './change-state.js';

/** What became of a change that was to be proposed. */
export interface Proposed {
  readonly what: string;
  readonly state: 'active' | 'proposed' | 'proposed-before';
  /** Unix seconds; undefined for what is active at once. */
  readonly readyAt?: number;
  readonly gasUsed?: bigint;
}

/** Proposes what does not wait already, for a second proposal would begin the wait anew; says when each can be activated. */
export async function proposeAll(output: Output, signer: ConnectedSigner, changes: readonly BoardChange[]): Promise<Proposed[]> {
  const proposed: Proposed[] = [];
  for (const change of changes) proposed.push(await proposeOne(output, signer, change));
  if (changes.length === 0) output.say('the boards have it all: nothing to propose');
  return proposed;
}

async function proposeOne(output: Output, signer: ConnectedSigner, change: BoardChange): Promise<Proposed> {
  const { what } = change;
  const before = await stateOf(change, await latestTimestamp(signer.provider));
  if ('readyAt' in before) {
    output.say(`${what}: proposed before; can be activated from ${moment(before.readyAt)}`);
    return { what, state: 'proposed-before', readyAt: before.readyAt };
  }
  const { gasUsed } = await change.propose();
  const waiting = await change.pending();
  if (waiting === undefined) {
    output.say(`${what}: active at once, for they are the first; ${gasUsed} gas`);
    return { what, state: 'active', gasUsed };
  }
  const instead = before.state === 'other-proposed' ? ' in place of what waited' : '';
  output.say(`${what}: proposed${instead} for ${gasUsed} gas; can be activated from ${moment(waiting.readyAt)}`);
  return { what, state: 'proposed', readyAt: waiting.readyAt, gasUsed };
}
