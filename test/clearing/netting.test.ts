import assert from 'node:assert/strict';
import { netTrades } from '../../src/clearing/netting.js';
import { isInBand } from '../../src/clearing/price-band.js';
import type { TradeTerms } from '../../src/commitment/trade-commitment.js';
import { BAND, initialTable, tradeTerms } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

let made = 0n;
/** Positive: handle 1 buys of handle 2; negative: sells to it. */
function trade(quantity: bigint, payment: bigint, change: Partial<TradeTerms> = {}): TradeTerms {
  const sides = quantity < 0n ? { buyer: 2n, seller: 1n } : { buyer: 1n, seller: 2n };
  return tradeTerms({ ...sides, quantity: quantity < 0n ? -quantity : quantity, payment, nonce: (made += 1n), ...change });
}

describe('netting', () => {
  it('adds quantities and payments, and takes the side of the sum', () => {
    const trades = [trade(10n, 1_000n), trade(-4n, 420n), trade(1n, 90n, { expiry: 1_790_000_100 })];
    const [net, ...others] = netTrades(trades);
    assert.equal(others.length, 0);
    assert.deepEqual({ ...net?.trade, nonce: 0n }, { ...tradeTerms(), quantity: 7n, payment: 670n, expiry: 1_790_000_100, nonce: 0n });
    assert.deepEqual(net?.replaces, trades);
    const [other] = netTrades([trade(-10n, 1_000n), trade(4n, 420n)]);
    assert.deepEqual([other?.trade.buyer, other?.trade.seller, other?.trade.quantity, other?.trade.payment], [2n, 1n, 6n, 580n]);
  });

  it('is the same for both parties, in whatever order they list their trades', () => {
    const trades = [trade(10n, 1_000n), trade(-4n, 420n), trade(3n, 300n)];
    assert.deepEqual(netTrades([...trades].reverse())[0]?.trade, netTrades(trades)[0]?.trade);
    assert.notEqual(netTrades(trades.slice(0, 2))[0]?.trade.nonce, netTrades([trades[0] as TradeTerms, { ...(trades[1] as TradeTerms), nonce: 1_000n }])[0]?.trade.nonce);
  });

  it('leaves each account what its trades would have left it', () => {
    const trades = [trade(10n, 1_000n), trade(-4n, 420n), trade(5n, 505n), trade(-1n, 99n)];
    const left = (of: readonly TradeTerms[]): readonly bigint[] => of.reduce<readonly [bigint, bigint]>(([held, paid], { buyer, quantity, payment }) =>
      (buyer === 1n ? [held + quantity, paid - payment] : [held - quantity, paid + payment]), [0n, 0n]);
    assert.deepEqual(left(netTrades(trades).map(({ trade: one }) => one)), left(trades));
  });

  it('leaves as they are a sum of nothing, a payment against the sum, and sums beyond 64 bits', () => {
    for (const trades of [
      [trade(5n, 500n), trade(-5n, 510n)], [trade(5n, 500n), trade(-4n, 501n)], [trade(2n ** 63n, 5n), trade(2n ** 63n, 5n)], [trade(5n, 2n ** 63n), trade(5n, 2n ** 63n)],
    ]) assert.deepEqual(netTrades(trades), trades.map((one) => ({ trade: one, replaces: [one] })));
  });

  it('nets neither over rows nor over parties', () => {
    const trades = [trade(5n, 500n), trade(5n, 500n, { row: TIERED_ROWS.CALL }), trade(5n, 500n, { payRow: TIERED_ROWS.USDC }), trade(5n, 500n, { seller: 3n })];
    assert.deepEqual(netTrades(trades).map(({ trade: one }) => one), trades);
  });

  it('leaves as they are trades whose net price no band takes, though each is in it', () => {
    const table = initialTable();
    const takes = (one: TradeTerms): boolean => isInBand(table, one, BAND);
    const trades = [trade(10n, 620_000n), trade(-9n, 520_000n)];
    assert.deepEqual(trades.map(takes), [true, true]);
    assert.deepEqual(netTrades(trades, takes).map(({ trade: one }) => one), trades);
    assert.equal(netTrades(trades).length, 1);
  });
});
