// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InstrumentListing, MarketSubmission, ParameterSet} from "../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {BoardFixture} from "./BoardFixture.sol";

/// @dev A venue without options: nothing in its tables is anybody's choice. Accounts leave under tables of initial level, and are
/// liquidated under tables of maintenance level.
contract WithheldTablesTest is BoardFixture {
    uint256 private constant ROWS = 4;
    uint256 private constant TABLE_1 = 71;
    uint256 private constant TABLE_2 = 72;

    function test_whereTheOperatorWithholdsTablesOfInitialLevelAnybodyBringsOne() public {
        openRound();
        MarketSubmission memory s = table(TABLE_1, MarginLevel.INITIAL);
        vm.prank(STRANGER);
        board.acceptMarket(VENUE, s);
        assertEq(board.latestMarket(VENUE, MarginLevel.INITIAL), TABLE_1, "before any of the operator's");

        // Young enough for a second longer, and then withheld.
        vm.warp(s.round.time + TABLE_AGE);
        refresh();
        openRound();
        s = table(TABLE_2, MarginLevel.INITIAL);
        refuseStranger(s);
        vm.warp(block.timestamp + 1);
        vm.prank(STRANGER);
        board.acceptMarket(VENUE, s);
        assertEq(board.latestMarket(VENUE, MarginLevel.INITIAL), TABLE_2, "once the newest is too old");
    }

    function test_whileTheOperatorBringsThemNobodyElseDoes() public {
        openRound();
        accept(table(TABLE_1, MarginLevel.INITIAL));
        vm.warp(block.timestamp + TABLE_AGE / 2);
        refresh();
        openRound();
        refuseStranger(table(TABLE_2, MarginLevel.INITIAL));
    }

    /// @dev Accounts are challenged and sold under them: else a venue would keep whom it likes from liquidation.
    function test_whereTheOperatorWithholdsTablesOfMaintenanceLevelAnybodyBringsOne() public {
        openRound();
        accept(table(TABLE_1, MarginLevel.MAINTENANCE));
        vm.warp(block.timestamp + TABLE_AGE);
        refresh();
        openRound();
        refuseStranger(table(TABLE_2, MarginLevel.MAINTENANCE));
        vm.warp(block.timestamp + 1);
        MarketSubmission memory s = table(TABLE_2, MarginLevel.MAINTENANCE);
        vm.prank(STRANGER);
        board.acceptMarket(VENUE, s);
        assertEq(board.latestMarket(VENUE, MarginLevel.MAINTENANCE), TABLE_2, "once the newest is too old");
    }

    /// @dev One of initial level says nothing of the other's age.
    function test_aYoungTableOfOneLevelKeepsNobodyFromBringingTheOther() public {
        openRound();
        accept(table(TABLE_1, MarginLevel.INITIAL));
        MarketSubmission memory s = table(TABLE_2, MarginLevel.MAINTENANCE);
        vm.prank(STRANGER);
        board.acceptMarket(VENUE, s);
        assertEq(board.latestMarket(VENUE, MarginLevel.MAINTENANCE), TABLE_2, "none of its level before");
    }

    function test_aTableThatNamesVolatilitiesIsNobodyElses() public {
        openRound();
        MarketSubmission memory s = table(TABLE_1, MarginLevel.INITIAL);
        s.volatilities = new uint32[](1);
        s.volatilities[0] = 500_000;
        refuseStranger(s);
    }

    function table(uint256 commitment, MarginLevel level) private view returns (MarketSubmission memory s) {
        s = draftTable(commitment);
        s.level = level;
        s.volatilities = new uint32[](0);
        s.volatilitySignatures = new bytes[](0);
        return sealTable(s, block.chainid, address(registry), VENUE);
    }

    function refuseStranger(MarketSubmission memory s) private {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NotOperator.selector, VENUE, STRANGER));
        board.acceptMarket(VENUE, s);
    }

    function listings() internal pure override returns (InstrumentListing[] memory list) {
        InstrumentListing[] memory all = super.listings();
        list = new InstrumentListing[](ROWS);
        for (uint256 i = 0; i < ROWS; ++i) {
            list[i] = all[i];
        }
    }

    function parameters() internal pure override returns (ParameterSet memory set) {
        ParameterSet memory all = super.parameters();
        set.moves = all.moves;
        set.words = new uint256[](ROWS);
        for (uint256 i = 0; i < ROWS; ++i) {
            set.words[i] = all.words[i];
        }
    }
}
