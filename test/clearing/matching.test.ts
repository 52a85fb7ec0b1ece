import assert from 'node:assert/strict';
import { agree } from '../../src/clearing/agree.js';
import { matchOrders } from '../../src/clearing/matching.js';
import type { Order } from '../../src/clearing/order.js';
import { order } from '../builders/cleared.js';

const NOW = 1_790_000_000;
let made = 0;
const side = (seller: boolean) => (handle: bigint, quantity: bigint, price: bigint, change: Partial<Order> = {}): Order =>
  order({ handle, seller, quantity, payment: quantity * price, nonce: BigInt(made += 1), ...change });
const [buy, sell] = [side(false), side(true)];

function fills(orders: readonly Order[], now = NOW): readonly string[] {
  return matchOrders(orders, now).matches.map(({ maker, taker, quantity, payment }) => `${maker.handle}/${taker.handle}: ${quantity} for ${payment}`);
}

describe('matching', () => {
  it('meets the best price first and the older of equal ones first, at the price of who was there', () => {
    assert.deepEqual(fills([sell(1n, 5n, 102n), sell(2n, 5n, 100n), sell(3n, 5n, 100n), buy(9n, 12n, 102n)]), ['2/9: 5 for 500', '3/9: 5 for 500', '1/9: 2 for 204']);
    assert.deepEqual(fills([buy(1n, 5n, 98n), buy(2n, 5n, 100n), sell(9n, 8n, 98n)]), ['2/9: 5 for 500', '1/9: 3 for 294']);
  });

  it('leaves what no price meets, with what is left of it', () => {
    const { matches, rest } = matchOrders([sell(1n, 5n, 101n), buy(2n, 3n, 100n), buy(3n, 2n, 101n)], NOW);
    assert.equal(matches.length, 1);
    assert.deepEqual(rest.map(({ order: { handle }, left }) => [handle, left]), [[1n, 3n], [2n, 3n]]);
  });

  it('lets a partially filled order meet the next', () => {
    assert.deepEqual(fills([sell(1n, 10n, 100n), buy(2n, 4n, 100n), buy(3n, 9n, 100n)]), ['1/2: 4 for 400', '1/3: 6 for 600']);
  });

  it('never meets an order of the same account, an expired one, or one of all or nothing in part', () => {
    assert.deepEqual(fills([sell(1n, 5n, 100n), buy(1n, 5n, 100n)]), []);
    assert.deepEqual(fills([sell(1n, 5n, 100n, { expiry: NOW - 1 }), buy(2n, 5n, 100n)]), []);
    assert.deepEqual(fills([sell(1n, 5n, 100n, { partial: false }), buy(2n, 4n, 100n), buy(3n, 5n, 100n)]), ['1/3: 5 for 500']);
  });

  it('gives trades that both owners signed for, and fills no order beyond its quantity', () => {
    const random = generator(20_260_101);
    const orders = Array.from({ length: 60 }, (_, place) => side(random(2) === 1)(BigInt(1 + random(12)), BigInt(1 + random(20)), BigInt(95 + random(10)), {
      partial: random(4) > 0, payment: BigInt(1 + random(2_000)), nonce: BigInt(place),
    }));
    const { matches } = matchOrders(orders, NOW);
    assert.ok(matches.length > 10, `${matches.length} matches`);
    matches.forEach(({ maker, taker, quantity, payment }) => agree(maker, taker, { quantity, payment }));
    for (const one of orders) {
      const filled = matches.filter(({ maker, taker }) => maker === one || taker === one).reduce((sum, { quantity }) => sum + quantity, 0n);
      assert.ok(filled <= one.quantity, 'filled beyond its quantity');
    }
  });
});

/** A linear congruential generator: the same orders in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
