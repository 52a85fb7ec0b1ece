// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title What a contract holds for whom, paid when they fetch it
/// @dev A token that refuses a transfer to one party then stops nothing that the other is due.
abstract contract TokenCredits is ReentrancyGuard {
    using SafeERC20 for IERC20;

    event Credited(address indexed token, address indexed account, uint256 amount);
    event Withdrawn(address indexed token, address indexed account, address to, uint256 amount);

    /// @dev Tokens that keep a fee, or that are more or fewer by themselves, do not belong here.
    error WrongAmountReceived(address token, uint256 got, uint256 expected);
    error NothingToWithdraw(address token, address account);

    mapping(address token => mapping(address account => uint256)) private _credits;

    /// @notice Pays the caller all it is due in a token. In every mode of the gate.
    function withdraw(IERC20 token, address to) external nonReentrant returns (uint256 amount) {
        amount = _credits[address(token)][msg.sender];
        if (amount == 0) revert NothingToWithdraw(address(token), msg.sender);
        _credits[address(token)][msg.sender] = 0;
        emit Withdrawn(address(token), msg.sender, to, amount);
        token.safeTransfer(to, amount);
    }

    /// @notice Token base units that the account can withdraw.
    function creditOf(address token, address account) external view returns (uint256) {
        return _credits[token][account];
    }

    function _credit(IERC20 token, address account, uint256 amount) internal {
        if (amount == 0) return;
        _credits[address(token)][account] += amount;
        emit Credited(address(token), account, amount);
    }

    /// @dev Requires a reentrancy guard around it: the difference of balances must be this transfer's.
    function _pull(IERC20 token, uint256 amount) internal {
        if (amount == 0) return;
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 afterwards = token.balanceOf(address(this));
        uint256 received = afterwards > before ? afterwards - before : 0;
        if (received != amount) revert WrongAmountReceived(address(token), received, amount);
    }
}
