// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ILiquidationSource} from "../../../contracts/interfaces/ILiquidationSource.sol";

/// @dev Accounts are frozen when a test says so; of payouts it pays what a test says.
contract MockLiquidations is ILiquidationSource {
    mapping(uint64 handle => bool) public isFrozen;
    /// @dev ppm of every payout that is not paid.
    uint256 public lossRate;

    function freeze(uint64 handle, bool frozen) external {
        isFrozen[handle] = frozen;
    }

    function lose(uint256 ppm) external {
        lossRate = ppm;
    }

    function sharePayout(uint256, uint256, uint256 amount) external view returns (uint256) {
        return amount - amount * lossRate / 1e6;
    }
}
