// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketBoard, ParameterSet} from "../../contracts/interfaces/IMarketBoard.sol";
import {RateWord} from "../../contracts/libraries/RateWord.sol";
import {MarketBoard} from "../../contracts/MarketBoard.sol";
import {BoardFixture} from "./BoardFixture.sol";

contract ParameterSetsTest is BoardFixture {
    uint256 private constant STEP = 1_000;
    uint256 private constant SHARE = 50_000;

    function propose(ParameterSet memory next) private {
        vm.prank(PARAMETERS);
        board.proposeParameters(VENUE, next, parameters());
    }

    function refuse(ParameterSet memory next, bytes memory reason) private {
        vm.prank(PARAMETERS);
        vm.expectRevert(reason);
        board.proposeParameters(VENUE, next, parameters());
    }

    function shifted(uint256 row, uint256 which, int256 by) private pure returns (ParameterSet memory set) {
        set = parameters();
        set.words[row] = uint256(int256(set.words[row]) + by * int256(2 ** (24 * which)));
    }

    function test_theProposalNamesTheActiveSet() public {
        ParameterSet memory wrong = parameters();
        wrong.words[7] += 1;
        bytes32 active = keccak256(abi.encode(parameters().moves, parameters().words));
        vm.startPrank(PARAMETERS);
        vm.expectRevert(
            abi.encodeWithSelector(
                IMarketBoard.NotTheActiveParameters.selector, keccak256(abi.encode(wrong.moves, wrong.words)), active
            )
        );
        board.proposeParameters(VENUE, parameters(), wrong);
        // The empty set would free every rate.
        vm.expectRevert(abi.encodeWithSelector(IMarketBoard.NotTheActiveParameters.selector, bytes32(0), active));
        board.proposeParameters(VENUE, parameters(), none());
        vm.stopPrank();
    }

    function test_beforeTheFirstSetOnlyTheEmptyOneIsActive() public {
        MarketBoard bare = new MarketBoard(registry, prices, MIN_TIMELOCK);
        vm.startPrank(PARAMETERS);
        bare.proposeRules(VENUE, tableRules());
        vm.expectRevert(
            abi.encodeWithSelector(
                IMarketBoard.NotTheActiveParameters.selector,
                keccak256(abi.encode(parameters().moves, parameters().words)),
                bytes32(0)
            )
        );
        bare.proposeParameters(VENUE, parameters(), parameters());
        bare.proposeParameters(VENUE, parameters(), none());
        vm.stopPrank();
        assertEq(bare.parametersDigest(VENUE), bytes32(0), "not before the timelock");
    }

    /// Each rate of any row: taken exactly when it moves by no more than the venue's bound.
    function testFuzz_aRateMovesNoFurtherThanTheBound(uint8 row, uint8 which, int256 by) public {
        row = uint8(bound(row, 0, 7));
        which = uint8(bound(which, 0, 6));
        uint256 active = RateWord.rate(parameters().words[row], which);
        by = int256(bound(uint256(by), 0, 20_000)) - 10_000;
        if (by < 0 && uint256(-by) > active) by = -int256(active);
        uint256 permitted = STEP + active * SHARE / 1e6;
        uint256 value = uint256(int256(active) + by);
        ParameterSet memory next = shifted(row, which, by);
        vm.prank(PARAMETERS);
        (bool ok, bytes memory got) =
            address(board).call(abi.encodeCall(board.proposeParameters, (VENUE, next, parameters())));
        if (!ordered(next.words[row])) {
            assertFalse(ok, "initial below maintenance");
            assertEq(bytes32(bytes4(got)), bytes32(RateWord.InitialBelowMaintenance.selector), "which error");
        } else if ((by < 0 ? uint256(-by) : uint256(by)) <= permitted) {
            assertTrue(ok, "within the bound");
        } else {
            assertFalse(ok, "beyond the bound");
            bytes memory reason =
                abi.encodeWithSelector(IMarketBoard.RateMovesTooFar.selector, row, which, value, active, permitted);
            assertEq(keccak256(got), keccak256(reason), "the reason");
        }
    }

    /// Written again: initial rates are not below those at maintenance.
    function ordered(uint256 word) private pure returns (bool) {
        uint256 m = 2 ** 24;
        return
            word / m ** 2 % m >= word % m && word / m ** 3 % m >= word / m % m && word / m ** 5 % m >= word / m ** 4 % m;
    }

    function test_aRateMovesExactlyByItsBoundAndNotOnePpmMore() public {
        int256 permitted = int256(STEP + 100_000 * SHARE / 1e6);
        propose(shifted(3, 4, permitted));
        propose(shifted(3, 4, -permitted));
        bytes4 selector = IMarketBoard.RateMovesTooFar.selector;
        uint256 p = uint256(permitted);
        refuse(shifted(3, 4, permitted + 1), abi.encodeWithSelector(selector, 3, 4, 100_001 + p, 100_000, p));
        refuse(shifted(3, 4, -permitted - 1), abi.encodeWithSelector(selector, 3, 4, 99_999 - p, 100_000, p));
    }

    /// Bounds hold for each change; so many changes take so many timelocks.
    function test_relaxingFurtherTakesAnotherTimelock() public {
        ParameterSet memory first = shifted(3, 4, -6_000);
        propose(first);
        vm.warp(block.timestamp + TIMELOCK);
        vm.startPrank(PARAMETERS);
        board.activateParameters(VENUE);
        ParameterSet memory second = shifted(3, 4, -11_500);
        board.proposeParameters(VENUE, second, first);
        vm.expectRevert();
        board.activateParameters(VENUE);
        vm.stopPrank();
    }

    function testFuzz_identitiesOfARowNeverChange(uint8 row, uint8 bit) public {
        row = uint8(bound(row, 0, 7));
        bit = uint8(bound(bit, 168, 233));
        ParameterSet memory next = parameters();
        next.words[row] ^= uint256(1) << bit;
        bytes memory reason = next.words[row] >> 170 == 0
            ? abi.encodeWithSelector(RateWord.InvalidWord.selector, row, next.words[row])
            : abi.encodeWithSelector(
                IMarketBoard.IdentityChanged.selector, row, next.words[row], parameters().words[row]
            );
        refuse(next, reason);
    }

    function test_wordsAreValid() public {
        ParameterSet memory next = parameters();
        next.words[1] |= 1 << 234;
        refuse(next, abi.encodeWithSelector(RateWord.InvalidWord.selector, 1, next.words[1]));
        next.words[1] = type(uint256).max;
        refuse(next, abi.encodeWithSelector(RateWord.InvalidWord.selector, 1, type(uint256).max));
        next.words[1] = parameters().words[1] & (2 ** 170 - 1);
        refuse(next, abi.encodeWithSelector(RateWord.InvalidWord.selector, 1, next.words[1]));
        bytes4 below = RateWord.InitialBelowMaintenance.selector;
        refuse(shifted(1, 2, -10_001), abi.encodeWithSelector(below, 1, 30_000, 30_001));
        refuse(shifted(1, 3, -10_001), abi.encodeWithSelector(below, 1, 30_999, 31_000));
        refuse(shifted(1, 5, -50_001), abi.encodeWithSelector(below, 1, 99_999, 100_000));
    }

    function test_nothingIsRemovedAndNewRowsAreFree() public {
        ParameterSet memory next = parameters();
        next.words = new uint256[](7);
        for (uint256 i = 0; i < 7; ++i) {
            next.words[i] = parameters().words[i];
        }
        refuse(next, abi.encodeWithSelector(IMarketBoard.FewerParameters.selector, bytes32("words"), 7, 8));
        next = parameters();
        next.moves = new int16[](2);
        refuse(next, abi.encodeWithSelector(IMarketBoard.FewerParameters.selector, bytes32("moves"), 2, 4));
        next.moves = new int16[](5);
        refuse(next, abi.encodeWithSelector(IMarketBoard.OddMoves.selector, 5));
        next = parameters();
        uint256[] memory words = new uint256[](9);
        for (uint256 i = 0; i < 8; ++i) {
            words[i] = next.words[i];
        }
        words[8] = wordOf([uint256(1), 2, 3, 4, 5, 6, 16_777_215], false, true, type(uint64).max);
        next.words = words;
        propose(next);
    }

    function testFuzz_scenarioMovesMoveInSteps(uint8 index, int16 move) public {
        index = uint8(bound(index, 0, 3));
        int256 active = parameters().moves[index];
        ParameterSet memory next = parameters();
        next.moves[index] = move;
        int256 distance = move > active ? move - active : active - move;
        if (move > 255 || move < -255) {
            refuse(next, abi.encodeWithSelector(IMarketBoard.MoveOutOfRange.selector, index, move));
        } else if (distance > 6) {
            refuse(next, abi.encodeWithSelector(IMarketBoard.MoveMovesTooFar.selector, index, move, active, 6));
        } else {
            propose(next);
        }
    }

    function test_theFirstSetIsHeldToTheRangeOfMoves() public {
        ParameterSet memory next = parameters();
        int16[] memory moves = new int16[](6);
        for (uint256 i = 0; i < 4; ++i) {
            moves[i] = next.moves[i];
        }
        next.moves = moves;
        (moves[4], moves[5]) = (255, -255);
        propose(next);
        moves[4] = 256;
        refuse(next, abi.encodeWithSelector(IMarketBoard.MoveOutOfRange.selector, 4, int256(256)));
        (moves[4], moves[5]) = (0, -256);
        refuse(next, abi.encodeWithSelector(IMarketBoard.MoveOutOfRange.selector, 5, int256(-256)));
    }
}
