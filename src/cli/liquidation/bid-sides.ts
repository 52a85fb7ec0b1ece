import type { BidFile } from '../../liquidation/bid.js';
import type { NamedTransition } from '../clearing/submission.js';

/** Both sides of a bid's trade, as if each were in a file of its own: the venue signs for what the bidder becomes, as in every trade. */
export function sidesOfBid({ venue, house, bid: { settlement: { trade, buyerSide, sellerSide } } }: BidFile, file: string): readonly NamedTransition[] {
  const side = (transition: NamedTransition['transition'], seller: boolean): NamedTransition => ({ venue, house, purpose: { kind: 'trade', seller, trade }, transition, file });
  return [side(buyerSide, false), side(sellerSide, true)];
}
