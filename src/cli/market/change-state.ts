import type { BoardChange } from '../../chain/board-changes.js';
import { isExpired } from '../../chain/pending-change.js';

/** Where a change stands in a board's timelock. */
export type ChangeState =
  | { readonly state: 'not-proposed' | 'other-proposed' | 'expired' }
  | { readonly state: 'waiting' | 'ready'; readonly readyAt: number };

/** @param now the chain's clock, Unix seconds */
export async function stateOf({ digest, pending }: BoardChange, now: number): Promise<ChangeState> {
  const waiting = await pending();
  if (waiting === undefined) return { state: 'not-proposed' };
  if (waiting.digest !== digest) return { state: 'other-proposed' };
  if (isExpired(waiting, now)) return { state: 'expired' };
  return { state: now < waiting.readyAt ? 'waiting' : 'ready', readyAt: waiting.readyAt };
}

/** A moment for people. @param time Unix seconds */
export function moment(time: number): string {
  return `${new Date(time * 1000).toISOString()} (${time})`;
}
