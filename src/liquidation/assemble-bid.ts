import { tradeCommitment } from '../commitment/trade-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { Auction, AuctionClock, Lot, SaleRates } from './auction.js';
import { isPriceMet, limitPayment, mostSubsidy } from './auction-price.js';
import type { Bid, BidSettlement, ProvenVerdict } from './bid.js';
import { BidPartsError, BidPriceError } from './liquidation-errors.js';
import { tradeOfSlice, type SliceOffer } from './slice-trade.js';

/** What a bid is put together from. */
export interface BidParts {
  readonly lot: Lot;
  readonly offer: SliceOffer;
  /** Token base units. */
  readonly subsidy: bigint;
  /** Base of the venue: baseOfVenue(). */
  readonly base: bigint;
  readonly settlement: BidSettlement;
  readonly underWater: ProvenVerdict;
  /** Undefined of dust. */
  readonly stillBelow: ProvenVerdict | undefined;
}

/**
 * A bid whose parts belong together, as the contract asks.
 *
 * @throws BidPartsError
 */
export function assembleBid(poseidon: Poseidon, parts: BidParts): Bid {
  const { lot, offer, subsidy, base, settlement, underWater, stillBelow } = parts;
  const { trade, buyerSide, sellerSide } = settlement;
  const terms = tradeOfSlice(lot, offer);
  const [own, bidders] = lot.accountSells ? [sellerSide, buyerSide] : [buyerSide, sellerSide];
  requirePart(terms.buyer !== terms.seller, 'bidder', 'an account does not bid for its own slice: bid with another handle');
  requirePart(trade.buyer === terms.buyer && trade.seller === terms.seller && trade.expiry === terms.expiry, 'trade', 'the trade is not between the lot\'s account and the bidder, or has another last second');
  requirePart(!own.owned, 'settlement', 'the account\'s side must be proven without its owner');
  requirePart(bidders.owned, 'settlement', 'the bidder\'s side must be proven with the bidder\'s own secret');
  requirePart(buyerSide.marketCommitment === sellerSide.marketCommitment, 'settlement', 'the sides are proven under two tables');
  requirePart(stillBelow === undefined || stillBelow.marketCommitment === buyerSide.marketCommitment, 'stillBelow', 'the verdict after the sale must be under the table of the trade');
  requirePart(tradeCommitment(poseidon, base, buyerSide.marketCommitment, terms) === trade.commitment, 'trade', 'the trade commitment is of other terms');
  return { lot, quantity: offer.quantity, payment: offer.payment, nonce: offer.nonce, subsidy, settlement, underWater, stillBelow };
}

/**
 * Holds a bid against its auction: what the contract would refuse by price.
 *
 * @param rates of the rules and the clock; all 0 of a row at par
 * @param unit token base units of one quantum of the fee row
 * @throws BidPartsError where it is of another table; BidPriceError
 */
export function checkBidPrice(bid: Bid, auction: Auction, rates: SaleRates & AuctionClock, unit: bigint): void {
  const { lot: { row, accountSells }, quantity, payment } = bid;
  requirePart(bid.settlement.buyerSide.marketCommitment === auction.marketCommitment, 'settlement', 'the bid is proven under another table than the auction\'s marks: prove it anew');
  const price = { accountSells, quantity, marks: auction };
  if (!isPriceMet(price, payment, rates)) {
    const limit = limitPayment(price, rates);
    throw new BidPriceError(`${payment} quanta ${accountSells ? 'offered' : 'asked'} for ${quantity} of row ${row}, the auction takes ${accountSells ? 'at least' : 'at most'} ${limit} now: wait, or bid better`, { row, limit });
  }
  const most = mostSubsidy(price, rates) * unit;
  if (bid.subsidy > most) throw new BidPriceError(`a subsidy of ${bid.subsidy} token base units is asked, the clock permits ${most} now: wait, or ask for less`, { row, most });
}

function requirePart(holds: boolean, part: string, message: string): void {
  if (!holds) throw new BidPartsError(message, { part });
}
