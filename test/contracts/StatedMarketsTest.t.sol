// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {StatedMarkets} from "../../contracts/demo/StatedMarkets.sol";
import {TestChainContract} from "../../contracts/demo/TestChainContract.sol";
import {MarginLevel, Market} from "../../contracts/interfaces/IMarketSource.sol";
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
}
