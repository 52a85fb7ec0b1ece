import type { VenueLocation } from '../attestation/attestation.js';

/** A clearing house: a venue's, at this address. */
export interface HouseLocation {
  readonly venue: VenueLocation;
  /** Checksummed address of the ClearingHouse. */
  readonly house: string;
}

/**
 * What an account's controller is willing to trade, signed (EIP-712). For the venue and the other side only: it says who wants what.
 * The price is the payment for the whole quantity; of a part, in proportion, rounded in the order's favour.
 */
export interface Order {
  /** Account, below 2^64. */
  readonly handle: bigint;
  readonly seller: boolean;
  /** First tier of what is traded, and of the cash, spot or entry row paid in. */
  readonly row: number;
  readonly payRow: number;
  /** Quanta of `row`, 0 < quantity < 2^64. */
  readonly quantity: bigint;
  /** At most (buyer) or at least (seller) this for the whole quantity: quanta of `payRow`, below 2^64. */
  readonly payment: bigint;
  /** Whether a part may be traded. */
  readonly partial: boolean;
  /** Last second at which it may be traded and settle, below 2^40. */
  readonly expiry: number;
  /** Random, below p: one half of what hides the trade. */
  readonly nonce: bigint;
}

/** An order as its file has it. */
export interface SignedOrder extends HouseLocation {
  readonly order: Order;
  /** Of the controller, hex. */
  readonly signature: string;
}
