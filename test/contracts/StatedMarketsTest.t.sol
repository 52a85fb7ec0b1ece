// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {StatedMarkets} from "../../contracts/demo/StatedMarkets.sol";
import {TestChainContract} from "../../contracts/demo/TestChainContract.sol";
import {IMarketSource, MarginLevel, Market} from "../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract StatedMarketsTest is RegistryFixture {
    function state(uint256 commitment, Market memory m, uint8 valueScale, bytes memory reason) private {
        vm.prank(PARAMETERS);
        vm.expectRevert(reason);
        markets.stateMarket(VENUE, commitment, m, valueScale);
    }

    function plain() private pure returns (Market memory) {
        return Market(MarginLevel.MAINTENANCE, uint64(START), 2);
    }

    function test_aStatedTableIsAnsweredForItsVenueAlone() public view {
        assertEq(keccak256(abi.encode(markets.market(VENUE, MARKET))), keccak256(abi.encode(plain())), "as stated");
        assertEq(uint8(markets.market(VENUE, 1).level), uint8(MarginLevel.NONE), "another commitment");
        assertEq(uint8(markets.market(VENUE + 1, MARKET).level), uint8(MarginLevel.NONE), "another venue");
    }

    function test_onlyTheVenuesParameterAdminStates() public {
        address[4] memory others = [OWNER, ADMIN, OPERATOR, STRANGER];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, VENUE, others[i]));
            markets.stateMarket(VENUE, 1, plain(), 12);
        }
        vm.prank(PARAMETERS);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, VENUE + 1));
        markets.stateMarket(VENUE + 1, 1, plain(), 12);
    }

    function test_everyFieldOfAMarketIsChecked() public {
        Market memory m = plain();
        state(MARKET, m, 12, abi.encodeWithSelector(StatedMarkets.MarketExists.selector, VENUE, MARKET));
        state(P, m, 12, abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), P));
        state(1, m, 6, abi.encodeWithSelector(StatedMarkets.WrongValueScale.selector, 6, 12));
        m.snapshotTime = uint64(START + 1);
        state(1, m, 12, abi.encodeWithSelector(StatedMarkets.MarketFromTheFuture.selector, START + 1, START));
        m = Market(MarginLevel.NONE, uint64(START), 2);
        state(1, m, 12, abi.encodeWithSelector(StatedMarkets.InvalidMarketLevel.selector, 1));
        m = Market(MarginLevel.INITIAL, uint64(START), 3);
        state(1, m, 12, abi.encodeWithSelector(StatedMarkets.InvalidAssetCount.selector, 3, 2));
        m.settlementAssets = 0;
        state(1, m, 12, abi.encodeWithSelector(StatedMarkets.InvalidAssetCount.selector, 0, 2));
    }

    function test_itIsDeployedOnTestChainsOnly() public {
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(TestChainContract.TestChainsOnly.selector, 1));
        new StatedMarkets(registry);
        vm.chainId(1337);
        new StatedMarkets(registry);
    }

    function pair(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function test_aStatedRowIsItsAssetAndTiersMayShareOne() public {
        vm.startPrank(PARAMETERS);
        markets.stateSettlementRows(VENUE, pair(0, 1), pair(0, 1));
        markets.stateSettlementRows(VENUE, pair(9, 10), pair(1, 1));
        vm.stopPrank();
        assertEq(markets.assetOfRow(VENUE, 0), 0, "USD");
        assertEq(markets.assetOfRow(VENUE, 1), 1, "BTC");
        assertEq(markets.assetOfRow(VENUE, 10), 1, "a tier of BTC");
        vm.expectRevert(abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, VENUE, 2));
        markets.assetOfRow(VENUE, 2);
        vm.expectRevert(abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, VENUE + 1, 0));
        markets.assetOfRow(VENUE + 1, 0);
    }

    function test_aRowIsStatedOnceAndOfARegisteredAsset() public {
        vm.startPrank(PARAMETERS);
        markets.stateSettlementRows(VENUE, pair(0, 1), pair(0, 1));
        vm.expectRevert(abi.encodeWithSelector(StatedMarkets.RowExists.selector, VENUE, 1));
        markets.stateSettlementRows(VENUE, pair(5, 1), pair(0, 0));
        vm.expectRevert(abi.encodeWithSelector(StatedMarkets.RowExists.selector, VENUE, 5));
        markets.stateSettlementRows(VENUE, pair(5, 5), pair(0, 0));
        vm.expectRevert(abi.encodeWithSelector(StatedMarkets.UnknownAsset.selector, 2, 2));
        markets.stateSettlementRows(VENUE, pair(5, 6), pair(1, 2));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IMarketSource.NotASettlementRow.selector, VENUE, 5));
        markets.assetOfRow(VENUE, 5);
    }

    function test_onlyTheVenuesParameterAdminStatesRows() public {
        address[4] memory others = [OWNER, ADMIN, OPERATOR, STRANGER];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, VENUE, others[i]));
            markets.stateSettlementRows(VENUE, pair(0, 1), pair(0, 1));
        }
    }
}
