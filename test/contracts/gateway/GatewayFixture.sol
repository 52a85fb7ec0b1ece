// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {GatewayAdapter} from "../../../contracts/gateway/GatewayAdapter.sol";
import {IGatewayAdapter} from "../../../contracts/interfaces/IMessageTransports.sol";
import {TestBase} from "../TestBase.sol";
import {MockRecipient} from "./TransportMocks.sol";

/// @dev What both adapters have to keep, over whatever transport.
abstract contract GatewayFixture is TestBase {
    uint256 internal constant HERE = 31337;
    uint256 internal constant THERE = 31338;
    uint256 internal constant ELSEWHERE = 31339;
    address internal constant COUNTERPART = address(0xc0ffee);
    address internal constant OTHER_COUNTERPART = address(0xc0ffef);
    address internal constant ORIGIN = address(0x0513);

    event MessageSent(
        bytes32 indexed sendId, bytes sender, bytes recipient, bytes payload, uint256 value, bytes[] attributes
    );

    GatewayAdapter internal gateway;
    MockRecipient internal recipient;

    function setUp() public {
        vm.chainId(HERE);
        recipient = new MockRecipient();
        gateway = _deploy();
        gateway.connect(THERE, _domain(THERE), COUNTERPART);
        gateway.connect(ELSEWHERE, _domain(ELSEWHERE), OTHER_COUNTERPART);
    }

    function testSendSaysWhoSent() public {
        bytes memory to = InteroperableAddress.formatEvmV1(THERE, address(0xbeef));
        bytes32 id = keccak256(abi.encode(HERE, address(gateway), 1));
        bytes memory from = InteroperableAddress.formatEvmV1(HERE, ORIGIN);
        vm.prank(ORIGIN);
        vm.expectEmit(address(gateway));
        emit MessageSent(id, from, to, "said", 0, new bytes[](0));
        bytes32 sendId = gateway.sendMessage(to, "said", new bytes[](0));
        assertEq(sendId, id, "send id");
        _assertSent(THERE, COUNTERPART, abi.encode(id, ORIGIN, address(0xbeef), bytes("said")));
        bytes32 second = gateway.sendMessage(to, "said", new bytes[](0));
        assertEq(second, keccak256(abi.encode(HERE, address(gateway), 2)), "the same again has a number of its own");
    }

    function testSendRefuses() public {
        bytes memory to = InteroperableAddress.formatEvmV1(THERE, address(0xbeef));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotConnected.selector, 5));
        gateway.sendMessage(InteroperableAddress.formatEvmV1(5, address(0xbeef)), "", new bytes[](0));
        bytes memory longer = abi.encodePacked(to, uint8(0));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotAnEvmAddress.selector, longer));
        gateway.sendMessage(longer, "", new bytes[](0));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotAnEvmAddress.selector, bytes("beef")));
        gateway.sendMessage("beef", "", new bytes[](0));
        bytes[] memory attributes = new bytes[](1);
        attributes[0] = hex"11223344";
        vm.expectRevert(
            abi.encodeWithSelector(IERC7786GatewaySource.UnsupportedAttribute.selector, bytes4(0x11223344))
        );
        gateway.sendMessage(to, "", attributes);
        uint256 fee = gateway.quote(to, "");
        vm.deal(address(this), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.WrongFee.selector, fee + 1, fee));
        gateway.sendMessage{value: fee + 1}(to, "", new bytes[](0));
    }

    function testDeliverSaysWhoSentAndPassesNoValue() public {
        _hand(THERE, COUNTERPART, _body(7, "said"));
        assertEq(recipient.received(), 1, "received");
        assertEq(recipient.receiveId(), bytes32(uint256(7)), "receive id");
        assertEq(
            keccak256(recipient.sender()), keccak256(InteroperableAddress.formatEvmV1(THERE, ORIGIN)), "sender"
        );
        assertEq(keccak256(recipient.payload()), keccak256("said"), "payload");
        assertEq(recipient.value(), 0, "value");
    }

    /// forge-config: default.fuzz.runs = 256
    function testFuzz_NobodyButTheCounterpartDelivers(address other, uint256 chain) public {
        vm.assume(other != COUNTERPART);
        vm.expectRevert(
            abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, THERE, bytes32(uint256(uint160(other))))
        );
        _hand(THERE, other, _body(1, "said"));
        chain = bound(chain, 1, type(uint32).max);
        vm.assume(chain != THERE);
        uint256 known = chain == ELSEWHERE ? chain : 0;
        bytes32 sender = bytes32(uint256(uint160(COUNTERPART)));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.NotCounterpart.selector, known, sender));
        _hand(chain, COUNTERPART, _body(1, "said"));
        assertEq(recipient.received(), 0, "received");
    }

    function testReplay() public {
        _hand(THERE, COUNTERPART, _body(7, "said"));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.DeliveredBefore.selector, bytes32(uint256(7))));
        _hand(THERE, COUNTERPART, _body(7, "said"));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.DeliveredBefore.selector, bytes32(uint256(7))));
        _hand(THERE, COUNTERPART, _body(7, "something else"));
        assertEq(recipient.received(), 1, "received");
    }

    function testAnotherChainTakesNoNumbers() public {
        _hand(ELSEWHERE, OTHER_COUNTERPART, _body(7, "said"));
        assertFalse(gateway.isDelivered(THERE, bytes32(uint256(7))), "delivered from there");
        _hand(THERE, COUNTERPART, _body(7, "said"));
        assertEq(recipient.received(), 2, "received");
    }

    function testWhatIsRefusedIsTriedAgain() public {
        recipient.setManner(MockRecipient.Manner.REVERTS);
        vm.expectRevert(MockRecipient.NotNow.selector);
        _hand(THERE, COUNTERPART, _body(7, "said"));
        recipient.setManner(MockRecipient.Manner.ANSWERS_WRONGLY);
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.RecipientRefused.selector, address(recipient)));
        _hand(THERE, COUNTERPART, _body(7, "said"));
        assertFalse(gateway.isDelivered(THERE, bytes32(uint256(7))), "delivered");
        recipient.setManner(MockRecipient.Manner.TAKES);
        _hand(THERE, COUNTERPART, _body(7, "said"));
        assertEq(recipient.received(), 1, "received");
        assertTrue(gateway.isDelivered(THERE, bytes32(uint256(7))), "delivered");
    }

    function testRecipientCannotReenter() public {
        recipient.setManner(MockRecipient.Manner.SENDS);
        vm.expectRevert(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        _hand(THERE, COUNTERPART, _body(7, "said"));
    }

    function testConnectOnceAndByTheOwnerAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.ConnectedBefore.selector, THERE));
        gateway.connect(THERE, _domain(THERE), address(1));
        vm.prank(address(1));
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(1)));
        gateway.connect(5, _domain(5), address(1));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.InvalidConnection.selector, HERE, HERE, address(1)));
        gateway.connect(HERE, HERE, address(1));
        vm.expectRevert(abi.encodeWithSelector(IGatewayAdapter.InvalidConnection.selector, 5, 5, address(0)));
        gateway.connect(5, 5, address(0));
        gateway.renounceOwnership();
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        gateway.connect(5, _domain(5), address(1));
        assertEq(gateway.counterpartOf(THERE), COUNTERPART, "counterpart");
    }

    function _body(uint256 id, bytes memory payload) internal view returns (bytes memory) {
        return abi.encode(bytes32(id), ORIGIN, address(recipient), payload);
    }

    function _deploy() internal virtual returns (GatewayAdapter);
    /// @dev What the transport calls a chain.
    function _domain(uint256 chainId) internal pure virtual returns (uint256);
    /// @dev As the transport does, when it vouches for `sender` on the chain.
    function _hand(uint256 chainId, address sender, bytes memory body) internal virtual;
    function _assertSent(uint256 chainId, address counterpart, bytes memory body) internal virtual;
}
