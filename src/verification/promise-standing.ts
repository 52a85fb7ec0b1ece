import type { Receipt } from '../attestation/receipt.js';
import { openingOf } from '../attestation/balance-opening.js';
import type { SignedBalance } from '../attestation/balance-receipt.js';
import { heldInRows } from '../commitment/balance-commitment.js';
import { keyOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { rootOfPath } from '../tree/merkle-path.js';
import { leafOf } from './account-check.js';

/** Whether an epoch kept what a balance receipt promises, as far as a receipt of that epoch shows. */
export type PromiseStanding =
  /** The venue can prove it: `held` quanta in the promised rows. */
  | { readonly is: 'kept'; readonly held: bigint }
  | { readonly is: 'broken'; readonly held: bigint }
  /** The receipt shows nothing of the account in this epoch. */
  | { readonly is: 'unknown'; readonly reason: string };

/** @param accountsRoot of the epoch, from the chain. @throws LeafShapeError */
export function promiseStanding(poseidon: Poseidon, { venue, opening }: SignedBalance, receipt: Receipt, accountsRoot: bigint): PromiseStanding {
  if (receipt.venue.chainId !== venue.chainId || receipt.venue.registry !== venue.registry || receipt.venue.venueId !== venue.venueId) {
    return { is: 'unknown', reason: 'the epoch\'s receipt is of another venue than the balance receipt' };
  }
  const { key, firstRow, lastRow, amount } = openingOf(poseidon, opening);
  if (keyOf(poseidon, receipt) !== key) return { is: 'unknown', reason: 'the epoch\'s receipt is of another account than the balance receipt' };
  const root = rootOfPath(poseidon, leafOf(poseidon, receipt), receipt.path, receipt.depth);
  if (root !== accountsRoot) return { is: 'unknown', reason: `account and path of the epoch's receipt lead to root ${root}, the chain has ${accountsRoot}` };
  const held = heldInRows(receipt.holdings, firstRow, lastRow);
  // With amount 0 the sum is not looked at: it may be a debt.
  return { is: amount === 0n || held >= amount ? 'kept' : 'broken', held };
}
