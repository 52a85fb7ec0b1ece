import { digestOf } from '../commitment/digest.js';
import type { TradeTerms } from '../commitment/trade-commitment.js';

/** Trades and what they were before. */
export interface NetTrade {
  readonly trade: TradeTerms;
  /** What it stands for; itself alone where nothing was netted. */
  readonly replaces: readonly TradeTerms[];
}

const AMOUNT_LIMIT = 2n ** 64n;

/**
 * Two parties' trades in one row and pay row, agreed and not yet settled, as one: quantities and payments add, the side of the sum is the
 * side of the net. Left as they are: a sum of nothing, a payment against the sum, and what `takes` does not take (a net price can lie outside
 * of the band where no single one does). Both parties compute the same trades, in whatever order they list them.
 *
 * @param takes whether the net would settle; everything unless told
 */
export function netTrades(trades: readonly TradeTerms[], takes: (net: TradeTerms) => boolean = () => true): readonly NetTrade[] {
  const groups = new Map<string, TradeTerms[]>();
  for (const trade of trades) {
    const name = groupName(trade);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [trade]);
    else group.push(trade);
  }
  return [...groups.values()].flatMap((group) => {
    const net = group.length > 1 ? netOf(group) : undefined;
    if (net === undefined || !takes(net)) return group.map((trade) => ({ trade, replaces: [trade] }));
    return [{ trade: net, replaces: group }];
  });
}

function groupName({ buyer, seller, row, payRow }: TradeTerms): string {
  const [first, second] = buyer < seller ? [buyer, seller] : [seller, buyer];
  return `${first} ${second} ${row} ${payRow}`;
}

/** The sum, from the side that buys it; undefined where it is left as it is. Requires trades of one group. */
function netOf(group: readonly TradeTerms[]): TradeTerms | undefined {
  const [{ buyer, seller, row, payRow }] = group as readonly [TradeTerms];
  const sign = (trade: TradeTerms): bigint => (trade.buyer === buyer ? 1n : -1n);
  const quantity = group.reduce((sum, trade) => sum + sign(trade) * trade.quantity, 0n);
  const payment = group.reduce((sum, trade) => sum + sign(trade) * trade.payment, 0n);
  const [most, paid] = quantity < 0n ? [-quantity, -payment] : [quantity, payment];
  if (most === 0n || paid < 0n || most >= AMOUNT_LIMIT || paid >= AMOUNT_LIMIT) return undefined;
  return {
    ...(quantity < 0n ? { buyer: seller, seller: buyer } : { buyer, seller }), expiry: Math.min(...group.map(({ expiry }) => expiry)),
    row, payRow, quantity: most, payment: paid, nonce: netNonce(group),
  };
}

/** Of all that is netted, in an order that both parties find. */
function netNonce(group: readonly TradeTerms[]): bigint {
  const nonces = group.map(({ nonce }) => nonce).sort((one, other) => (one < other ? -1 : Number(one > other)));
  return digestOf(`clearproof net nonce ${nonces.join(' ')}`);
}
