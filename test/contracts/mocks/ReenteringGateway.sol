// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @dev Calls back whoever sends through it, as it was told, and says how that ended by its own revert.
contract ReenteringGateway is IERC7786GatewaySource {
    bytes private _call;

    function setCall(bytes calldata call_) external {
        _call = call_;
    }

    function supportsAttribute(bytes4) external pure returns (bool) {
        return false;
    }

    function sendMessage(bytes calldata, bytes calldata, bytes[] calldata) external payable returns (bytes32) {
        _run(msg.sender, _call);
        return 0;
    }

    function _run(address target, bytes memory call_) private {
        (bool ok, bytes memory reason) = target.call(call_);
        if (ok) return;
        assembly {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
