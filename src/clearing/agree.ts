import { digestOf } from '../commitment/digest.js';
import type { TradeTerms } from '../commitment/trade-commitment.js';
import { OrdersDoNotMatchError } from './clearing-errors.js';
import type { Order } from './order.js';

/** What two orders trade. */
export interface Fill {
  readonly quantity: bigint;
  readonly payment: bigint;
}

/** The most a buyer, or the least a seller, pays or takes for a part of the order's quantity. */
export function limitOf({ seller, quantity, payment }: Order, part: bigint): bigint {
  const product = part * payment;
  return seller ? (product + quantity - 1n) / quantity : product / quantity;
}

/**
 * The payment for `quantity` at the maker's price, rounded in the maker's favour; undefined where the taker's limit does not allow it.
 */
export function paymentFor(maker: Order, taker: Order, quantity: bigint): bigint | undefined {
  const payment = limitOf(maker, quantity);
  const limit = limitOf(taker, quantity);
  return (taker.seller ? payment >= limit : payment <= limit) ? payment : undefined;
}

/**
 * The trade of two orders: the smaller quantity, at the maker's price, until the earlier expiry. Both sides compute the same terms.
 *
 * @param fill what a matching gave; the most that both orders allow unless told
 * @throws OrdersDoNotMatchError
 */
export function agree(maker: Order, taker: Order, fill: Fill = fillOf(maker, taker)): TradeTerms {
  requirePair(maker, taker);
  requireFill(maker, fill);
  requireFill(taker, fill);
  const [buyer, seller] = maker.seller ? [taker, maker] : [maker, taker];
  return {
    buyer: buyer.handle, seller: seller.handle, expiry: Math.min(buyer.expiry, seller.expiry), row: buyer.row, payRow: buyer.payRow, ...fill,
    nonce: agreedNonce(buyer, seller, fill),
  };
}

/** Halves of both sides and what was filled: a trade agreed a second time is the same trade, which settles once. Below 2^248. */
function agreedNonce(buyer: Order, seller: Order, { quantity, payment }: Fill): bigint {
  return digestOf(`clearproof trade nonce ${buyer.nonce} ${seller.nonce} ${quantity} ${payment}`);
}

function fillOf(maker: Order, taker: Order): Fill {
  requirePair(maker, taker);
  const quantity = maker.quantity < taker.quantity ? maker.quantity : taker.quantity;
  const payment = paymentFor(maker, taker, quantity);
  if (payment === undefined) throw new OrdersDoNotMatchError('the orders\' prices do not meet: one side must ask for less or pay more');
  return { quantity, payment };
}

function requirePair(maker: Order, taker: Order): void {
  const reason = mismatch(maker, taker);
  if (reason !== undefined) throw new OrdersDoNotMatchError(`${reason}: they make no trade`);
}

function mismatch(maker: Order, taker: Order): string | undefined {
  if (maker.handle === taker.handle) return 'both orders are of one account';
  if (maker.seller === taker.seller) return `both orders ${maker.seller ? 'sell' : 'buy'}`;
  if (maker.row !== taker.row) return `one order is of row ${maker.row}, the other of row ${taker.row}`;
  if (maker.payRow !== taker.payRow) return `one order pays in row ${maker.payRow}, the other in row ${taker.payRow}`;
  return undefined;
}

function requireFill(order: Order, { quantity, payment }: Fill): void {
  const side = order.seller ? 'seller' : 'buyer';
  if (quantity <= 0n || quantity > order.quantity) throw new OrdersDoNotMatchError(`the ${side}'s order is for ${order.quantity} quanta, not for ${quantity}`);
  if (quantity < order.quantity && !order.partial) throw new OrdersDoNotMatchError(`the ${side}'s order is for all of ${order.quantity} quanta or none, not for ${quantity}`);
  const limit = limitOf(order, quantity);
  if (order.seller ? payment < limit : payment > limit) throw new OrdersDoNotMatchError(`the ${side}'s limit for ${quantity} quanta is ${limit}, not ${payment}`);
}
