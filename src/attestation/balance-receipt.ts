import type { KeyParts } from '../commitment/identity.js';
import type { VenueLocation } from './attestation.js';

/** What a venue signs for a user at any time: IOmissionChallenges.BalanceReceipt. Nothing in it says who, what or how much. */
export interface BalanceReceipt {
  readonly venueId: bigint;
  /** Commitment to key, rows, amount and blinding. */
  readonly balance: bigint;
  /** Name of the account in disputes; 32 bytes in hex. */
  readonly account: string;
  /** The user's signing key, checksummed; the zero address for users without one. */
  readonly signer: string;
  /** Number of the account's last order that the amount takes into account, below 2^64. */
  readonly sequence: bigint;
  /** Unix seconds from which the promise holds, and the last in which it does. */
  readonly issuedAt: number;
  readonly validUntil: number;
}

/** Which quantity is promised, of one instrument. */
export interface PromisedAmount {
  /** Symbol of the instrument, for people: nothing signed says it. */
  readonly instrument: string;
  /** Decimals of its quantity, for people too. */
  readonly quantityDecimals: number;
  /** Rows of its tiers, 0 <= firstRow <= lastRow < 2^16. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** Quanta, 1 to 2^64 - 1. */
  readonly amount: bigint;
}

/** What opens a receipt's commitment. Private to user and venue. */
export interface PromiseOpening extends KeyParts {
  /** Undefined where presence alone is promised: rows 0 to 0, amount 0. */
  readonly promised: PromisedAmount | undefined;
  /** At least 128 random bits, fresh for each receipt. */
  readonly blinding: bigint;
}

/** The file that a user keeps and a venue must keep: the receipt as it was signed, and what opens it. */
export interface SignedBalance {
  readonly venue: VenueLocation;
  /** Checksummed address of the OmissionChallenges contract that the signature is for. */
  readonly disputes: string;
  readonly receipt: BalanceReceipt;
  /** Address whose key signed for the venue, checksummed. No contract: its answer could change. */
  readonly receiptSigner: string;
  /** Bytes in hex. */
  readonly signature: string;
  readonly opening: PromiseOpening;
}
