// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IReserveSource} from "../../../contracts/interfaces/IReserveSource.sol";

/// @dev Reports whatever a test sets, and can report too few amounts.
contract MockReserveSource is IReserveSource {
    mapping(address token => uint256) public amounts;
    uint256 public fund;
    bool public dropsOne;

    function set(address token, uint256 amount) external {
        amounts[token] = amount;
    }

    function setFund(uint256 amount) external {
        fund = amount;
    }

    function setDropsOne(bool drops) external {
        dropsOne = drops;
    }

    function checkpoint(uint256, uint64, address[] calldata tokens, address)
        external
        view
        returns (uint256[] memory reserves, uint256)
    {
        reserves = new uint256[](dropsOne ? tokens.length - 1 : tokens.length);
        for (uint256 i = 0; i < reserves.length; ++i) {
            reserves[i] = amounts[tokens[i]];
        }
        return (reserves, fund);
    }
}
