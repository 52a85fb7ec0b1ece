// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CollateralVault} from "../CollateralVault.sol";
import {IAccountProofs} from "../interfaces/IAccountProofs.sol";
import {ISatelliteCollateralVault, ISatelliteHub} from "../interfaces/ISatelliteHub.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {VaultPayouts} from "../vault/VaultPayouts.sol";
import {VaultWindUp} from "../vault/VaultWindUp.sol";

/// @title A vault that holds claims on satellites too, and counts of them what its hub says
contract SatelliteCollateralVault is CollateralVault, ISatelliteCollateralVault {
    ISatelliteHub public immutable HUB;

    /// @param hub of the same registry
    constructor(
        address owner_,
        ISolvencyRegistry registry,
        IAccountProofs gate,
        uint256 minTimelock,
        VaultPayouts payouts,
        VaultWindUp windUp,
        ISatelliteHub hub
    ) CollateralVault(owner_, registry, gate, minTimelock, payouts, windUp) {
        if (address(hub.REGISTRY()) != address(registry)) revert PartOfAnotherVault(address(hub));
        HUB = hub;
    }

    function _counted(uint256 venueId, address token, uint256 held) internal view override returns (uint256) {
        return HUB.countable(venueId, token, held);
    }
}
