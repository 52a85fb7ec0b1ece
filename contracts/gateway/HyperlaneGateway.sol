// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IHyperlaneMailbox, IHyperlaneRecipient} from "../interfaces/IMessageTransports.sol";
import {GatewayAdapter} from "./GatewayAdapter.sol";

/// @title Gateway over Hyperlane
/// @notice Names its own security module, for good: the mailbox's owner can stop messages, and forge none.
contract HyperlaneGateway is GatewayAdapter, IHyperlaneRecipient {
    IHyperlaneMailbox public immutable MAILBOX;
    address private immutable SECURITY_MODULE;

    /// @param securityModule has to verify messages of every chain that is connected
    constructor(address owner, IHyperlaneMailbox mailbox, address securityModule) GatewayAdapter(owner, address(mailbox)) {
        // A mailbox falls back on its owner's module where there is none.
        if (securityModule.code.length == 0) revert TransportWithoutCode(securityModule);
        (MAILBOX, SECURITY_MODULE) = (mailbox, securityModule);
    }

    /// @inheritdoc IHyperlaneRecipient
    function handle(uint32 origin, bytes32 sender, bytes calldata message) external payable {
        if (msg.sender != address(MAILBOX)) revert NotTransport(msg.sender);
        if (msg.value != 0) revert WrongFee(msg.value, 0);
        _deliver(origin, sender, message);
    }

    /// @inheritdoc IHyperlaneRecipient
    function interchainSecurityModule() external view returns (address) {
        return SECURITY_MODULE;
    }

    function _isDomain(uint256, uint256 transportDomain) internal view override returns (bool) {
        return transportDomain <= type(uint32).max && transportDomain != MAILBOX.localDomain();
    }

    function _fee(uint256 domain, address counterpart, bytes memory body) internal view override returns (uint256) {
        return MAILBOX.quoteDispatch(uint32(domain), bytes32(uint256(uint160(counterpart))), body);
    }

    function _dispatch(uint256 domain, address counterpart, bytes memory body, uint256 fee) internal override {
        MAILBOX.dispatch{value: fee}(uint32(domain), bytes32(uint256(uint160(counterpart))), body);
    }
}
