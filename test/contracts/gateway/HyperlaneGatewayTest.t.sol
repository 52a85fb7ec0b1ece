// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {GatewayAdapter} from "../../../contracts/gateway/GatewayAdapter.sol";
import {HyperlaneGateway} from "../../../contracts/gateway/HyperlaneGateway.sol";
import {IGatewayAdapter, IHyperlaneMailbox} from "../../../contracts/interfaces/IMessageTransports.sol";
import {GatewayFixture} from "./GatewayFixture.sol";
import {MockMailbox} from "./TransportMocks.sol";

contract HyperlaneGatewayTest is GatewayFixture {
    MockMailbox internal mailbox;

    function testOnlyTheMailboxHands() public {
        HyperlaneGateway hyperlane = HyperlaneGateway(address(gateway));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotTransport.selector, address(this)));
        hyperlane.handle(uint32(_domain(THERE)), _word(COUNTERPART), _body(1, "said"));
    }

    /// The origin is a domain; a chain whose id is that number is another chain.
    function testWrongOrigin() public {
        bytes32 sender = _word(COUNTERPART);
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, 0, sender));
        mailbox.hand(HyperlaneGateway(address(gateway)), uint32(THERE), sender, _body(1, "said"));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, ELSEWHERE, sender));
        mailbox.hand(HyperlaneGateway(address(gateway)), uint32(_domain(ELSEWHERE)), sender, _body(1, "said"));
        // An address with dirt above its 20 bytes is another sender.
        bytes32 dirty = bytes32(uint256(sender) | (1 << 160));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, THERE, dirty));
        mailbox.hand(HyperlaneGateway(address(gateway)), uint32(_domain(THERE)), dirty, _body(1, "said"));
        assertEq(recipient.received(), 0, "received");
    }

    function testDeliveryTakesNoValue() public {
        vm.deal(address(this), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.WrongFee.selector, 1, 0));
        mailbox.hand{value: 1}(
            HyperlaneGateway(address(gateway)), uint32(_domain(THERE)), _word(COUNTERPART), _body(1, "said")
        );
    }

    function testFeeIsTheMailboxs() public {
        mailbox.setFee(5);
        bytes memory to = InteroperableAddress.formatEvmV1(THERE, address(0xbeef));
        assertEq(gateway.quote(to, "said"), 5, "quote");
        vm.deal(address(this), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.WrongFee.selector, 4, 5));
        gateway.sendMessage{value: 4}(to, "said", new bytes[](0));
        gateway.sendMessage{value: 5}(to, "said", new bytes[](0));
        assertEq(address(mailbox).balance, 5, "paid");
        assertEq(address(gateway).balance, 0, "kept");
    }

    function testModuleIsNamedAndThere() public {
        assertEq(HyperlaneGateway(address(gateway)).interchainSecurityModule(), address(recipient), "module");
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.TransportWithoutCode.selector, address(9)));
        new HyperlaneGateway(address(this), mailbox, address(9));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.TransportWithoutCode.selector, address(9)));
        new HyperlaneGateway(address(this), IHyperlaneMailbox(address(9)), address(recipient));
    }

    function testDomainsAreDistinctAndFit() public {
        uint256 wide = uint256(type(uint32).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.InvalidConnection.selector, 5, wide, address(1)));
        gateway.connect(5, wide, address(1));
        uint256 own = _domain(HERE);
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.InvalidConnection.selector, 5, own, address(1)));
        gateway.connect(5, own, address(1));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.ConnectedBefore.selector, 5));
        gateway.connect(5, _domain(THERE), address(1));
        assertEq(gateway.transportDomainOf(THERE), _domain(THERE), "domain");
    }

    function _deploy() internal override returns (GatewayAdapter) {
        mailbox = new MockMailbox(uint32(_domain(HERE)));
        // Any code will do for a module: the mailbox asks it, not the gateway.
        return new HyperlaneGateway(address(this), mailbox, address(recipient));
    }

    function _domain(uint256 chainId) internal pure override returns (uint256) {
        return chainId + 1_000_000;
    }

    function _hand(uint256 chainId, address sender, bytes memory body) internal override {
        // forge-lint: disable-next-line(unsafe-typecast)
        uint32 origin = chainId > type(uint32).max - 1_000_000 ? 1 : uint32(_domain(chainId));
        mailbox.hand(HyperlaneGateway(address(gateway)), origin, _word(sender), body);
    }

    function _assertSent(uint256 chainId, address counterpart, bytes memory body) internal view override {
        assertEq(mailbox.destination(), _domain(chainId), "destination");
        assertEq(mailbox.recipient(), _word(counterpart), "recipient");
        assertEq(keccak256(mailbox.body()), keccak256(body), "body");
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}
