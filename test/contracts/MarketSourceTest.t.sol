// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMarketSource, MarginLevel, Market} from "../../contracts/interfaces/IMarketSource.sol";
import {EpochSubmission, ISolvencyRegistry, VenueConfig} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {MockMarketSource} from "./mocks/MockMarketSource.sol";
import {WritingMarketSource} from "./mocks/WritingMarketSource.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

/// @dev What a registry takes from the market source of a venue, and what it does not leave to it.
contract MarketSourceTest is RegistryFixture {
    uint256 private constant OTHER = 8;

    function test_theTableIsAskedOfTheVenuesOwnSource() public {
        MockMarketSource own = new MockMarketSource();
        registerOther(own);
        EpochSubmission memory s = seal(draft(1), block.chainid, address(registry), OTHER);
        refuse(s, abi.encodeWithSelector(ISolvencyRegistry.UnknownMarket.selector, OTHER, MARKET));
        own.set(VENUE, Market(MarginLevel.MAINTENANCE, uint64(START), 2));
        refuse(s, abi.encodeWithSelector(ISolvencyRegistry.UnknownMarket.selector, OTHER, MARKET));
        own.set(OTHER, Market(MarginLevel.MAINTENANCE, uint64(START), 2));
        vm.prank(OPERATOR);
        registry.submitEpoch(OTHER, s);
        assertEq(registry.latestEpoch(OTHER), 1, "accepted");
    }

    function test_K2_aCommitmentBeyondTheFieldIsRefusedWhateverTheSourceSays() public {
        MockMarketSource own = new MockMarketSource();
        own.set(OTHER, Market(MarginLevel.MAINTENANCE, uint64(START), 2));
        registerOther(own);
        EpochSubmission memory s = draft(1);
        s.marketCommitment = P + MARKET;
        refuse(
            seal(s, block.chainid, address(registry), OTHER),
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("marketCommitment"), P + MARKET)
        );
    }

    function test_theSourceCannotActWhileAnEpochIsTaken() public {
        WritingMarketSource own = new WritingMarketSource();
        registerOther(IMarketSource(address(own)));
        bytes memory call =
            abi.encodeCall(registry.submitEpoch, (OTHER, seal(draft(1), block.chainid, address(registry), OTHER)));
        vm.prank(OPERATOR);
        (bool ok,) = address(registry).call(call);
        assertFalse(ok, "a static call that writes must fail");
        assertEq(own.asked(), 0, "writes of the source");
        assertEq(registry.latestEpoch(OTHER), 0, "epochs");
    }

    function refuse(EpochSubmission memory s, bytes memory reason) private {
        vm.prank(OPERATOR);
        vm.expectRevert(reason);
        registry.submitEpoch(OTHER, s);
    }

    function registerOther(IMarketSource own) private {
        VenueConfig memory c = config();
        c.markets = own;
        vm.prank(OWNER);
        registry.registerVenue(OTHER, c);
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(OTHER, assets());
        vm.prank(OPERATOR);
        registry.openSnapshot(OTHER);
    }
}
