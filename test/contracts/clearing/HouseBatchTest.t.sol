// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Settlement, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev Many trades in one transaction: in order, each from what the one before left, all or none.
contract HouseBatchTest is HouseFixture {
    uint64 private carol;
    /// What each account is after the sides sealed so far.
    mapping(uint64 handle => uint256) private _now;
    bytes private _openings;

    function setUp() public override {
        super.setUp();
        carol = opened(ALICE, 5_000);
        (_now[alice], _now[bob], _now[carol]) = (commitmentOf(alice), commitmentOf(bob), commitmentOf(carol));
    }

    /// @dev Sealed from what the sides before leave.
    function next(uint64 buyer, uint64 seller, uint256 circuitId) private returns (Settlement memory s) {
        s = draftSettlement(buyer, seller, table);
        s.buyerSide.circuitId = circuitId;
        s.buyerSide = follow(buyer, s, false);
        s.sellerSide = follow(seller, s, true);
    }

    function follow(uint64 handle, Settlement memory s, bool seller) private returns (Transition memory t) {
        t = seller ? s.sellerSide : s.buyerSide;
        t = seal(t, _now[handle], sideWord(s.trade, seller), s.trade.commitment);
        _now[handle] = t.newCommitment;
        _openings = bytes.concat(_openings, openingOf(handle, t));
    }

    function three() private returns (Settlement[] memory list) {
        list = new Settlement[](3);
        list[0] = next(alice, bob, TRANSITION_A);
        list[1] = next(bob, carol, TRANSITION_B);
        list[2] = next(alice, carol, TRANSITION_A);
    }

    function refuse(Settlement[] memory list, bytes memory reason) private {
        uint256 before = commitmentOf(carol);
        refusedBy(address(this), abi.encodeCall(house.settleBatch, (list, signOpenings(_openings))), reason);
        assertEq(commitmentOf(carol), before, "carol's commitment");
    }

    function test_P217_tradesSettleInOrderEachFromWhatTheOneBeforeLeft() public {
        Settlement[] memory list = three();
        house.settleBatch(list, signOpenings(_openings));
        assertEq(commitmentOf(alice), _now[alice], "alice after two");
        assertEq(commitmentOf(bob), _now[bob], "bob after two");
        assertEq(commitmentOf(carol), _now[carol], "carol after two");
        for (uint256 i = 0; i < 3; ++i) {
            assertTrue(house.isFilled(list[i].trade.commitment), "filled");
        }
    }

    function test_P217_eachTradeIsUnderItsOwnTable() public {
        Settlement[] memory list = new Settlement[](2);
        list[0] = next(alice, bob, TRANSITION_A);
        uint256 newer = initialTable();
        uint256 lower = maintenanceTable();
        (table, newer) = (newer, table);
        list[1] = next(alice, carol, TRANSITION_A);
        house.settleBatch(list, signOpenings(_openings));
        assertEq(commitmentOf(carol), _now[carol], "carol, under the second");
        _openings = "";
        table = newer;
        list[0] = next(alice, bob, TRANSITION_A);
        table = lower;
        list[1] = next(alice, carol, TRANSITION_A);
        refuse(list, abi.encodeWithSelector(IClearingHouse.TableNotInitialLevel.selector, lower));
    }

    function test_P217_oneTradeIsABatchToo() public {
        Settlement[] memory list = new Settlement[](1);
        list[0] = next(alice, bob, TRANSITION_A);
        house.settleBatch(list, signOpenings(_openings));
        assertEq(commitmentOf(bob), _now[bob], "bob");
    }

    function test_P217_anotherOrderIsRefused() public {
        Settlement[] memory list = three();
        (list[0], list[1]) = (list[1], list[0]);
        refuse(list, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
    }

    function test_P217_oneFalseProofStopsAllOfThem() public {
        Settlement[] memory list = three();
        for (uint256 i = 0; i < 6; ++i) {
            Settlement memory s = list[i / 2];
            Transition memory side = i % 2 == 0 ? s.buyerSide : s.sellerSide;
            side.proof.a[0] ^= 1;
            refuse(list, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
            side.proof.a[0] ^= 1;
        }
        assertFalse(house.isFilled(list[0].trade.commitment), "none filled");
        house.settleBatch(list, signOpenings(_openings));
    }

    function test_P217_aTradeFillsOnceWithinABatchToo() public {
        Settlement[] memory list = new Settlement[](2);
        list[0] = next(alice, bob, TRANSITION_A);
        list[1] = next(alice, bob, TRANSITION_A);
        list[1].trade.commitment = list[0].trade.commitment;
        refuse(list, abi.encodeWithSelector(IClearingHouse.TradeFilled.selector, list[0].trade.commitment));
    }

    function test_P217_whatIsRefusedAloneIsRefusedInABatch() public {
        Settlement[] memory list = three();
        list[1].trade.expiry = uint64(block.timestamp - 1);
        refuse(list, abi.encodeWithSelector(IClearingHouse.TradeExpired.selector, block.timestamp - 1, block.timestamp));
        list[1].trade.expiry = uint64(block.timestamp);
        list[1].trade.seller = bob;
        refuse(list, abi.encodeWithSelector(IClearingHouse.SelfMatch.selector, bob));
        list[1].trade.seller = 99;
        refuse(list, abi.encodeWithSelector(IClearingHouse.UnknownHandle.selector, 99));
    }

    function test_P217_aBatchIsOfOneVenue() public {
        uint256 other = 10;
        vm.prank(OWNER);
        registry.registerVenue(other, vaultConfig());
        terms.setRules(other, rulesWith(TABLE_AGE, BAND));
        terms.setPeriod(other, PERIOD);
        uint64 foreign = openedEmptyAt(other, ALICE);
        Settlement[] memory list = three();
        list[2].trade.buyer = foreign;
        refuse(list, abi.encodeWithSelector(IClearingHouse.OtherVenue.selector, foreign, other, HELD));
    }

    function test_P217_theOperatorSignsForEveryOpeningOfTheBatch() public {
        Settlement[] memory list = three();
        bytes memory call = abi.encodeCall(house.settleBatch, (list, receiptOf(list[2])));
        refusedBy(address(this), call, abi.encodeWithSelector(IClearingHouse.OpeningsNotSigned.selector, HELD));
        house.settleBatch(list, signOpenings(_openings));
    }

    function test_P217_anEmptyBatchIsRefused() public {
        refuse(new Settlement[](0), abi.encodeWithSelector(IClearingHouse.NothingMoves.selector));
    }

    function test_P217_aKeyThatNobodyAddedStopsWhatTakesTwoProofsOfIt() public {
        batch.forget("transition key A");
        Settlement[] memory list = three();
        refuse(list, abi.encodeWithSelector(IProofBatch.UnknownKey.selector, bytes32("transition key A")));
        batch.setKnown("transition key A");
        house.settleBatch(list, signOpenings(_openings));
    }
}
