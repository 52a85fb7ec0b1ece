// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GatewayAdapter} from "../../../contracts/gateway/GatewayAdapter.sol";
import {OptimismGateway} from "../../../contracts/gateway/OptimismGateway.sol";
import {IGatewayAdapter, IL2ToL2CrossDomainMessenger} from "../../../contracts/interfaces/IMessageTransports.sol";
import {GatewayFixture} from "./GatewayFixture.sol";
import {MockMessenger} from "./TransportMocks.sol";

contract OptimismGatewayTest is GatewayFixture {
    MockMessenger internal messenger;

    function testOnlyTheMessengerHands() public {
        OptimismGateway optimism = OptimismGateway(address(gateway));
        // The context of a message that was handed over before says nothing of who calls now.
        _hand(THERE, COUNTERPART, _body(1, "said"));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotTransport.selector, address(this)));
        optimism.receiveFromMessenger(_body(2, "said"));
    }

    function testWrongSource() public {
        bytes32 sender = bytes32(uint256(uint160(COUNTERPART)));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, ELSEWHERE, sender));
        _hand(ELSEWHERE, COUNTERPART, _body(1, "said"));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, 0, sender));
        _hand(HERE, COUNTERPART, _body(1, "said"));
        assertEq(recipient.received(), 0, "received");
    }

    function testDomainIsTheChainId() public {
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.InvalidConnection.selector, 5, 6, address(1)));
        gateway.connect(5, 6, address(1));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.TransportWithoutCode.selector, address(9)));
        new OptimismGateway(address(this), IL2ToL2CrossDomainMessenger(address(9)));
    }

    function _deploy() internal override returns (GatewayAdapter) {
        messenger = new MockMessenger();
        return new OptimismGateway(address(this), messenger);
    }

    function _domain(uint256 chainId) internal pure override returns (uint256) {
        return chainId;
    }

    function _hand(uint256 chainId, address sender, bytes memory body) internal override {
        bytes memory call_ = abi.encodeCall(OptimismGateway.receiveFromMessenger, (body));
        messenger.hand(address(gateway), chainId, sender, call_);
    }

    function _assertSent(uint256 chainId, address counterpart, bytes memory body) internal view override {
        assertEq(messenger.destination(), chainId, "destination");
        assertEq(messenger.target(), counterpart, "target");
        bytes memory call_ = abi.encodeCall(OptimismGateway.receiveFromMessenger, (body));
        assertEq(keccak256(messenger.message()), keccak256(call_), "message");
    }
}
