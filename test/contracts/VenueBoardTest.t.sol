// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMarketSource} from "../../contracts/interfaces/IMarketSource.sol";
import {IReserveSource} from "../../contracts/interfaces/IReserveSource.sol";
import {
    EpochSubmission,
    ISolvencyRegistry,
    SettlementAsset,
    VenueConfig
} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract VenueBoardTest is RegistryFixture {
    uint256 private constant NEW_VENUE = 8;

    function register(VenueConfig memory config_, bytes memory reason) private {
        vm.prank(OWNER);
        vm.expectRevert(reason);
        registry.registerVenue(NEW_VENUE, config_);
    }

    function zero(bytes32 what) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISolvencyRegistry.ZeroAddress.selector, what);
    }

    function window(bytes32 what, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISolvencyRegistry.InvalidWindow.selector, what, value);
    }

    function test_aVenueIsStoredAsRegistered() public view {
        assertEq(keccak256(abi.encode(registry.venue(VENUE))), keccak256(abi.encode(config())), "config");
        assertEq(keccak256(abi.encode(registry.settlementAssets(VENUE))), keccak256(abi.encode(assets())), "assets");
    }

    function test_everyFieldOfAVenueIsChecked() public {
        VenueConfig memory c = config();
        c.admin = address(0);
        register(c, zero("admin"));
        c = config();
        c.operator = address(0);
        register(c, zero("operator"));
        c = config();
        c.parameterAdmin = address(0);
        register(c, zero("parameterAdmin"));
        c = config();
        c.fundToken = address(0);
        register(c, zero("fundToken"));
        c = config();
        c.reserves = IReserveSource(STRANGER);
        register(c, abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("reserves"), STRANGER));
        c = config();
        c.markets = IMarketSource(STRANGER);
        register(c, abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("markets"), STRANGER));
        c = config();
        c.valueUnitsPerFundUnit = 0;
        register(c, abi.encodeWithSelector(ISolvencyRegistry.ZeroFundConversion.selector));
        c = config();
        c.staleAfter = 0;
        register(c, window("staleAfter", 0));
        c = config();
        c.haltAfter = STALE_AFTER - 1;
        register(c, window("haltAfter", STALE_AFTER - 1));
        c = config();
        c.maxSubmissionAge = 0;
        register(c, window("maxSubmissionAge", 0));
    }

    function test_aVenueIdIsUsedOnceAndIsAFieldElement() public {
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.VenueExists.selector, VENUE));
        registry.registerVenue(VENUE, config());
        vm.expectRevert(abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("venueId"), P + VENUE));
        registry.registerVenue(P + VENUE, config());
        vm.stopPrank();
    }

    /// Every privileged function against every caller that lacks the role.
    function test_rolesMatrix() public {
        address[5] memory callers = [OWNER, ADMIN, OPERATOR, PARAMETERS, STRANGER];
        EpochSubmission memory s = sealed_(1);
        for (uint256 i = 0; i < callers.length; ++i) {
            address who = callers[i];
            if (who != OWNER) {
                refuse(
                    who,
                    abi.encodeCall(registry.registerVenue, (NEW_VENUE, config())),
                    abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, who)
                );
            }
            if (who != ADMIN) {
                bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotVenueAdmin.selector, VENUE, who);
                refuse(who, abi.encodeCall(registry.transferVenueAdmin, (VENUE, who)), reason);
                refuse(who, abi.encodeCall(registry.setOperator, (VENUE, who)), reason);
                refuse(who, abi.encodeCall(registry.setParameterAdmin, (VENUE, who)), reason);
            }
            if (who != OPERATOR) {
                bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotOperator.selector, VENUE, who);
                refuse(who, abi.encodeCall(registry.openSnapshot, (VENUE)), reason);
                refuse(who, abi.encodeCall(registry.submitEpoch, (VENUE, s)), reason);
            }
            if (who != PARAMETERS) {
                bytes memory reason = abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, VENUE, who);
                refuse(who, abi.encodeCall(registry.registerSettlementAssets, (VENUE, assets())), reason);
            }
            refuse(
                who,
                abi.encodeCall(registry.acceptVenueAdmin, (VENUE)),
                abi.encodeWithSelector(ISolvencyRegistry.NotPendingVenueAdmin.selector, VENUE, who)
            );
        }
    }

    function refuse(address who, bytes memory call, bytes memory reason) private {
        vm.prank(who);
        (bool ok, bytes memory got) = address(registry).call(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
    }

    function test_rolesOfAnUnknownVenueBelongToNobody() public {
        refuse(OPERATOR, abi.encodeCall(registry.openSnapshot, (NEW_VENUE)), unknown());
        refuse(ADMIN, abi.encodeCall(registry.setOperator, (NEW_VENUE, ADMIN)), unknown());
        refuse(PARAMETERS, abi.encodeCall(registry.registerSettlementAssets, (NEW_VENUE, assets())), unknown());
        refuse(address(0), abi.encodeCall(registry.acceptVenueAdmin, (NEW_VENUE)), unknown());
    }

    function unknown() private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, NEW_VENUE);
    }

    function test_venueAdminIsHandedOverInTwoSteps() public {
        vm.prank(ADMIN);
        registry.transferVenueAdmin(VENUE, STRANGER);
        assertEq(registry.venue(VENUE).admin, ADMIN, "nothing before acceptance");
        assertEq(registry.pendingVenueAdmin(VENUE), STRANGER, "pending");
        vm.prank(STRANGER);
        registry.acceptVenueAdmin(VENUE);
        assertEq(registry.venue(VENUE).admin, STRANGER, "accepted");
        assertEq(registry.pendingVenueAdmin(VENUE), address(0), "no longer pending");
        refuse(
            ADMIN,
            abi.encodeCall(registry.setOperator, (VENUE, ADMIN)),
            abi.encodeWithSelector(ISolvencyRegistry.NotVenueAdmin.selector, VENUE, ADMIN)
        );
    }

    function test_registryOwnershipIsHandedOverInTwoSteps() public {
        vm.prank(OWNER);
        registry.transferOwnership(STRANGER);
        assertEq(registry.owner(), OWNER, "nothing before acceptance");
        vm.prank(STRANGER);
        registry.acceptOwnership();
        assertEq(registry.owner(), STRANGER, "accepted");
    }

    function test_theAdminNamesOperatorAndParameterAdmin() public {
        vm.startPrank(ADMIN);
        registry.setOperator(VENUE, STRANGER);
        registry.setParameterAdmin(VENUE, OPERATOR);
        vm.expectRevert(zero("operator"));
        registry.setOperator(VENUE, address(0));
        vm.expectRevert(zero("parameterAdmin"));
        registry.setParameterAdmin(VENUE, address(0));
        vm.stopPrank();
        assertEq(registry.venue(VENUE).operator, STRANGER, "operator");
        assertEq(registry.venue(VENUE).parameterAdmin, OPERATOR, "parameter admin");
    }

    function test_settlementAssetsAreCheckedAndAppendOnly() public {
        SettlementAsset[] memory list = new SettlementAsset[](1);
        vm.startPrank(PARAMETERS);
        vm.expectRevert(zero("token"));
        registry.registerSettlementAssets(VENUE, list);
        list[0].token = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.InvalidUnitsPerQuantum.selector, STRANGER));
        registry.registerSettlementAssets(VENUE, list);
        list[0] = SettlementAsset(BTC, 1);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.DuplicateToken.selector, VENUE, BTC));
        registry.registerSettlementAssets(VENUE, list);
        list[0] = SettlementAsset(STRANGER, 3);
        registry.registerSettlementAssets(VENUE, list);
        vm.stopPrank();
        assertEq(registry.settlementAssets(VENUE)[1].token, BTC, "earlier assets stay");
        assertEq(registry.settlementAssets(VENUE)[2].token, STRANGER, "appended");
    }
}
