// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "./interfaces/IAccountProofs.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {IDefaultFund} from "./interfaces/IDefaultFund.sol";
import {ILiquidationSource} from "./interfaces/ILiquidationSource.sol";
import {IPoseidon6} from "./interfaces/IPoseidon6.sol";
import {LiquidationRulesBoard} from "./liquidation/LiquidationRulesBoard.sol";
import {Slices} from "./liquidation/Slices.sol";

/// @title Challenges of cleared accounts, and the sale of those under water
/// @dev Holds bonds and nothing else; tokens pass through within a call. No owner, no upgrade.
contract Liquidations is Slices {
    /// @param proofs of the same registry: checks marks, and says its mode
    /// @param fund of the same house
    /// @param poseidon6 the hash that trade commitments are made with
    /// @param minTimelock shortest a venue may have, seconds
    constructor(
        IClearingHouse house,
        IAccountProofs proofs,
        IDefaultFund fund,
        IPoseidon6 poseidon6,
        uint256 minTimelock
    ) LiquidationRulesBoard(house, proofs, fund, poseidon6, minTimelock) {}

    /// @inheritdoc ILiquidationSource
    function sharePayout(uint256 venueId, uint256 asset, uint256 amount) external nonReentrant returns (uint256 paid) {
        if (msg.sender != address(HOUSE)) revert NotTheHouse(msg.sender);
        return FUND.sharePayout(venueId, asset, amount);
    }
}
