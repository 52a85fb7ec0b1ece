import { paymentFor, type Fill } from './agree.js';
import type { Order } from './order.js';

/** Two orders that trade; `maker` was there first. */
export interface Match extends Fill {
  readonly maker: Order;
  readonly taker: Order;
}

export interface MatchResult {
  readonly matches: readonly Match[];
  /** Orders with what is left of them, in the order they came; orders that are filled are not among them. */
  readonly rest: readonly { readonly order: Order; readonly left: bigint }[];
}

interface Open { readonly order: Order; readonly arrival: number; left: bigint }

/**
 * Price-time priority, as an example of how trades come about: an order meets the best price that stands against it, the older of equal
 * ones first, at the price of who was there first. No exchange: whoever matches sees the orders, and decides nothing that their owners signed not.
 *
 * @param orders in the order they came; of any rows
 * @param now Unix seconds: expired orders are passed over
 */
export function matchOrders(orders: readonly Order[], now: number): MatchResult {
  const standing: Open[] = [];
  const matches: Match[] = [];
  orders.forEach((order, arrival) => {
    if (order.expiry < now) return;
    const taker: Open = { order, arrival, left: order.quantity };
    for (const maker of standing.filter((one) => stands(one, order)).sort(better)) {
      const fill = fillOf(maker, taker);
      if (fill === undefined) continue;
      matches.push({ maker: maker.order, taker: order, ...fill });
      maker.left -= fill.quantity;
      taker.left -= fill.quantity;
      if (taker.left === 0n) break;
    }
    standing.push(taker);
  });
  return { matches, rest: standing.filter(({ left }) => left > 0n).map(({ order, left }) => ({ order, left })) };
}

function stands({ order, left }: Open, taker: Order): boolean {
  return left > 0n && order.seller !== taker.seller && order.row === taker.row && order.payRow === taker.payRow && order.handle !== taker.handle;
}

/** Best price for the taker first, then the older one. Prices are ratios: compared by cross products. */
function better(one: Open, other: Open): number {
  const difference = one.order.payment * other.order.quantity - other.order.payment * one.order.quantity;
  if (difference === 0n) return one.arrival - other.arrival;
  return (difference < 0n) === one.order.seller ? -1 : 1;
}

function fillOf(maker: Open, taker: Open): Fill | undefined {
  const quantity = maker.left < taker.left ? maker.left : taker.left;
  if ([maker, taker].some(({ order }) => quantity < order.quantity && !order.partial)) return undefined;
  const payment = paymentFor(maker.order, taker.order, quantity);
  return payment === undefined ? undefined : { quantity, payment };
}
