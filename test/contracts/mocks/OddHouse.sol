// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IClearedCredits} from "../../../contracts/interfaces/IClearedCredits.sol";

/// @dev A clearing house that keeps credits by handle, knows no handle at all, or calls something else when it hears of one.
contract OddHouse is IClearedCredits {
    error HandleUnknown(bytes32 handle);

    mapping(bytes32 handle => mapping(uint256 asset => uint256)) public creditOf;
    uint256 public venue;
    bool private _refuses;
    address private _target;
    bytes private _call;

    function setRefuses(bool refuses) external {
        _refuses = refuses;
    }

    function setCall(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function creditCleared(uint256 venueId, bytes32 handle, uint256 asset, uint256 amount) external {
        if (_refuses) revert HandleUnknown(handle);
        venue = venueId;
        creditOf[handle][asset] += amount;
        if (_target == address(0)) return;
        (bool ok, bytes memory reason) = _target.call(_call);
        if (!ok) {
            assembly {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }
}
