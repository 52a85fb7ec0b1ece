// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AssetLimit, ReserveState} from "../../contracts/interfaces/IReserveSource.sol";
import {GateMode} from "../../contracts/interfaces/ISolvencyGate.sol";
import {EpochSubmission, ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @dev Reserves and fund against what was proven, and the gate that follows.
contract CoverageTest is RegistryFixture {
    function covered(uint256[4] memory words, uint256 shortfall) private returns (bool) {
        uint64 epoch = registry.latestEpoch(VENUE) + 1;
        open();
        EpochSubmission memory s = draft(epoch);
        for (uint256 i = 0; i < 4; ++i) {
            s.words[i] = words[i];
        }
        s.close.shortfall = shortfall;
        submit(seal(s, block.chainid, address(registry), VENUE));
        return registry.epochAt(VENUE, epoch).covered;
    }

    function gate() private view returns (uint256) {
        return uint256(registry.mode(VENUE));
    }

    function test_reservesCoverExactlyWhatIsOwed() public {
        assertTrue(covered([uint256(1_000), 0, 0, 0], 0), "1000 units for 1000 quanta of one unit");
        assertFalse(covered([uint256(1_001), 0, 0, 0], 0), "one quantum too many");
        assertTrue(covered([uint256(0), 0, 500, 0], 0), "50000 units for 500 quanta of 100 units");
        assertFalse(covered([uint256(0), 0, 501, 0], 0), "one BTC quantum too many");
    }

    function test_loansReduceTheirOwnAssetOnlyAndNeverBelowZero() public {
        assertTrue(covered([uint256(1_500), 500, 0, 0], 0), "net 1000");
        assertTrue(covered([uint256(0), 9_000, 500, 0], 0), "more loans than deposits is nothing owed");
        assertFalse(covered([uint256(0), 9_000, 501, 0], 0), "loans of one asset do not pay deposits of another");
    }

    function test_theFundCoversTheShortfallRoundedUp() public {
        assertTrue(covered([uint256(0), 0, 0, 0], 10 * uint256(VALUE_PER_FUND_UNIT)), "10 fund units");
        assertFalse(covered([uint256(0), 0, 0, 0], 10 * uint256(VALUE_PER_FUND_UNIT) + 1), "one value unit more");
    }

    function test_spareReservesDoNotPayAShortfall() public {
        source.set(USD, 1e30);
        source.setFund(0);
        assertFalse(covered([uint256(0), 0, 0, 0], 1), "the fund lies outside the reserves");
    }

    function test_theLargestFiguresDoNotOverflow() public {
        source.set(USD, type(uint256).max);
        source.set(BTC, type(uint256).max);
        source.setFund(type(uint256).max);
        uint256 largest = type(uint128).max;
        assertTrue(covered([largest, 0, largest, 0], P - 1), "all covered");
    }

    function test_anUncoveredEpochIsRecordedAndAllowsOnlyExits() public {
        assertFalse(covered([uint256(1_001), 0, 0, 0], 0), "recorded as uncovered");
        assertEq(registry.latestEpoch(VENUE), 1, "recorded");
        assertEq(gate(), uint256(GateMode.WITHDRAW_ONLY), "mode");
        assertTrue(covered([uint256(1_000), 0, 0, 0], 0), "a covered epoch follows");
        assertEq(gate(), uint256(GateMode.OPEN), "open again");
    }

    function test_theGateFollowsTheAgeOfTheSnapshot() public {
        assertEq(gate(), uint256(GateMode.HALT), "before the first epoch");
        open();
        assertEq(gate(), uint256(GateMode.HALT), "a snapshot alone opens nothing");
        vm.warp(START + MAX_AGE);
        submit(sealed_(1));
        assertEq(gate(), uint256(GateMode.OPEN), "fresh");
        vm.warp(START + STALE_AFTER);
        assertEq(gate(), uint256(GateMode.OPEN), "last second of freshness, counted from the snapshot");
        vm.warp(START + STALE_AFTER + 1);
        assertEq(gate(), uint256(GateMode.REDUCE_ONLY), "stale");
        vm.warp(START + HALT_AFTER);
        assertEq(gate(), uint256(GateMode.REDUCE_ONLY), "last second before the halt");
        vm.warp(START + HALT_AFTER + 1);
        assertEq(gate(), uint256(GateMode.HALT), "halt");
    }

    function test_anUncoveredEpochStaysWithdrawOnlyWhenStaleAndHaltsInTheEnd() public {
        covered([uint256(1_001), 0, 0, 0], 0);
        vm.warp(START + STALE_AFTER + 1);
        assertEq(gate(), uint256(GateMode.WITHDRAW_ONLY), "the stricter of the two");
        vm.warp(START + HALT_AFTER + 1);
        assertEq(gate(), uint256(GateMode.HALT), "halt");
    }

    function test_aVenueNobodyRegisteredIsHalted() public view {
        assertEq(uint256(registry.mode(12345)), uint256(GateMode.HALT), "mode");
    }

    function test_openingTheNextSnapshotDoesNotRefreshTheGate() public {
        covered([uint256(1_000), 0, 0, 0], 0);
        vm.warp(START + STALE_AFTER + 1);
        open();
        assertEq(gate(), uint256(GateMode.REDUCE_ONLY), "only an accepted epoch does");
    }

    function testFuzz_coverageIsTheInequality(uint128 a, uint128 l, uint256 reserve, uint256 shortfall, uint128 fund)
        public
    {
        shortfall %= P;
        source.set(BTC, reserve);
        source.setFund(fund);
        uint256 owed = a > l ? uint256(a - l) * 100 : 0;
        bool expected = owed <= reserve && shortfall <= uint256(fund) * VALUE_PER_FUND_UNIT;
        assertTrue(covered([uint256(0), 0, a, l], shortfall) == expected, "covered");
    }

    function testFuzz_theGateIsAFunctionOfAge(uint64 age, bool isCovered) public {
        covered([uint256(isCovered ? 1_000 : 1_001), 0, 0, 0], 0);
        vm.warp(START + age);
        GateMode expected = age > HALT_AFTER
            ? GateMode.HALT
            : !isCovered ? GateMode.WITHDRAW_ONLY : age > STALE_AFTER ? GateMode.REDUCE_ONLY : GateMode.OPEN;
        assertEq(gate(), uint256(expected), "mode");
    }

    function test_loansBeyondTheLimitCoverNothing() public {
        source.setLimit(0, AssetLimit(type(uint128).max, 500));
        assertTrue(covered([uint256(1_500), 500, 0, 0], 0), "500 of loans count");
        assertFalse(covered([uint256(1_501), 501, 0, 0], 0), "the 501st does not");
        assertFalse(covered([uint256(1_501), type(uint128).max, 0, 0], 0), "nor any after it");
        assertTrue(covered([uint256(1_400), 400, 0, 0], 0), "fewer loans count as they are");
        source.setLimit(0, AssetLimit(type(uint128).max, 0));
        assertFalse(covered([uint256(1_001), 1, 0, 0], 0), "none counts");
        assertTrue(covered([uint256(0), 0, 900, 400], 0), "limits are of their own asset");
    }

    function test_depositsAboveTheLimitAreUncoveredWhateverTheReserves() public {
        source.set(BTC, type(uint256).max);
        source.setLimit(1, AssetLimit(700, type(uint128).max));
        assertTrue(covered([uint256(0), 0, 700, 0], 0), "at the limit");
        assertFalse(covered([uint256(0), 0, 701, 0], 0), "one quantum above");
        assertFalse(covered([uint256(0), 0, 701, 701], 0), "before loans are taken off");
        assertTrue(covered([uint256(1_000), 0, 0, 0], 0), "limits are of their own asset");
    }

    function test_limitsOfTheWrongLengthAreRefused() public {
        open();
        source.setDropsOne(true);
        submitExpecting(sealed_(1), abi.encodeWithSelector(ISolvencyRegistry.LimitsLengthMismatch.selector, 1, 2));
        source.setDropsOne(false);
        submit(sealed_(1));
    }

    function test_pausedReservesReduceAndClosedOnesHalt() public {
        covered([uint256(1_000), 0, 0, 0], 0);
        source.setState(ReserveState.PAUSED);
        assertEq(gate(), uint256(GateMode.REDUCE_ONLY), "paused");
        vm.warp(START + STALE_AFTER + 1);
        assertEq(gate(), uint256(GateMode.REDUCE_ONLY), "paused and stale");
        source.setState(ReserveState.CLOSED);
        assertEq(gate(), uint256(GateMode.HALT), "closed");
        vm.warp(START);
        assertEq(gate(), uint256(GateMode.HALT), "closed though fresh");
        source.setState(ReserveState.OPEN);
        assertEq(gate(), uint256(GateMode.OPEN), "open");
    }

    function test_anUncoveredEpochIsStricterThanAPauseAndClosingIsStricterStill() public {
        covered([uint256(1_001), 0, 0, 0], 0);
        source.setState(ReserveState.PAUSED);
        assertEq(gate(), uint256(GateMode.WITHDRAW_ONLY), "paused");
        source.setState(ReserveState.CLOSED);
        assertEq(gate(), uint256(GateMode.HALT), "closed");
    }

    function testFuzz_coverageWithinLimitsIsTheInequality(
        uint128 a,
        uint128 l,
        AssetLimit memory limit,
        uint256 reserve
    ) public {
        source.set(BTC, reserve);
        source.setLimit(1, limit);
        uint256 loans = l < limit.maxLoans ? l : limit.maxLoans;
        uint256 owed = a > loans ? (a - loans) * 100 : 0;
        bool expected = a <= limit.maxDeposits && owed <= reserve;
        assertTrue(covered([uint256(0), 0, a, l], 0) == expected, "covered");
    }
}
