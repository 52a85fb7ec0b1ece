// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    IMarketBoard,
    InstrumentListing,
    MarketSubmission,
    ParameterSet,
    TableRules
} from "../../contracts/interfaces/IMarketBoard.sol";
import {Action, FeedConfig, IPriceBoard, PriceRules} from "../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ChangeKind, IVenueTimelock} from "../../contracts/interfaces/IVenueTimelock.sol";
import {SignerSet} from "../../contracts/libraries/SignerSet.sol";
import {MarketBoard} from "../../contracts/MarketBoard.sol";
import {BoardFixture} from "./BoardFixture.sol";
import {StandInAggregator} from "./mocks/StandInAggregator.sol";
import {StandInClearing} from "./mocks/StandInClearing.sol";

/// @dev Rules, roles, timelock and guards of both boards.
contract BoardRulesTest is BoardFixture {
    function refuse(address who, address place, bytes memory call, bytes memory reason) private {
        vm.prank(who);
        (bool ok, bytes memory got) = place.call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
    }

    /// Every privileged function against every caller that lacks the role.
    function test_K29_rolesMatrix() public {
        address[5] memory callers = [OWNER, ADMIN, OPERATOR, PARAMETERS, STRANGER];
        openRound();
        MarketSubmission memory table = sealedTable(1);
        for (uint256 i = 0; i < callers.length; ++i) {
            address who = callers[i];
            if (who != PARAMETERS) refuseParameterCalls(who, VENUE, notParameterAdmin(who));
            if (who != ADMIN) {
                bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotVenueAdmin.selector, VENUE, who);
                refuse(who, address(prices), abi.encodeCall(prices.cancelChange, (VENUE, ChangeKind.FEEDS)), reason);
                refuse(who, address(board), abi.encodeCall(board.cancelChange, (VENUE, ChangeKind.RULES)), reason);
            }
            if (who != OPERATOR) {
                bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotOperator.selector, VENUE, who);
                refuse(who, address(board), abi.encodeCall(board.acceptMarket, (VENUE, table)), reason);
            }
            // Nobody holds a role of a venue that nobody registered.
            bytes memory unknown = abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, VENUE + 1);
            refuseParameterCalls(who, VENUE + 1, unknown);
            refuse(who, address(board), abi.encodeCall(board.acceptMarket, (VENUE + 1, table)), unknown);
        }
    }

    function notParameterAdmin(address who) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, VENUE, who);
    }

    function refuseParameterCalls(address who, uint256 venueId, bytes memory reason) private {
        refuse(who, address(prices), abi.encodeCall(prices.proposeRules, (venueId, priceRules())), reason);
        refuse(who, address(prices), abi.encodeCall(prices.activateRules, (venueId, priceRules())), reason);
        refuse(who, address(prices), abi.encodeCall(prices.proposeFeeds, (venueId, 0, feeds())), reason);
        refuse(who, address(prices), abi.encodeCall(prices.activateFeeds, (venueId, 0, feeds())), reason);
        refuse(who, address(board), abi.encodeCall(board.proposeRules, (venueId, tableRules())), reason);
        refuse(who, address(board), abi.encodeCall(board.activateRules, (venueId, tableRules())), reason);
        refuse(who, address(board), abi.encodeCall(board.proposeInstruments, (venueId, listings())), reason);
        refuse(who, address(board), abi.encodeCall(board.activateInstruments, (venueId, listings())), reason);
        refuse(who, address(board), abi.encodeCall(board.proposeParameters, (venueId, none(), none())), reason);
        refuse(who, address(board), abi.encodeCall(board.activateParameters, (venueId)), reason);
    }

    function test_K29_aNewParameterAdminIsHeardAndTheOldOneIsNot() public {
        vm.prank(ADMIN);
        registry.setParameterAdmin(VENUE, STRANGER);
        refuseParameterCalls(PARAMETERS, VENUE, notParameterAdmin(PARAMETERS));
        vm.prank(STRANGER);
        board.proposeRules(VENUE, tableRules());
    }

    /// Each kind of change, a second before its time and from its time on.
    function test_K29_nothingIsActiveBeforeTheTimelock() public {
        TableRules memory t = tableRules();
        t.rateStep = 7;
        PriceRules memory p = priceRules();
        p.newRiskMaxAge = 7;
        ParameterSet memory next = parameters();
        next.moves[0] += 1;
        InstrumentListing[] memory more = oneListing();
        FeedConfig[] memory list = feeds();
        vm.startPrank(PARAMETERS);
        prices.proposeRules(VENUE, p);
        prices.proposeFeeds(VENUE, 4, list);
        board.proposeRules(VENUE, t);
        board.proposeInstruments(VENUE, more);
        board.proposeParameters(VENUE, next, parameters());
        vm.stopPrank();
        uint256 readyAt = block.timestamp + TIMELOCK;
        bytes32 before = state();
        vm.warp(readyAt - 1);
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, readyAt, block.timestamp);
        refuse(PARAMETERS, address(prices), abi.encodeCall(prices.activateRules, (VENUE, p)), reason);
        refuse(PARAMETERS, address(prices), abi.encodeCall(prices.activateFeeds, (VENUE, 4, list)), reason);
        refuse(PARAMETERS, address(board), abi.encodeCall(board.activateRules, (VENUE, t)), reason);
        refuse(PARAMETERS, address(board), abi.encodeCall(board.activateInstruments, (VENUE, more)), reason);
        refuse(PARAMETERS, address(board), abi.encodeCall(board.activateParameters, (VENUE)), reason);
        assertEq(state(), before, "nothing changed");
        vm.warp(readyAt);
        vm.startPrank(PARAMETERS);
        prices.activateRules(VENUE, p);
        prices.activateFeeds(VENUE, 4, list);
        board.activateRules(VENUE, t);
        board.activateInstruments(VENUE, more);
        board.activateParameters(VENUE);
        vm.stopPrank();
        assertEq(prices.rulesOf(VENUE).newRiskMaxAge, 7, "price rules");
        assertEq(prices.feedCount(VENUE), 8, "feeds");
        assertEq(board.rulesOf(VENUE).rateStep, 7, "table rules");
        assertEq(board.instrumentCount(VENUE), 9, "instruments");
        assertEq(board.parametersDigest(VENUE), keccak256(abi.encode(next.moves, next.words)), "parameters");
    }

    function oneListing() private pure returns (InstrumentListing[] memory list) {
        list = new InstrumentListing[](1);
        list[0] = InstrumentListing("8,ETH,spot,ETH,8,0,0,0", 2, 0);
    }

    function state() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                prices.rulesOf(VENUE),
                prices.feedCount(VENUE),
                board.rulesOf(VENUE),
                board.instrumentCount(VENUE),
                board.parametersDigest(VENUE)
            )
        );
    }

    function test_K29_onlyWhatWasProposedIsActivatedAndOnce() public {
        TableRules memory t = tableRules();
        vm.startPrank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, VENUE, ChangeKind.RULES));
        board.activateRules(VENUE, t);
        board.proposeRules(VENUE, t);
        vm.warp(block.timestamp + TIMELOCK);
        TableRules memory other = tableRules();
        other.volatilityBound += 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IVenueTimelock.NotWhatWasProposed.selector,
                ChangeKind.RULES,
                keccak256(abi.encode(other)),
                keccak256(abi.encode(t))
            )
        );
        board.activateRules(VENUE, other);
        board.activateRules(VENUE, t);
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, VENUE, ChangeKind.RULES));
        board.activateRules(VENUE, t);
        vm.stopPrank();
    }

    function test_K29_aSecondProposalWaitsAsLongAsTheFirst() public {
        TableRules memory t = tableRules();
        vm.startPrank(PARAMETERS);
        board.proposeRules(VENUE, t);
        vm.warp(block.timestamp + TIMELOCK);
        t.rateStep += 1;
        board.proposeRules(VENUE, t);
        vm.expectRevert(
            abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, block.timestamp + TIMELOCK, block.timestamp)
        );
        board.activateRules(VENUE, t);
        vm.stopPrank();
        assertEq(board.pendingChange(VENUE, ChangeKind.RULES).digest, keccak256(abi.encode(t)), "the second one");
    }

    function test_K29_aShorterTimelockWaitsForTheLongerOne() public {
        TableRules memory t = tableRules();
        t.timelock = uint32(MIN_TIMELOCK);
        vm.startPrank(PARAMETERS);
        board.proposeRules(VENUE, t);
        vm.warp(block.timestamp + MIN_TIMELOCK);
        vm.expectRevert();
        board.activateRules(VENUE, t);
        vm.warp(block.timestamp + TIMELOCK - MIN_TIMELOCK);
        board.activateRules(VENUE, t);
        board.proposeRules(VENUE, t);
        assertEq(
            board.pendingChange(VENUE, ChangeKind.RULES).readyAt, block.timestamp + MIN_TIMELOCK, "the new timelock"
        );
        vm.stopPrank();
    }

    function test_K29_theAdminCancelsWhatIsPending() public {
        vm.prank(PARAMETERS);
        prices.proposeFeeds(VENUE, 4, feeds());
        vm.startPrank(ADMIN);
        prices.cancelChange(VENUE, ChangeKind.FEEDS);
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.NothingPending.selector, VENUE, ChangeKind.FEEDS);
        vm.expectRevert(reason);
        prices.cancelChange(VENUE, ChangeKind.FEEDS);
        vm.stopPrank();
        vm.warp(block.timestamp + TIMELOCK);
        refuse(PARAMETERS, address(prices), abi.encodeCall(prices.activateFeeds, (VENUE, 4, feeds())), reason);
    }

    function test_K29_whatNobodyActivatedExpires() public {
        vm.startPrank(PARAMETERS);
        board.proposeRules(VENUE, tableRules());
        uint256 expiredAt = block.timestamp + TIMELOCK + board.ACTIVATION_WINDOW();
        vm.warp(expiredAt);
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.ChangeExpired.selector, expiredAt, expiredAt));
        board.activateRules(VENUE, tableRules());
        vm.warp(expiredAt - 1);
        board.activateRules(VENUE, tableRules());
        vm.stopPrank();
    }

    function test_aVenueWithoutRulesChangesAndAcceptsNothing() public {
        MarketBoard bare = new MarketBoard(registry, prices, MIN_TIMELOCK);
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.NoRules.selector, VENUE);
        vm.startPrank(PARAMETERS);
        vm.expectRevert(reason);
        bare.proposeInstruments(VENUE, listings());
        vm.stopPrank();
        openRound();
        MarketSubmission memory s = draftTable(1);
        s.parameters = none();
        vm.prank(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.RoundTooOld.selector, 60, 0));
        vm.warp(block.timestamp + 60);
        bare.acceptMarket(VENUE, s);
    }

    function test_everyRuleIsChecked() public {
        vm.startPrank(PARAMETERS);
        TableRules memory t = tableRules();
        t.timelock = uint32(MIN_TIMELOCK - 1);
        refuseRules(t, invalid("timelock", MIN_TIMELOCK - 1));
        t = tableRules();
        t.tableMaxAge = 0;
        refuseRules(t, invalid("tableMaxAge", 0));
        t = tableRules();
        t.volatilityBound = 1_000_000;
        refuseRules(t, invalid("volatilityBound", 1_000_000));
        t = tableRules();
        t.threshold = 4;
        refuseRules(t, abi.encodeWithSelector(SignerSet.InvalidThreshold.selector, 4, 3));
        t.threshold = 0;
        refuseRules(t, abi.encodeWithSelector(SignerSet.InvalidThreshold.selector, 0, 3));
        t.threshold = 1;
        t.signers = new address[](0);
        refuseRules(t, abi.encodeWithSelector(SignerSet.InvalidThreshold.selector, 1, 0));
        t.signers = new address[](33);
        refuseRules(t, abi.encodeWithSelector(SignerSet.TooManySigners.selector, 33, 32));
        t.signers = new address[](2);
        refuseRules(t, abi.encodeWithSelector(SignerSet.SignersNotAscending.selector, address(0), address(0)));
        (t.signers[0], t.signers[1]) = (STRANGER, STRANGER);
        refuseRules(t, abi.encodeWithSelector(SignerSet.SignersNotAscending.selector, STRANGER, STRANGER));

        PriceRules memory p = priceRules();
        p.timelock = uint32(MIN_TIMELOCK - 1);
        refuseRules(p, invalid("timelock", MIN_TIMELOCK - 1));
        p = priceRules();
        p.newRiskMaxAge = 0;
        refuseRules(p, invalid("newRiskMaxAge", 0));
        p = priceRules();
        p.liquidationMaxAge = NEW_RISK_AGE;
        refuseRules(p, invalid("liquidationMaxAge", NEW_RISK_AGE));
        p = priceRules();
        p.sequencerGrace = 1;
        refuseRules(p, invalid("sequencerGrace", 1));
        p.sequencerFeed = STRANGER;
        refuseRules(p, abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("sequencerFeed"), STRANGER));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("prices"), STRANGER));
        new MarketBoard(registry, IPriceBoard(STRANGER), MIN_TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("registry"), STRANGER));
        new MarketBoard(ISolvencyRegistry(STRANGER), prices, MIN_TIMELOCK);
    }

    function invalid(bytes32 what, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, what, value);
    }

    function refuseRules(TableRules memory t, bytes memory reason) private {
        vm.expectRevert(reason);
        board.proposeRules(VENUE, t);
    }

    function refuseRules(PriceRules memory p, bytes memory reason) private {
        vm.expectRevert(reason);
        prices.proposeRules(VENUE, p);
    }

    // ---- guards ----

    function assertAllowed(bool newRisk, bool liquidation, string memory what) private view {
        assertTrue(prices.allows(VENUE, Action.NEW_RISK) == newRisk, what);
        assertTrue(prices.allows(VENUE, Action.LIQUIDATION) == liquidation, what);
        assertTrue(prices.allows(VENUE, Action.EXIT), "exits are always allowed");
    }

    function test_K26_newRiskStopsFirstThenLiquidationAndExitsNever() public {
        assertAllowed(false, false, "before the first round");
        openRound();
        uint256 time = block.timestamp;
        assertAllowed(true, true, "fresh");
        vm.warp(time + NEW_RISK_AGE);
        assertAllowed(true, true, "at the first threshold");
        vm.warp(time + NEW_RISK_AGE + 1);
        assertAllowed(false, true, "beyond it");
        vm.warp(time + LIQUIDATION_AGE);
        assertAllowed(false, true, "at the second");
        vm.warp(time + LIQUIDATION_AGE + 1);
        assertAllowed(false, false, "beyond it");
        assertTrue(!prices.allows(VENUE + 1, Action.NEW_RISK), "of a venue nobody knows");
        assertTrue(prices.allows(VENUE + 1, Action.EXIT), "exits of it");
    }

    /// The oracle is down: no round opens, and by and by nothing settles. What no margin depends on leaves all the same.
    function test_K26_withTheOracleDownNothingSettlesAndUnmarginedFundsLeave() public {
        StandInClearing clearing = new StandInClearing(prices, VENUE);
        openRound();
        clearing.settle();
        aggregator.setFault(StandInAggregator.Fault.REVERTS);
        vm.warp(block.timestamp + LIQUIDATION_AGE + 1);
        refuseRound(abi.encodeWithSelector(IPriceBoard.FeedUnavailable.selector, 1, address(aggregator)));
        vm.expectRevert("stale");
        clearing.settle();
        vm.expectRevert("stale");
        clearing.liquidate();
        clearing.exit();
        assertEq(clearing.exits(), 1, "left");
    }

    function test_K26_theSequencerStopsAllButExits() public {
        StandInAggregator sequencer = new StandInAggregator(0);
        sequencer.set(0, block.timestamp - 1 days);
        PriceRules memory p = priceRules();
        (p.sequencerFeed, p.sequencerGrace) = (address(sequencer), 600);
        vm.startPrank(PARAMETERS);
        prices.proposeRules(VENUE, p);
        vm.warp(block.timestamp + TIMELOCK);
        prices.activateRules(VENUE, p);
        vm.stopPrank();
        refresh();
        openRound();
        assertAllowed(true, true, "up");
        bytes memory down = abi.encodeWithSelector(IPriceBoard.SequencerDown.selector, address(sequencer));
        sequencer.set(1, block.timestamp);
        assertAllowed(false, false, "down");
        refuseRound(down);
        sequencer.setFault(StandInAggregator.Fault.REVERTS);
        assertAllowed(false, false, "silent");
        refuseRound(down);
        sequencer.setFault(StandInAggregator.Fault.SHORT);
        assertAllowed(false, false, "garbled");
        sequencer.setFault(StandInAggregator.Fault.NONE);
        sequencer.setRaw(StandInAggregator.Answer(1, 0, 0, 0, 1));
        assertAllowed(false, false, "never started");
        uint256 up = block.timestamp;
        sequencer.set(0, up);
        assertAllowed(false, false, "just back");
        vm.warp(up + 600);
        refuseRound(abi.encodeWithSelector(IPriceBoard.SequencerGrace.selector, up, 600, up + 600));
        vm.warp(up + 601);
        openRound();
        assertAllowed(true, true, "after the grace period");
    }
}
