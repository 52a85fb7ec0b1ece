// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ILiquidationSource} from "../../../contracts/interfaces/ILiquidationSource.sol";

/// @dev Accounts are frozen when a test says so; of payouts it pays what a test says.
contract MockLiquidations is ILiquidationSource {
    mapping(uint64 handle => bool) public isFrozen;
    /// @dev Of all payouts together.
    uint256 public asked;
    mapping(uint256 venueId => uint256) public liquidating;
    uint256 private _lossRate;
    uint256 private _paid;

    function freeze(uint64 handle, bool frozen) external {
        isFrozen[handle] = frozen;
    }

    function sell(uint256 venueId, uint256 accounts) external {
        liquidating[venueId] = accounts;
    }

    /// @dev ppm of every payout that is not paid, rounded up.
    function lose(uint256 ppm) external {
        _lossRate = ppm;
    }

    /// @dev Of every payout, whatever it asks for.
    function pay(uint256 amount) external {
        _paid = amount;
    }

    function sharePayout(uint256, uint256, uint256 amount) external returns (uint256) {
        asked += amount;
        return _paid == 0 ? amount * (1e6 - _lossRate) / 1e6 : _paid;
    }
}
