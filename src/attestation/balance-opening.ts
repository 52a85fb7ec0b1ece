import { accountNameOf, balanceCommitment, type BalanceOpening } from '../commitment/balance-commitment.js';
import { keyOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { VenueLocation } from './attestation.js';
import type { BalanceReceipt, PromiseOpening } from './balance-receipt.js';
import { baseOfVenue } from './venue-base.js';

/** What the commitment is made of, whether or not an amount is promised: presence alone is rows 0 to 0, amount 0. */
export function openingOf(poseidon: Poseidon, opening: PromiseOpening): BalanceOpening {
  const { firstRow, lastRow, amount } = opening.promised ?? { firstRow: 0, lastRow: 0, amount: 0n };
  return { key: keyOf(poseidon, opening), firstRow, lastRow, amount, blinding: opening.blinding };
}

/** The two fields of a receipt that hide an opening. Venue and user compute them alike. */
export function hiddenFields(poseidon: Poseidon, venue: VenueLocation, opening: PromiseOpening): Pick<BalanceReceipt, 'balance' | 'account'> {
  const opened = openingOf(poseidon, opening);
  return { balance: balanceCommitment(poseidon, opened), account: accountNameOf(baseOfVenue(poseidon, venue), opened.key) };
}
