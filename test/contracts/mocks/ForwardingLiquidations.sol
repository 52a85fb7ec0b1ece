// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IDefaultFund} from "../../../contracts/interfaces/IDefaultFund.sol";
import {ILiquidationSource} from "../../../contracts/interfaces/ILiquidationSource.sol";

/// @dev What a liquidation contract does between a house and a fund, without asking who may.
contract ForwardingLiquidations is ILiquidationSource {
    IClearingHouse private immutable _house;
    IDefaultFund private immutable _fund;

    mapping(uint64 handle => bool) public isFrozen;
    mapping(uint256 venueId => uint256) public liquidating;

    constructor(IClearingHouse house, IDefaultFund fund) {
        (_house, _fund) = (house, fund);
    }

    function freeze(uint64 handle, bool frozen) external {
        isFrozen[handle] = frozen;
    }

    function payDebt(
        uint256 venueId,
        uint64 handle,
        uint16 row,
        uint64 quanta,
        Transition calldata transition,
        IERC20 token
    ) external {
        uint256 covered = _fund.draw(venueId, 0, quanta);
        token.approve(address(_house), covered);
        _house.payIn(handle, row, quanta, transition, covered);
    }

    function sharePayout(uint256 venueId, uint256 asset, uint256 amount) external returns (uint256) {
        return _fund.sharePayout(venueId, asset, amount);
    }
}
