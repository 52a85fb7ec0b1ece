import type { TradeTerms } from '../commitment/trade-commitment.js';
import type { SlicePrice } from './auction-price.js';
import type { Lot } from './auction.js';

/** What a bidder wants of a lot. */
export interface SliceOffer {
  /** The bidder's handle. */
  readonly bidder: bigint;
  readonly quantity: bigint;
  readonly payment: bigint;
  /** Last second at which it settles, below 2^40. */
  readonly expiry: number;
  /** Random, below p: the contract is told it, so it hides nothing after the sale. */
  readonly nonce: bigint;
}

/** The trade that a bid for a slice settles. */
export function tradeOfSlice({ handle, row, payRow, accountSells }: Lot, { bidder, ...rest }: SliceOffer): TradeTerms {
  const [buyer, seller] = accountSells ? [bidder, handle] : [handle, bidder];
  return { buyer, seller, row, payRow, ...rest };
}

/**
 * Value units that a bidder has more of after a slice, at the auction's marks and before gas: positive is a gain.
 *
 * @param penalty quanta of the fee row that it pays
 * @param subsidy quanta of the fee row that it gets
 */
export function gainOfSlice({ accountSells, quantity, marks: { mark, payMark, feeMark } }: SlicePrice, payment: bigint, penalty: bigint, subsidy: bigint): bigint {
  const difference = quantity * mark - payment * payMark;
  return (accountSells ? difference : -difference) + (subsidy - penalty) * feeMark;
}
