// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {EpochSubmission, VenueConfig} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {SolvencyGate} from "../../../contracts/SolvencyGate.sol";
import {SolvencyGated} from "../../../contracts/SolvencyGated.sol";
import {MockReserveSource} from "../mocks/MockReserveSource.sol";
import {GateFixture} from "./GateFixture.sol";

/// @dev One function a modifier.
contract Guarded is SolvencyGated {
    constructor(ISolvencyGate gate, uint256 venueId) SolvencyGated(gate, venueId) {}

    function open() external view whenOpen {}

    function reduce() external view whenReducing {}

    function depart() external view unlessHalted {}

    function back(MarginClaim calldata claim, bytes32 action) external view returns (uint256) {
        return _requireMargin(claim, MarginLevel.INITIAL, 15 minutes, action);
    }
}

/// @dev Has no answer when asked for its state.
contract FailingReserveSource is MockReserveSource {
    function state(uint256) external pure override returns (ReserveState) {
        revert("no answer");
    }
}

/// @dev Reads many slots before it answers OPEN, down a chain of calls to itself.
contract SlowReserveSource is MockReserveSource {
    uint256 private constant DEPTH = 2;

    function state(uint256 venueId) external view override returns (ReserveState) {
        return this.down(venueId, DEPTH);
    }

    function down(uint256 venueId, uint256 depth) external view returns (ReserveState) {
        if (depth > 1) return this.down(venueId, depth - 1);
        uint256 sum;
        for (uint256 i = 0; i < 40; ++i) {
            sum += amounts[address(uint160(venueId + i))];
        }
        return sum == 0 ? ReserveState.OPEN : ReserveState.CLOSED;
    }
}

/// @dev The gate's mode, and what each modifier lets through in it.
contract SolvencyGatedTest is GateFixture {
    Guarded private guarded;

    function setUp() public override {
        super.setUp();
        guarded = new Guarded(gate, VENUE);
    }

    function requireMode(Guarded who, GateMode mode) private {
        assertEq(uint256(gate.mode(who.VENUE_ID())), uint256(mode), "mode");
        bytes memory closed = abi.encodeWithSelector(SolvencyGated.GateClosed.selector, mode);
        if (mode > GateMode.OPEN) vm.expectRevert(closed);
        who.open();
        if (mode > GateMode.REDUCE_ONLY) vm.expectRevert(closed);
        who.reduce();
        if (mode > GateMode.WITHDRAW_ONLY) vm.expectRevert(closed);
        who.depart();
    }

    function uncover() private {
        open();
        stateTable(7777, MarginLevel.MAINTENANCE);
        EpochSubmission memory s = draft(registry.latestEpoch(VENUE) + 1);
        s.marketCommitment = 7777;
        s.words[0] = 1_501;
        submit(seal(s, block.chainid, address(registry), VENUE));
    }

    function test_modesShutOneDoorAfterAnother() public {
        requireMode(guarded, GateMode.OPEN);
        vm.warp(START + STALE_AFTER + 1);
        requireMode(guarded, GateMode.REDUCE_ONLY);
        uncover();
        requireMode(guarded, GateMode.WITHDRAW_ONLY);
        vm.warp(block.timestamp + HALT_AFTER + 1);
        requireMode(guarded, GateMode.HALT);
        requireMode(new Guarded(gate, 12345), GateMode.HALT);
    }

    function test_aPausedVaultReducesAndAClosedOneHalts() public {
        source.setState(ReserveState.PAUSED);
        requireMode(guarded, GateMode.REDUCE_ONLY);
        source.setState(ReserveState.CLOSED);
        requireMode(guarded, GateMode.HALT);
        source.setState(ReserveState.OPEN);
        requireMode(guarded, GateMode.OPEN);
    }

    function test_aVenueWhoseReservesDoNotAnswerIsHaltedNotStuck() public {
        uint256 venueId = registerWith(new FailingReserveSource());
        requireMode(new Guarded(gate, venueId), GateMode.HALT);
    }

    /// Whoever calls chooses the gas: too little must not make a venue look halted, down to three calls below the gate.
    function test_tooLittleGasIsNoHalt() public {
        uint256[2] memory venues = [VENUE, registerWith(new SlowReserveSource())];
        for (uint256 k = 0; k < 2; ++k) {
            uint256 answers;
            for (uint256 gas_ = 1_000; gas_ < 250_000; gas_ += 331) {
                (bool ok, bytes memory answer) =
                    address(gate).staticcall{gas: gas_}(abi.encodeCall(gate.mode, (venues[k])));
                if (!ok) continue;
                assertEq(abi.decode(answer, (uint256)), uint256(GateMode.OPEN), "mode");
                ++answers;
            }
            assertTrue(answers > 100, "most gas is enough");
        }
    }

    function registerWith(MockReserveSource reserves) private returns (uint256 venueId) {
        venueId = 8;
        reserves.set(USD, 1_000);
        reserves.set(BTC, 50_000);
        reserves.setFund(10);
        VenueConfig memory c = config();
        c.reserves = reserves;
        vm.prank(OWNER);
        registry.registerVenue(venueId, c);
        vm.startPrank(PARAMETERS);
        registry.registerSettlementAssets(venueId, assets());
        markets.stateMarket(venueId, MARKET, markets.market(VENUE, MARKET), 12);
        vm.stopPrank();
        vm.startPrank(OPERATOR);
        registry.openSnapshot(venueId);
        registry.submitEpoch(venueId, seal(draft(1), block.chainid, address(registry), venueId));
        vm.stopPrank();
    }

    function test_aMarginProofIsForTheConsumerAndItsAction() public {
        assertEq(guarded.back(marginFor(address(guarded), ACTION, INITIAL_TABLE), ACTION), NULLIFIER, "account");
        MarginClaim memory ofAnother = honestMargin();
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        guarded.back(ofAnother, ACTION);
        MarginClaim memory claim = marginFor(address(guarded), ACTION, INITIAL_TABLE);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector));
        guarded.back(claim, keccak256("another action"));
    }

    function test_K12_aGateWithoutCodeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(SolvencyGated.GateWithoutCode.selector, address(0xdead)));
        new Guarded(SolvencyGate(address(0xdead)), VENUE);
        assertEq(address(guarded.GATE()), address(gate), "gate");
        assertEq(guarded.VENUE_ID(), VENUE, "venue");
    }
}
