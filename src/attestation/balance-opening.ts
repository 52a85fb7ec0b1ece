import { accountName, balanceCommitment } from '../commitment/balance-commitment.js';
import { keyOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { VenueLocation } from './attestation.js';
import { committedRows, type BalanceOpening, type BalanceReceipt } from './balance-receipt.js';
import { baseOfVenue } from './venue-base.js';

/** What an opening makes of the two fields of a receipt that hide it. Venue and user compute it alike. */
export function openedFields(poseidon: Poseidon, venue: VenueLocation, opening: BalanceOpening): Pick<BalanceReceipt, 'balance' | 'account'> {
  const key = keyOf(poseidon, opening);
  return {
    balance: balanceCommitment(poseidon, { key, ...committedRows(opening), blinding: opening.blinding }),
    account: accountName(baseOfVenue(poseidon, venue), key),
  };
}
