// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IL2ToL2CrossDomainMessenger} from "../interfaces/IMessageTransports.sol";
import {GatewayAdapter} from "./GatewayAdapter.sol";

/// @title Gateway between chains of one OP Stack interop set, over their own messenger
/// @notice Trusts what these chains trust already: no validators of its own. Domains are chain ids, and there is no fee.
contract OptimismGateway is GatewayAdapter {
    IL2ToL2CrossDomainMessenger public immutable MESSENGER;

    constructor(address owner, IL2ToL2CrossDomainMessenger messenger) GatewayAdapter(owner, address(messenger)) {
        MESSENGER = messenger;
    }

    /// @notice What the counterpart has the messenger call.
    function receiveFromMessenger(bytes calldata body) external {
        if (msg.sender != address(MESSENGER)) revert NotTransport(msg.sender);
        (address sender, uint256 source) = MESSENGER.crossDomainMessageContext();
        _deliver(source, bytes32(uint256(uint160(sender))), body);
    }

    function _isDomain(uint256 chainId, uint256 transportDomain) internal pure override returns (bool) {
        return transportDomain == chainId;
    }

    function _fee(uint256, address, bytes memory) internal pure override returns (uint256) {
        return 0;
    }

    function _dispatch(uint256 domain, address counterpart, bytes memory body, uint256) internal override {
        MESSENGER.sendMessage(domain, counterpart, abi.encodeCall(this.receiveFromMessenger, (body)));
    }
}
