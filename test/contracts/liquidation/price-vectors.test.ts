import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { abiDigest } from '../../../src/chain/abi-digest.js';
import { clockAfter, limitPayment, mostSubsidy, penaltyOf, sliceValue } from '../../../src/liquidation/auction-price.js';
import { PPM } from '../../../src/liquidation/liquidation-rules.js';

const SLICES = 512;

/** The slice of test_P251_pricesAreThoseOfBidders that a seed says, and what it costs. */
function outcome(seed: bigint): readonly bigint[] {
  const bits = (from: bigint, count: bigint): bigint => (seed >> from) & ((1n << count) - 1n);
  const shift = seed >> 248n;
  const quantity = (bits(0n, 64n) >> (shift % 64n)) | 1n;
  const extra = shift % 2n === 0n ? 0n : (bits(151n, 47n) * bits(198n, 18n)) / PPM;
  const marks = { mark: bits(64n, 47n) >> ((shift / 4n) % 47n), payMark: bits(111n, 20n) + 1n, feeMark: bits(131n, 20n) + 1n, extra };
  const rules = { fall: Number(bits(216n, 10n)) + 1, maxDiscount: Number(bits(20n, 18n)), maxSubsidy: Number(bits(40n, 18n)) };
  const penalty = Number(bits(60n, 18n));
  const { discount, subsidy } = clockAfter(rules, Number(bits(226n, 12n)));
  const [sold, bought] = [true, false].map((accountSells) => ({ accountSells, quantity, marks })) as [Parameters<typeof sliceValue>[0], Parameters<typeof sliceValue>[0]];
  return [
    BigInt(discount), BigInt(subsidy), extra, sliceValue(bought), extra === 0n ? limitPayment(sold, { discount, penalty }) : 0n, limitPayment(bought, { discount, penalty }),
    penaltyOf(bought, { penalty }), mostSubsidy(bought, { subsidy }),
  ];
}

describe('prices of slices in Solidity', () => {
  it('are those that bidders reckon with, whatever the size [P-251]', () => {
    const source = readFileSync('test/contracts/liquidation/PriceVectorsTest.t.sol', 'utf8');
    const stated = /PRICES_DIGEST =\s*(0x[0-9a-f]{64});/.exec(source)?.[1];
    const digest = Array.from({ length: SLICES }, (_, place) => outcome(BigInt(abiDigest(['uint256'], [place]))))
      .reduce((sum, prices) => abiDigest(['bytes32', 'uint256[8]'], [sum, prices]), `0x${'0'.repeat(64)}`);
    assert.equal(digest, stated);
  });
});
