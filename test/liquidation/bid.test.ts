import assert from 'node:assert/strict';
import type { ProvenTransition } from '../../src/clearing/proven-transition.js';
import { portablePoseidon as poseidon } from '../../src/commitment/poseidon-portable.js';
import { tradeCommitment } from '../../src/commitment/trade-commitment.js';
import { assembleBid, checkBidPrice, type BidParts } from '../../src/liquidation/assemble-bid.js';
import type { Bid, BidFile, ProvenVerdict } from '../../src/liquidation/bid.js';
import { parseBid, serializeBid } from '../../src/liquidation/bid-format.js';
import { tradeOfSlice } from '../../src/liquidation/slice-trade.js';
import { HOUSE } from '../builders/cleared.js';
import { lotOf } from '../builders/liquidation.js';

const BASE = 123n;
const TABLE = 6n;
const PROOF = { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] } as const;
const verdict = (marketCommitment: bigint): ProvenVerdict => ({ circuitId: 4n, marketCommitment, proof: PROOF });
const side = (owned: boolean, marketCommitment = TABLE): ProvenTransition => ({ circuitId: 5n, marketCommitment, newCommitment: 7n, reducing: !owned, unmargined: false, owned, proof: PROOF });
const offer = { bidder: 9n, quantity: 6n, payment: 356_400n, expiry: 1_790_000_600, nonce: 44n };
const trade = { buyer: 9n, seller: 5n, expiry: offer.expiry, commitment: tradeCommitment(poseidon, BASE, TABLE, tradeOfSlice(lotOf(), offer)) };
const PARTS: BidParts = {
  lot: lotOf(), offer, subsidy: 0n, base: BASE, settlement: { trade, buyerSide: side(true), sellerSide: side(false) }, underWater: verdict(3n), stillBelow: verdict(TABLE),
};
const BID: Bid = assembleBid(poseidon, PARTS);
const FILE: BidFile = { ...HOUSE, liquidations: HOUSE.house, bid: BID };
const AUCTION = { marketCommitment: TABLE, mark: 60_000_000_000n, payMark: 1_000_000n, feeMark: 1_000_000n, extra: 0n, since: 0, tableTime: 0 };

function refuses(change: Partial<BidParts>, part: string, words: RegExp): void {
  assert.throws(() => assembleBid(poseidon, { ...PARTS, ...change }), (error: Error & { code?: string; details?: Readonly<Record<string, unknown>> }) => {
    assert.equal(error.code, 'BID_PARTS', error.message);
    assert.match(error.message, words);
    assert.equal(error.details?.['part'], part);
    return true;
  });
}

describe('a bid', () => {
  it('is put together of parts that belong together, as the contract asks [P-251]', () => {
    const { settlement } = PARTS;
    refuses({ offer: { ...offer, bidder: 5n } }, 'bidder', /does not bid for its own slice/);
    refuses({ lot: lotOf({ accountSells: false }) }, 'trade', /not between the lot's account and the bidder/);
    refuses({ settlement: { ...settlement, trade: { ...trade, expiry: 1 } } }, 'trade', /another last second/);
    refuses({ settlement: { ...settlement, sellerSide: side(true) } }, 'settlement', /without its owner/);
    refuses({ settlement: { ...settlement, buyerSide: side(false) } }, 'settlement', /with the bidder's own secret/);
    refuses({ settlement: { ...settlement, buyerSide: side(true, 8n) } }, 'settlement', /under two tables/);
    refuses({ stillBelow: verdict(3n) }, 'stillBelow', /under the table of the trade/);
    refuses({ offer: { ...offer, payment: 356_401n } }, 'trade', /of other terms/);
    assert.equal(assembleBid(poseidon, { ...PARTS, stillBelow: undefined }).stillBelow, undefined, 'of dust');
  });

  it('is held against the price and the subsidy of the clock before it is sent [P-251]', () => {
    const rates = { discount: 0, penalty: 10_000, subsidy: 0 };
    checkBidPrice(BID, AUCTION, rates, 1n);
    assert.throws(() => checkBidPrice({ ...BID, payment: 356_399n }, AUCTION, rates, 1n), { code: 'BID_PRICE', message: /356399 quanta offered for 6 of row 3, the auction takes at least 356400 now/ });
    checkBidPrice({ ...BID, payment: 356_399n }, AUCTION, { ...rates, discount: 3 }, 1n);
    const buying = { ...BID, lot: lotOf({ accountSells: false }), payment: 363_601n };
    assert.throws(() => checkBidPrice(buying, AUCTION, rates, 1n), { code: 'BID_PRICE', message: /363601 quanta asked for 6 of row 3, the auction takes at most 363600 now/ });
    // 0.5 % of 360,000 quanta, of 100 base units each.
    checkBidPrice({ ...BID, subsidy: 180_000n }, AUCTION, { ...rates, subsidy: 5_000 }, 100n);
    assert.throws(() => checkBidPrice({ ...BID, subsidy: 180_001n }, AUCTION, { ...rates, subsidy: 5_000 }, 100n), { code: 'BID_PRICE', message: /permits 180000 now/ });
    assert.throws(() => checkBidPrice(BID, { ...AUCTION, marketCommitment: 8n }, rates, 1n), { code: 'BID_PARTS', message: /under another table/ });
  });
});

describe('a file of a bid', () => {
  it('is read as it was written, with and without a second verdict', () => {
    for (const file of [FILE, { ...FILE, bid: { ...BID, stillBelow: undefined } }]) assert.deepEqual(parseBid(serializeBid(file)), file);
  });

  it('is refused with the field that is wrong', () => {
    const text = serializeBid(FILE);
    const changes: readonly (readonly [string, string, string, RegExp])[] = [
      ['"format":"clearproof-bid"', '"format":"clearproof-trade"', 'WRONG_FORMAT', /my\.json/], ['"version":1', '"version":3', 'FORMAT_VERSION', /version/],
      ['"quantity":"6"', '"quantity":"0"', 'JSON_SHAPE', /quantity/], ['"accountSells":true', '"accountSells":"true"', 'JSON_SHAPE', /accountSells/],
      ['"payRow":"8"', '"payRow":"65536"', 'JSON_SHAPE', /payRow/], ['"nonce":"44"', '"nonce":"-1"', 'JSON_SHAPE', /nonce/],
      ['"subsidy":"0"', '"subsidy":"0","more":"1"', 'JSON_SHAPE', /more/], ['"underWater":', '"overWater":', 'JSON_SHAPE', /overWater|underWater/],
    ];
    for (const [from, to, code, words] of changes) {
      assert.ok(text.includes(from), from);
      assert.throws(() => parseBid(text.replace(from, to), 'my.json'), (error: Error & { code?: string }) => {
        assert.equal(error.code, code, `${from}: ${error.message}`);
        assert.match(error.message, words);
        return true;
      });
    }
  });
});
