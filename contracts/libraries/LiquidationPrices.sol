// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Auction, LiquidationRules} from "../interfaces/LiquidationTypes.sol";

/// @title What a slice of an account costs: docs/decisions/0010-liquidation.md
/// @dev Quantities and payments are below 2^64, marks below 2^47, what counts of a strike below 2^52, rates below 2^24: no product reaches 2^145.
library LiquidationPrices {
    uint256 internal constant PPM = 1e6;

    /// @notice Discount and subsidy, ppm, so many seconds after the clock started. The subsidy rises once the discount is at its most.
    function ratesAfter(LiquidationRules memory rules, uint256 elapsed)
        internal
        pure
        returns (uint24 discount, uint24 subsidy)
    {
        uint256 fall = rules.fall;
        uint256 falling = Math.min(elapsed, fall);
        uint256 rising = Math.min(elapsed - falling, fall);
        // Each is at most the rate it is a part of.
        return (uint24(rules.maxDiscount * falling / fall), uint24(rules.maxSubsidy * rising / fall));
    }

    /// @notice Value units that discount, penalty and subsidy are rates of. An option that is bought back may have no mark to speak of.
    function sliceValue(Auction memory auction, uint64 quantity) internal pure returns (uint256) {
        return uint256(quantity) * (uint256(auction.mark) + auction.extra);
    }

    /// @notice 10^-6 value units of a payment.
    function offered(Auction memory auction, uint64 payment) internal pure returns (uint256) {
        return uint256(payment) * auction.payMark * PPM;
    }

    /// @notice Least that an account gets for what it sells, 10^-6 value units.
    /// @param rate discount and penalty together, below 10^6
    function leastWhenSold(Auction memory auction, uint64 quantity, uint256 rate) internal pure returns (uint256) {
        return sliceValue(auction, quantity) * (PPM - rate);
    }

    /// @notice Most that an account pays for what it buys back, 10^-6 value units.
    function mostWhenBought(Auction memory auction, uint64 quantity, uint256 rate) internal pure returns (uint256) {
        return uint256(quantity) * auction.mark * PPM + sliceValue(auction, quantity) * rate;
    }

    /// @notice Penalty in quanta of the fee row, rounded up: dust pays too.
    function penaltyQuanta(Auction memory auction, uint64 quantity, uint24 penalty) internal pure returns (uint256) {
        return Math.ceilDiv(sliceValue(auction, quantity) * penalty, PPM * auction.feeMark);
    }

    /// @notice Most subsidy in quanta of the fee row, rounded down.
    function subsidyQuanta(Auction memory auction, uint64 quantity, uint24 subsidy) internal pure returns (uint256) {
        return sliceValue(auction, quantity) * subsidy / (PPM * auction.feeMark);
    }

    /// @notice What of a strike counts in the value of an option that is bought back: its mark may be nothing, and a rate of all of the strike
    /// would be a price that no band takes.
    /// @param share ppm
    function extraOf(uint48 strike, uint24 share) internal pure returns (uint64) {
        return uint64(uint256(strike) * share / PPM);
    }
}
