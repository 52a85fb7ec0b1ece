// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Takes tokens from the caller and counts what arrives
library TokenIntake {
    using SafeERC20 for IERC20;

    error NothingReceived(address token, uint256 asked);
    error BalanceFell(address token, uint256 before, uint256 afterwards);

    /// @notice What arrived, which is not always what was asked for: a token may keep a fee, or lie about what it moved.
    /// @dev Requires a reentrancy guard around it: the difference of balances must be this transfer's.
    function pull(address token, uint256 amount) internal returns (uint256 received) {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 afterwards = IERC20(token).balanceOf(address(this));
        if (afterwards < before) revert BalanceFell(token, before, afterwards);
        received = afterwards - before;
        if (received == 0) revert NothingReceived(token, amount);
    }
}
