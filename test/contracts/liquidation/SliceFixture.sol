// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Settlement, Trade, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {Bid, Lot, VerdictClaim} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {LiquidationFixture} from "./LiquidationFixture.sol";

/// @dev Bids for slices of the account, which is under water: sealed for the house and the verifier.
abstract contract SliceFixture is LiquidationFixture {
    uint64 internal constant MARK = 1_000;
    uint64 internal constant PAY_MARK = 100;
    uint256 internal constant PPM = 1e6;

    function setUp() public virtual override {
        super.setUp();
        start();
        mark(perps(), MARK, PAY_MARK, PAY_MARK);
    }

    function perps() internal pure returns (Lot memory) {
        return lotOf(PERP_ROW, USD_ROW, true);
    }

    /// @dev H(tag 29, base, parties, amounts, market commitment, nonce).
    function tradeCommitment(Bid memory b) internal view returns (uint256) {
        Trade memory t = b.settlement.trade;
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), LIQUID, 1]);
        uint256 parties = uint256(t.buyer) + uint256(t.seller) * 2 ** 64 + uint256(t.expiry) * 2 ** 128;
        uint256 amounts = uint256(b.lot.row) + uint256(b.lot.payRow) * 2 ** 16 + uint256(b.quantity) * 2 ** 32
            + uint256(b.payment) * 2 ** 96;
        return poseidon6.poseidon([uint256(29), base, parties, amounts, opens, b.nonce]);
    }

    function draft(Lot memory lot, uint64 quantity, uint64 payment) internal view returns (Bid memory b) {
        (b.lot, b.quantity, b.payment, b.nonce) = (lot, quantity, payment, 99);
        (uint64 buyer, uint64 seller) = lot.accountSells ? (BIDDER, ACCOUNT) : (ACCOUNT, BIDDER);
        b.settlement.trade = Trade(buyer, seller, uint64(block.timestamp + 60), 0);
        (Transition memory own, Transition memory bidders) = sides(b);
        own.marketCommitment = opens;
        (own.newCommitment, own.reducing) = (commitmentOf(ACCOUNT) + 1, true);
        bidders.marketCommitment = opens;
        (bidders.newCommitment, bidders.owned) = (commitmentOf(BIDDER) + 1, true);
    }

    /// @return own the account's
    /// @return bidders the other
    function sides(Bid memory b) internal pure returns (Transition memory own, Transition memory bidders) {
        Settlement memory s = b.settlement;
        return b.lot.accountSells ? (s.sellerSide, s.buyerSide) : (s.buyerSide, s.sellerSide);
    }

    function sealSides(Bid memory b) internal view returns (Bid memory) {
        Settlement memory s = b.settlement;
        s.buyerSide.proof.a[0] = house.sealOf(s.trade, false, s.buyerSide);
        s.sellerSide.proof.a[0] = house.sealOf(s.trade, true, s.sellerSide);
        return b;
    }

    /// @dev All that a bid needs, for what the accounts are now.
    function sealBid(Bid memory b) internal view returns (Bid memory) {
        b.settlement.trade.commitment = tradeCommitment(b);
        b = sealSides(b);
        b.underWater = underWater(address(0));
        (Transition memory own,) = sides(b);
        b.stillBelow = verdict(MARGIN, own.newCommitment, opens, unhealthyWord(ACCOUNT, address(0)));
        return b;
    }

    function bidFor(Lot memory lot, uint64 quantity, uint64 payment) internal view returns (Bid memory) {
        return sealBid(draft(lot, quantity, payment));
    }

    function without(Bid memory b) internal pure returns (Bid memory) {
        VerdictClaim memory none;
        b.stillBelow = none;
        return b;
    }

    function take(Bid memory b) internal {
        vm.prank(BUYER);
        liquidations.take(b, "receipt");
    }

    function refuseTake(Bid memory b, bytes memory reason) internal {
        (uint256 own, uint256 other) = (commitmentOf(ACCOUNT), commitmentOf(BIDDER));
        refused(BUYER, 0, abi.encodeCall(liquidations.take, (b, "receipt")), reason);
        assertEq(commitmentOf(ACCOUNT), own, "the account");
        assertEq(commitmentOf(BIDDER), other, "the bidder");
    }

    // ---- the prices of 0010, written down again ----

    function discountAt(uint256 elapsed) internal pure returns (uint256) {
        return elapsed >= FALL ? MOST_DISCOUNT : MOST_DISCOUNT * elapsed / FALL;
    }

    /// @dev Least whole payment whose value is enough.
    function leastPayment(uint256 quantity, uint256 mark_, uint256 payMark, uint256 rate)
        internal
        pure
        returns (uint64)
    {
        uint256 asked = quantity * mark_ * (PPM - rate);
        uint256 unit = payMark * PPM;
        return uint64(asked / unit + (asked % unit == 0 ? 0 : 1));
    }

    function mostPayment(uint256 quantity, uint256 mark_, uint256 extra, uint256 payMark, uint256 rate)
        internal
        pure
        returns (uint64)
    {
        return uint64(quantity * (mark_ * PPM + (mark_ + extra) * rate) / (payMark * PPM));
    }

    function penaltyOf(uint256 value, uint256 feeMark) internal pure returns (uint256) {
        uint256 numerator = value * PENALTY;
        uint256 unit = PPM * feeMark;
        return (numerator / unit + (numerator % unit == 0 ? 0 : 1)) * USD_UNITS;
    }
}
