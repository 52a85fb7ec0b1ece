// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AssetLimit, IReserveSource, ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";

/// @dev Reports whatever a test sets, and can report too few amounts.
contract MockReserveSource is IReserveSource {
    mapping(address token => uint256) public amounts;
    uint256 public fund;
    bool public dropsOne;
    ReserveState private _state;
    mapping(uint256 asset => AssetLimit) private _limits;
    mapping(uint256 asset => bool) private _isLimited;

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

    function setState(ReserveState state_) external {
        _state = state_;
    }

    function setLimit(uint256 asset, AssetLimit calldata limit) external {
        _limits[asset] = limit;
        _isLimited[asset] = true;
    }

    function limits(uint256, uint256 count) external view returns (AssetLimit[] memory list) {
        list = new AssetLimit[](dropsOne ? count - 1 : count);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _isLimited[i] ? _limits[i] : AssetLimit(type(uint128).max, type(uint128).max);
        }
    }

    function state(uint256) external view virtual returns (ReserveState) {
        return _state;
    }
}
