// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @dev A challenger or operator whose receiving of ether is odd: it calls something else first, or refuses.
contract OddParty {
    address private _target;
    bytes private _call;
    bool public refuses;
    bool public entered;
    bytes public answer;

    function setCall(address target, bytes calldata call_) external {
        (_target, _call, entered) = (target, call_, false);
    }

    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    function run(address target, bytes calldata call_) external payable returns (bytes memory got) {
        bool ok;
        (ok, got) = target.call{value: msg.value}(call_);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(got, 0x20), mload(got))
            }
        }
    }

    receive() external payable {
        require(!refuses, "no ether here");
        if (_target == address(0)) return;
        bool ok;
        (ok, answer) = _target.call(_call);
        entered = ok;
    }
}
