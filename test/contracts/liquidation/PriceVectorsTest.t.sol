// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Auction, LiquidationRules} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {LiquidationPrices} from "../../../contracts/libraries/LiquidationPrices.sol";
import {TestBase} from "../TestBase.sol";

/// @dev Prices of made-up slices, of all sizes, in one digest: price-vectors.test.ts makes it from src/liquidation.
contract PriceVectorsTest is TestBase {
    bytes32 private constant PRICES_DIGEST =
        0x2c731cb1f432fca061298f028b8b7deb9a6816f8c3967d8129e0007bb6f00d85;
    uint256 private constant SLICES = 512;

    function test_P251_pricesAreThoseOfBidders() public pure {
        bytes32 digest;
        for (uint256 i = 0; i < SLICES; ++i) {
            digest = keccak256(abi.encode(digest, outcome(uint256(keccak256(abi.encode(i))))));
        }
        assertEq(digest, PRICES_DIGEST, "digest of all prices");
    }

    function outcome(uint256 seed) private pure returns (uint256[8] memory prices) {
        // Magnitudes from one bit up: bits 248 to 255 say how many of a number's bits are dropped.
        uint256 shift = seed >> 248;
        uint64 quantity = uint64(uint64(seed) >> shift % 64) | 1;
        Auction memory auction;
        auction.mark = uint64((seed >> 64 & 2 ** 47 - 1) >> shift / 4 % 47);
        auction.payMark = uint64(seed >> 111 & 2 ** 20 - 1) + 1;
        auction.feeMark = uint64(seed >> 131 & 2 ** 20 - 1) + 1;
        auction.extra = shift % 2 == 0 ? 0 : LiquidationPrices.extraOf(uint48(seed >> 151 & 2 ** 47 - 1), uint24(seed >> 198 & 2 ** 18 - 1));
        LiquidationRules memory rules;
        rules.fall = uint32(seed >> 216 & 2 ** 10 - 1) + 1;
        rules.maxDiscount = uint24(seed >> 20 & 2 ** 18 - 1);
        rules.maxSubsidy = uint24(seed >> 40 & 2 ** 18 - 1);
        rules.penalty = uint24(seed >> 60 & 2 ** 18 - 1);
        (uint24 discount, uint24 subsidy) = LiquidationPrices.ratesAfter(rules, seed >> 226 & 2 ** 12 - 1);
        uint256 rate = uint256(discount) + rules.penalty;
        uint256 unit = uint256(auction.payMark) * LiquidationPrices.PPM;
        prices = [
            uint256(discount),
            subsidy,
            auction.extra,
            LiquidationPrices.sliceValue(auction, quantity),
            auction.extra == 0 ? Math.ceilDiv(LiquidationPrices.leastWhenSold(auction, quantity, rate), unit) : 0,
            LiquidationPrices.mostWhenBought(auction, quantity, rate) / unit,
            LiquidationPrices.penaltyQuanta(auction, quantity, rules.penalty),
            LiquidationPrices.subsidyQuanta(auction, quantity, subsidy)
        ];
    }
}
