// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingTerms} from "../../../contracts/ClearingTerms.sol";
import {StatedMarkets} from "../../../contracts/demo/StatedMarkets.sol";
import {ClearingRules} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ChangeKind, IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {OddMarkets} from "../mocks/OddMarkets.sol";
import {TermsFixture} from "./TermsFixture.sol";

/// @dev Rules, roles, timelock, liquidations and which venues have boards.
contract TermsRulesTest is TermsFixture {
    function rulesCall(ClearingRules memory r) private view returns (bytes memory) {
        return abi.encodeCall(terms.proposeRules, (CLEARED, r));
    }

    function refuseRules(ClearingRules memory r, bytes32 what, uint256 value) private {
        refused(rulesCall(r), abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, what, value));
    }

    function assertRules(ClearingRules memory expected) private view {
        (ClearingRules memory got, uint32 period) = terms.standing(CLEARED);
        assertEq(keccak256(abi.encode(got)), keccak256(abi.encode(expected)), "rules that stand");
        assertEq(period, 0, "period");
        assertEq(keccak256(abi.encode(terms.rulesOf(CLEARED))), keccak256(abi.encode(expected)), "rules");
    }

    function test_rulesOutOfBoundsAreRefused() public {
        refuseRules(ClearingRules(uint32(MIN_TIMELOCK - 1), 1, 1), "timelock", MIN_TIMELOCK - 1);
        refuseRules(ClearingRules(TIMELOCK, 0, 1), "tableMaxAge", 0);
        refuseRules(ClearingRules(TIMELOCK, 1, 0), "band", 0);
        refuseRules(ClearingRules(TIMELOCK, 1, 1_000_000), "band", 1_000_000);
    }

    function test_rulesAtTheirBoundsAreTaken() public {
        terms = new ClearingTerms(registry, MIN_TIMELOCK);
        ClearingRules memory low = ClearingRules(uint32(MIN_TIMELOCK), 1, 1);
        vm.prank(PARAMETERS);
        terms.proposeRules(CLEARED, low);
        assertRules(low);
        terms = new ClearingTerms(registry, MIN_TIMELOCK);
        ClearingRules memory high = ClearingRules(type(uint32).max, type(uint32).max, 999_999);
        vm.prank(PARAMETERS);
        terms.proposeRules(CLEARED, high);
        assertRules(high);
    }

    function test_theFirstRulesStandAtOnceAndLaterOnesAfterTheTimelock() public {
        assertRules(clearingRules());
        ClearingRules memory next = ClearingRules(TIMELOCK, 60, 10_000);
        vm.prank(PARAMETERS);
        terms.proposeRules(CLEARED, next);
        assertRules(clearingRules());
        uint256 readyAt = block.timestamp + TERMS_TIMELOCK;
        vm.warp(readyAt - 1);
        bytes memory call = abi.encodeCall(terms.activateRules, (CLEARED, next));
        refused(call, abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, readyAt, readyAt - 1));
        vm.warp(readyAt);
        vm.prank(PARAMETERS);
        terms.activateRules(CLEARED, next);
        assertRules(next);
    }

    function test_onlyWhatWasProposedIsActivated() public {
        ClearingRules memory next = ClearingRules(TIMELOCK, 60, 10_000);
        vm.prank(PARAMETERS);
        terms.proposeRules(CLEARED, next);
        vm.warp(block.timestamp + TERMS_TIMELOCK);
        ClearingRules memory other = ClearingRules(TIMELOCK, 60, 10_001);
        refused(
            abi.encodeCall(terms.activateRules, (CLEARED, other)),
            abi.encodeWithSelector(
                IVenueTimelock.NotWhatWasProposed.selector,
                ChangeKind.CLEARING_RULES,
                keccak256(abi.encode(other)),
                keccak256(abi.encode(next))
            )
        );
    }

    function test_P218_everySetUpIsTheParameterAdmins() public {
        bytes[8] memory calls = [
            rulesCall(clearingRules()),
            abi.encodeCall(terms.activateRules, (CLEARED, clearingRules())),
            abi.encodeCall(terms.proposeLiquidations, (CLEARED, address(this))),
            abi.encodeCall(terms.activateLiquidations, (CLEARED, address(this))),
            abi.encodeCall(terms.proposeExpiry, (CLEARED, cashTerms(CALL))),
            abi.encodeCall(terms.activateExpiry, (CLEARED, cashTerms(CALL))),
            abi.encodeCall(terms.proposePerpetual, (CLEARED, perpetual(BTC_PERP, BTC_FEED), USD_ROW)),
            abi.encodeCall(terms.activatePerpetual, (CLEARED, perpetual(BTC_PERP, BTC_FEED), USD_ROW))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, CLEARED, OPERATOR);
            refusedOf(OPERATOR, calls[i], reason);
        }
    }

    function test_activationsWithoutAProposalAreRefused() public {
        refused(
            abi.encodeCall(terms.activateExpiry, (CLEARED, cashTerms(CALL))),
            abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, CLEARED, ChangeKind.EXPIRY_TERMS)
        );
        refused(
            abi.encodeCall(terms.activatePerpetual, (CLEARED, perpetual(BTC_PERP, BTC_FEED), USD_ROW)),
            abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, CLEARED, ChangeKind.PERPETUALS)
        );
        refused(
            abi.encodeCall(terms.activateLiquidations, (CLEARED, address(this))),
            abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, CLEARED, ChangeKind.LIQUIDATIONS)
        );
    }

    function test_theVenueAdminStopsAChange() public {
        vm.prank(PARAMETERS);
        terms.proposeExpiry(CLEARED, cashTerms(CALL));
        vm.prank(ADMIN);
        terms.cancelChange(CLEARED, ChangeKind.EXPIRY_TERMS);
        vm.warp(block.timestamp + TERMS_TIMELOCK);
        refused(
            abi.encodeCall(terms.activateExpiry, (CLEARED, cashTerms(CALL))),
            abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, CLEARED, ChangeKind.EXPIRY_TERMS)
        );
    }

    function test_aVenueWithoutRulesHasNoStandingAndNoTimelock() public {
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.NoRules.selector, VENUE);
        refused(abi.encodeCall(terms.standing, (VENUE)), reason);
        refused(abi.encodeCall(terms.proposeLiquidations, (VENUE, address(this))), reason);
        refused(abi.encodeCall(terms.proposeExpiry, (VENUE, cashTerms(CALL))), reason);
        refused(abi.encodeCall(terms.accrueFunding, (VENUE, none_(), clearedParameters())), reason);
        assertEq(terms.rulesOf(VENUE).timelock, 0, "no rules");
    }

    function test_liquidationsAreAContractNamedThroughTheTimelock() public {
        assertEq(terms.liquidationsOf(CLEARED), address(0), "nobody");
        refused(
            abi.encodeCall(terms.proposeLiquidations, (CLEARED, STRANGER)),
            abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("liquidations"), STRANGER)
        );
        nameLiquidations(address(this));
        nameLiquidations(address(0));
    }

    function nameLiquidations(address liquidations) private {
        address before = terms.liquidationsOf(CLEARED);
        vm.startPrank(PARAMETERS);
        terms.proposeLiquidations(CLEARED, liquidations);
        vm.warp(block.timestamp + TERMS_TIMELOCK);
        assertEq(terms.liquidationsOf(CLEARED), before, "not before it is activated");
        terms.activateLiquidations(CLEARED, liquidations);
        vm.stopPrank();
        assertEq(terms.liquidationsOf(CLEARED), liquidations, "named");
    }

    function test_stalePricesStopNewRiskFirst() public {
        assertFalse(terms.pricesAllow(CLEARED, Action.NEW_RISK), "no round yet");
        openCleared();
        vm.warp(block.timestamp + NEW_RISK_AGE);
        assertTrue(terms.pricesAllow(CLEARED, Action.NEW_RISK), "fresh");
        vm.warp(block.timestamp + 1);
        assertFalse(terms.pricesAllow(CLEARED, Action.NEW_RISK), "too old for new risk");
        assertTrue(terms.pricesAllow(CLEARED, Action.LIQUIDATION), "not for liquidation");
        vm.warp(block.timestamp + LIQUIDATION_AGE);
        assertFalse(terms.pricesAllow(CLEARED, Action.LIQUIDATION), "too old for liquidation");
        assertTrue(terms.pricesAllow(CLEARED, Action.EXIT), "exits never stop");
    }

    // ---- venues without boards ----

    function test_aVenueOfStatedTablesHasNoTermsAndNoPriceToWaitFor() public {
        vm.prank(PARAMETERS);
        terms.proposeRules(VENUE, clearingRules());
        assertTrue(terms.pricesAllow(VENUE, Action.NEW_RISK), "nothing is stale");
        refuseWithoutBoard(VENUE);
    }

    function refuseWithoutBoard(uint256 venueId) private {
        bytes memory reason = abi.encodeWithSelector(IClearingTerms.NoMarketBoard.selector, venueId);
        refused(abi.encodeCall(terms.proposeExpiry, (venueId, cashTerms(CALL))), reason);
        refused(abi.encodeCall(terms.proposePerpetual, (venueId, perpetual(BTC_PERP, BTC_FEED), USD_ROW)), reason);
        refused(abi.encodeCall(terms.accrueFunding, (venueId, none_(), clearedParameters())), reason);
        refused(
            abi.encodeCall(terms.recordExpiry, (venueId, CALL, none_(), none_(), clearedParameters())),
            abi.encodeWithSelector(IClearingTerms.ExpiryNotListed.selector, venueId, CALL)
        );
    }

    function test_aSourceThatNamesNoContractIsNoBoard() public {
        uint256[4] memory answers =
            [uint256(0), uint160(STRANGER), 1 << 160 | uint256(uint160(address(prices))), uint160(address(prices))];
        for (uint256 i = 0; i < answers.length; ++i) {
            OddMarkets odd = new OddMarkets(answers[i], i == 3);
            markets = StatedMarkets(address(odd));
            vm.prank(OWNER);
            registry.registerVenue(20 + i, config());
            vm.prank(PARAMETERS);
            terms.proposeRules(20 + i, clearingRules());
            refuseWithoutBoard(20 + i);
        }
    }
}
