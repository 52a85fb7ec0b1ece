// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {IMarketSource} from "../interfaces/IMarketSource.sol";
import {ISatelliteCollateralVault, ISatelliteHub} from "../interfaces/ISatelliteHub.sol";
import {ISolvencyRegistry, SettlementAsset} from "../interfaces/ISolvencyRegistry.sol";
import {Paid, VaultRules} from "../interfaces/VaultTypes.sol";
import {TokenTerms} from "../libraries/CrossChainMessages.sol";

/// @title What registry, vault and market source say of a venue, for the hub, which has no room to ask them itself
/// @dev Views of one registry, and nothing else.
contract SatelliteVenues {
    ISolvencyRegistry public immutable REGISTRY;

    constructor(ISolvencyRegistry registry) {
        if (address(registry).code.length == 0) revert ISolvencyRegistry.NoCode("registry", address(registry));
        REGISTRY = registry;
    }

    function requireParameterAdmin(uint256 venueId, address caller) external view {
        address admin = parameterAdminOf(venueId);
        if (caller != admin) revert ISolvencyRegistry.NotParameterAdmin(venueId, caller);
    }

    function parameterAdminOf(uint256 venueId) public view returns (address) {
        return REGISTRY.venue(venueId).parameterAdmin;
    }

    function haltAfterOf(uint256 venueId) external view returns (uint64) {
        return REGISTRY.venue(venueId).haltAfter;
    }

    function vaultOf(uint256 venueId) public view returns (ICollateralVault) {
        return ICollateralVault(address(REGISTRY.venue(venueId).reserves));
    }

    /// @notice The venue's vault; reverts unless that counts what the caller says, or claims would count in full.
    function vaultWithHub(uint256 venueId) external view returns (address vault) {
        vault = address(vaultOf(venueId));
        try ISatelliteCollateralVault(vault).HUB() returns (ISatelliteHub hub) {
            if (address(hub) != msg.sender) revert ISatelliteHub.InvalidTerms("vault");
        } catch {
            revert ISatelliteHub.InvalidTerms("vault");
        }
    }

    /// @notice Whether no claim can leave, on a leaf that the satellite's hatch cannot name, or on a request that it was not told of, in
    /// the time from the last message that arrived to the freeze.
    function isShort(uint256 venueId, uint64 freezeAfter) external view returns (bool) {
        ICollateralVault vault = vaultOf(venueId);
        VaultRules memory rules = vault.rulesOf(venueId);
        if (freezeAfter >= rules.answerWindow) return false;
        uint64 latest = REGISTRY.latestEpoch(venueId);
        uint32 answerWindow = vault.termsOf(venueId, latest + 1).answerWindow;
        if (answerWindow == 0) answerWindow = vault.termsOf(venueId, latest).answerWindow;
        // No epoch was opened: nothing is paid.
        return answerWindow == 0 || freezeAfter < answerWindow;
    }

    /// @notice Whether the claim is what the satellite takes its token for.
    function suits(uint256 venueId, address claim, TokenTerms calldata said) external view returns (bool) {
        try REGISTRY.settlementAsset(venueId, said.asset) returns (SettlementAsset memory asset) {
            if (asset.token != claim || asset.unitsPerQuantum != said.unitsPerQuantum) return false;
        } catch {
            return false;
        }
        IMarketSource markets = REGISTRY.venue(venueId).markets;
        try markets.assetOfRow(venueId, said.row) returns (uint256 found) {
            return found == said.asset;
        } catch {
            return false;
        }
    }

    /// @notice Newest standing epoch, and the tree sub-ledgers of assets, in base units; zeros before the first, whose accounts have nothing.
    function treesOf(uint256 venueId, uint16[] calldata assets)
        external
        view
        returns (uint64 stands, uint256[] memory trees)
    {
        ICollateralVault vault = vaultOf(venueId);
        stands = vault.newestStanding(venueId);
        trees = new uint256[](assets.length);
        for (uint256 i = 0; i < trees.length && stands != 0; ++i) {
            trees[i] = vault.treeBalance(venueId, assets[i]);
        }
    }

    /// @notice What the vault has under nullifiers; reverts for one that is not used.
    function paidUnder(uint256 venueId, uint256[] calldata nullifiers) external view returns (Paid[] memory paid) {
        ICollateralVault vault = vaultOf(venueId);
        paid = new Paid[](nullifiers.length);
        for (uint256 i = 0; i < paid.length; ++i) {
            if (!vault.isNullifierUsed(nullifiers[i])) revert ISatelliteHub.NullifierNotUsed(nullifiers[i]);
            paid[i] = vault.paidUnder(nullifiers[i]);
        }
    }
}
