import assert from 'node:assert/strict';
import { agree, limitOf } from '../../src/clearing/agree.js';
import type { Order } from '../../src/clearing/order.js';
import { order } from '../builders/cleared.js';
import { TIERED_ROWS } from '../builders/tiered-market.js';

const buy = (change: Partial<Order> = {}): Order => order({ handle: 1n, nonce: 5n, ...change });
const sell = (change: Partial<Order> = {}): Order => order({ handle: 2n, seller: true, nonce: 6n, ...change });

function refuses(maker: Order, taker: Order, words: RegExp): void {
  assert.throws(() => agree(maker, taker), (error: Error & { code?: string }) => error.code === 'ORDERS_DO_NOT_MATCH' && words.test(error.message), words.source);
}

describe('two orders', () => {
  it('make one trade, the same for both sides, at the maker\'s price until the earlier expiry', () => {
    const terms = agree(sell({ payment: 590_000n, expiry: 1_790_000_100 }), buy());
    assert.deepEqual({ ...terms, nonce: 0n }, {
      buyer: 1n, seller: 2n, expiry: 1_790_000_100, row: TIERED_ROWS.PERP, payRow: TIERED_ROWS.ENTRY, quantity: 10n, payment: 590_000n, nonce: 0n,
    });
    assert.deepEqual(agree(sell({ payment: 590_000n, expiry: 1_790_000_100 }), buy()), terms);
    assert.equal(agree(buy(), sell({ payment: 590_000n })).payment, 600_000n);
  });

  it('hide it with a nonce from both halves, below 2^248', () => {
    const { nonce } = agree(sell(), buy());
    assert.ok(nonce < 2n ** 248n);
    for (const other of [agree(sell({ nonce: 7n }), buy()), agree(sell(), buy({ nonce: 7n })), agree(sell({ nonce: 5n }), buy({ nonce: 6n }))]) assert.notEqual(other.nonce, nonce);
  });

  it('trade the smaller quantity in proportion, rounded in the maker\'s favour', () => {
    assert.deepEqual([limitOf(buy({ quantity: 3n, payment: 10n }), 2n), limitOf(sell({ quantity: 3n, payment: 10n }), 2n)], [6n, 7n]);
    assert.equal(agree(sell({ quantity: 3n, payment: 10n }), buy({ quantity: 2n, payment: 8n })).payment, 7n);
    assert.equal(agree(buy({ quantity: 3n, payment: 10n }), sell({ quantity: 2n, payment: 4n })).payment, 6n);
  });

  it('make no trade of one account, one side, two instruments, or prices that do not meet', () => {
    refuses(buy(), sell({ handle: 1n }), /both orders are of one account: they make no trade/);
    refuses(buy(), buy({ handle: 3n }), /both orders buy/);
    refuses(buy(), sell({ row: TIERED_ROWS.CALL }), /one order is of row 3, the other of row 9/);
    refuses(buy(), sell({ payRow: TIERED_ROWS.USDC }), /pays in row 8, the other in row 7/);
    refuses(sell({ payment: 600_001n }), buy(), /prices do not meet/);
  });

  it('are not filled in part unless they say so', () => {
    refuses(sell({ quantity: 20n, payment: 1_200_000n, partial: false }), buy(), /the seller's order is for all of 20 quanta or none, not for 10/);
  });

  it('are not filled beyond quantity or limit, whoever says how much', () => {
    const fill = (quantity: bigint, payment: bigint) => () => agree(sell(), buy(), { quantity, payment });
    assert.throws(fill(11n, 660_000n), { code: 'ORDERS_DO_NOT_MATCH', message: /order is for 10 quanta, not for 11/ });
    assert.throws(fill(10n, 600_001n), { code: 'ORDERS_DO_NOT_MATCH', message: /the buyer's limit for 10 quanta is 600000, not 600001/ });
    assert.throws(fill(10n, 599_999n), { code: 'ORDERS_DO_NOT_MATCH', message: /the seller's limit for 10 quanta is 600000, not 599999/ });
    assert.throws(fill(0n, 0n), { code: 'ORDERS_DO_NOT_MATCH', message: /not for 0/ });
  });
});
