// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev What an account owes: the end of a dated row, and funding.
contract HouseOwedTest is HouseFixture {
    uint16 private constant CALL = 11;

    function expire(int64 value, uint64 unit, int64 deliver, uint64 round) private {
        ExpiryTerms memory t = ExpiryTerms(CALL, USD_ROW, BTC_ROW, 100, uint64(block.timestamp));
        terms.setExpiry(HELD, t, ExpirySettlement(value, unit, deliver, round));
    }

    function expiryDelta(int256 value, uint256 unit, int256 deliver) private pure returns (uint256) {
        return uint256(CALL) + uint256(USD_ROW) * 2 ** 16 + uint256(BTC_ROW) * 2 ** 32 + uint256(value + 2 ** 48) * 2
            ** 48 + unit * 2 ** 97 + uint256(deliver + 2 ** 32) * 2 ** 145;
    }

    function fund(int64[] memory rates) private {
        uint16[] memory groups = new uint16[](rates.length);
        for (uint256 i = 0; i < rates.length; ++i) {
            groups[i] = uint16(3 + 2 * i);
        }
        terms.setFunding(USD_ROW, groups, rates);
    }

    /// @dev Group 0 and rate 0 where nothing is listed.
    function fundingDelta(int64[] memory rates) private pure returns (uint256 delta) {
        for (uint256 i = 0; i < 3; ++i) {
            (uint256 group, int256 rate) = i < rates.length ? (3 + 2 * i, int256(rates[i])) : (0, int256(0));
            delta += (group + uint256(rate + 2 ** 63) * 2 ** 16) * 2 ** (80 * i);
        }
    }

    function fundingWord(uint32 from) private pure returns (uint256) {
        return FUNDING + periodWord() + uint256(USD_ROW) * 2 ** 64 + uint256(from) * 2 ** 128;
    }

    function expiring(bool owned, uint256 delta) private returns (Transition memory t) {
        t = draftTransition(table);
        t.owned = owned;
        t = seal(t, commitmentOf(alice), EXPIRY + periodWord(), delta);
    }

    function refuseExpiry(Transition memory t, bytes memory reason) private {
        refusedBy(STRANGER, abi.encodeCall(house.settleExpiry, (alice, CALL, t, receiptFor(alice, t))), reason);
    }

    function refuseFunding(uint32 from, Transition memory t, bytes memory reason) private {
        refusedBy(STRANGER, abi.encodeCall(house.settleFunding, (alice, from, t, receiptFor(alice, t))), reason);
    }

    // ---- expiry ----

    function test_P215_anExpiryIsWorthWhatWasRecorded() public {
        int64[3] memory values = [int64(-(2 ** 48 - 1)), 0, 2 ** 48 - 1];
        int64[3] memory delivered = [int64(2 ** 32 - 1), 0, -(2 ** 32 - 1)];
        for (uint256 i = 0; i < 3; ++i) {
            expire(values[i], 2 ** 48 - 1, delivered[i], 9);
            refuseExpiry(
                expiring(false, expiryDelta(values[i], 2 ** 48 - 1, delivered[i] + 1)),
                abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector)
            );
            Transition memory t = expiring(false, expiryDelta(values[i], 2 ** 48 - 1, delivered[i]));
            vm.prank(STRANGER);
            house.settleExpiry(alice, CALL, t, "");
            assertEq(commitmentOf(alice), t.newCommitment, "settled by whoever knew the opening");
        }
    }

    function test_P215_whatIsNotRecordedYetIsNotSettled() public {
        bytes memory not = abi.encodeWithSelector(IClearingTerms.SettlementNotRecorded.selector, HELD, CALL);
        refuseExpiry(expiring(true, expiryDelta(0, 0, 0)), not);
        expire(5e8, 1e6, 0, 0);
        refuseExpiry(expiring(true, expiryDelta(5e8, 1e6, 0)), not);
    }

    function test_P215_anExpiryOfOneRowIsNotOfAnother() public {
        expire(5e8, 1e6, 0, 9);
        ExpiryTerms memory other = ExpiryTerms(CALL + 1, USD_ROW, BTC_ROW, 100, uint64(block.timestamp));
        terms.setExpiry(HELD, other, ExpirySettlement(5e8, 1e6, 0, 9));
        Transition memory t = expiring(false, expiryDelta(5e8, 1e6, 0));
        refusedBy(
            STRANGER,
            abi.encodeCall(house.settleExpiry, (alice, CALL + 1, t, "")),
            abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector)
        );
    }

    function test_P215_expiryIsOwedInAHaltedVenueAndUnderAnOldTable() public {
        expire(5e8, 1e6, 0, 9);
        vm.warp(block.timestamp + HALT_AFTER + 1);
        Transition memory t = expiring(false, expiryDelta(5e8, 1e6, 0));
        house.settleExpiry(alice, CALL, t, "");
        assertEq(commitmentOf(alice), t.newCommitment, "settled");
    }

    function test_P216_anOwnerWhoSettlesAnExpiryNeedsAReceipt() public {
        expire(5e8, 1e6, 0, 9);
        Transition memory t = expiring(true, expiryDelta(5e8, 1e6, 0));
        refusedBy(
            ALICE,
            abi.encodeCall(house.settleExpiry, (alice, CALL, t, "")),
            abi.encodeWithSelector(IClearingHouse.OpeningsNotSigned.selector, HELD)
        );
        house.settleExpiry(alice, CALL, t, receiptFor(alice, t));
        assertEq(commitmentOf(alice), t.newCommitment, "settled");
    }

    // ---- funding ----

    function test_P215_fundingIsWhatAccruedSinceThePeriod() public {
        int64[3] memory each = [type(int64).min, 0, type(int64).max];
        for (uint32 listed = 0; listed < 4; ++listed) {
            int64[] memory rates = new int64[](listed);
            for (uint256 i = 0; i < listed; ++i) {
                rates[i] = each[i];
            }
            fund(rates);
            Transition memory t = draftTransition(table);
            t.owned = false;
            t = seal(t, commitmentOf(alice), fundingWord(listed), fundingDelta(rates));
            refuseFunding(listed + 1, t, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
            vm.prank(STRANGER);
            house.settleFunding(alice, listed, t, "");
            assertEq(commitmentOf(alice), t.newCommitment, "settled by whoever knew the opening");
        }
    }

    function test_P215_aPeriodThatIsNotYetIsNotSettledFrom() public {
        Transition memory t = draftTransition(table);
        t = seal(t, commitmentOf(alice), fundingWord(PERIOD + 1), fundingDelta(new int64[](0)));
        refuseFunding(
            PERIOD + 1, t, abi.encodeWithSelector(IClearingTerms.FundingPeriodUnknown.selector, PERIOD + 1, PERIOD)
        );
    }

    function test_P216_anOwnerWhoSettlesFundingNeedsAReceipt() public {
        Transition memory t = draftTransition(table);
        t = seal(t, commitmentOf(alice), fundingWord(3), fundingDelta(new int64[](0)));
        refusedBy(
            ALICE,
            abi.encodeCall(house.settleFunding, (alice, 3, t, "")),
            abi.encodeWithSelector(IClearingHouse.OpeningsNotSigned.selector, HELD)
        );
        house.settleFunding(alice, 3, t, receiptFor(alice, t));
        assertEq(commitmentOf(alice), t.newCommitment, "settled");
    }

    function test_P215_whatIsOwedIsOwedByAKnownAccount() public {
        expire(5e8, 1e6, 0, 9);
        Transition memory t = expiring(false, expiryDelta(5e8, 1e6, 0));
        bytes memory unknown = abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 99);
        refusedBy(STRANGER, abi.encodeCall(house.settleExpiry, (99, CALL, t, "")), unknown);
        refusedBy(STRANGER, abi.encodeCall(house.settleFunding, (99, 1, t, "")), unknown);
    }

    function test_P215_onlyTradesReduceInsteadOfMeetingMargin() public {
        expire(5e8, 1e6, 0, 9);
        Transition memory t = draftTransition(table);
        t.reducing = true;
        // Sealed with the flag, as its prover would have it: the house never says so of an expiry.
        t = seal(t, commitmentOf(alice), EXPIRY + periodWord(), expiryDelta(5e8, 1e6, 0));
        refuseExpiry(t, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
    }
}
