import { Wallet } from 'ethers';
import { hiddenFields } from '../../src/attestation/balance-opening.js';
import type { PromisedAmount, PromiseOpening, SignedBalance } from '../../src/attestation/balance-receipt.js';
import type { VenueLocation } from '../../src/attestation/attestation.js';
import { checksumAddress } from '../../src/attestation/checksum-address.js';
import { signBalanceReceipt } from '../../src/chain/omission-signatures.js';
import type { KeyParts } from '../../src/commitment/identity.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';

/** Key of the test's receipt signer; it holds nothing anywhere. */
export const RECEIPT_SIGNER = new Wallet(`0x${'5'.repeat(64)}`);
export const SIGNING_KEY = new Wallet(`0x${'6'.repeat(64)}`);
export const DISPUTES_CONTRACT = checksumAddress(`0x${'d'.repeat(40)}`);
export const ISSUED_AT = 1_790_000_000;
export const VALID_UNTIL = ISSUED_AT + 86_400;
export const BTC: PromisedAmount = Object.freeze({ instrument: 'BTC', quantityDecimals: 6, firstRow: 1, lastRow: 1, amount: 500_000n });
const BLINDING = 2n ** 200n + 7n;

/** A balance receipt as a venue signs it. */
export async function signedBalance(venue: VenueLocation, { owner, userId, subAccount }: KeyParts, of: PromisedAmount | 'presence' = BTC): Promise<SignedBalance> {
  const opening: PromiseOpening = { owner, userId, subAccount, promised: of === 'presence' ? undefined : of, blinding: BLINDING };
  const receipt = {
    venueId: venue.venueId, ...hiddenFields(portablePoseidon, venue, opening), signer: SIGNING_KEY.address, sequence: 4n, issuedAt: ISSUED_AT, validUntil: VALID_UNTIL,
  };
  const signature = await signBalanceReceipt(RECEIPT_SIGNER, { chainId: venue.chainId, disputes: DISPUTES_CONTRACT }, receipt);
  return { venue, disputes: DISPUTES_CONTRACT, receipt, receiptSigner: RECEIPT_SIGNER.address, signature, opening };
}
