// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ILiquidationSource} from "../../../contracts/interfaces/ILiquidationSource.sol";

/// @dev Accounts are being liquidated when a test says so.
contract MockLiquidations is ILiquidationSource {
    mapping(uint64 handle => bool) public isLiquidated;

    function set(uint64 handle, bool liquidated) external {
        isLiquidated[handle] = liquidated;
    }
}
