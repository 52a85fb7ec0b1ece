// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";
import {IGatewayInbox} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {IMessageOrigin} from "../../../contracts/interfaces/ISolvencyBeacon.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {CrossChainMessages, Envelope, MessageKind} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SolvencyBeacon} from "../../../contracts/SolvencyBeacon.sol";
import {MockGateway} from "../mocks/MockGateway.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev Deliveries in another's name, from another chain, in other bytes.
contract InboxForgeryTest is MirrorFixture {
    bytes private payload;

    function setUp() public override {
        super.setUp();
        payload = makeEpoch();
        vm.chainId(AWAY);
    }

    function refuse(MockGateway gateway, bytes memory from, bytes memory bytes_, bytes memory reason) private {
        vm.expectRevert(reason);
        gateway.deliverAs(address(mirror), from, bytes_);
        assertMode(GateMode.HALT, "nothing was taken");
    }

    function unknown(bytes memory from) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGatewayInbox.UnknownSource.selector, keccak256(from));
    }

    function mismatch(bytes32 what) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGatewayInbox.EnvelopeMismatch.selector, what);
    }

    function testHonestDeliveryIsTaken() public {
        gateways[0].deliverAs(address(mirror), sender, payload);
        gateways[2].deliverAs(address(mirror), sender, payload);
        assertMode(GateMode.OPEN, "taken");
    }

    /// Anybody can deploy a beacon, and make messages of another registry or of lies: the gateways say who sent.
    function testForgedSenderContract() public {
        bytes memory from = InteroperableAddress.formatEvmV1(HOME, STRANGER);
        refuse(gateways[0], from, payload, unknown(from));
    }

    function testForgedSenderGateway() public {
        MockGateway own = new MockGateway();
        bytes memory reason =
            abi.encodeWithSelector(ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, address(own), sender);
        refuse(own, sender, payload, reason);
        vm.expectRevert(
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, address(this), sender
            )
        );
        mirror.receiveMessage(0, sender, payload);
    }

    /// A genuine beacon relays what another origin made: the envelope speaks for its own origin.
    function testForgedSenderEnvelope() public {
        vm.chainId(HOME);
        SolvencyBeacon other = new SolvencyBeacon(gate, registry);
        bytes memory foreign = other.makeEpoch(VENUE);
        refuseSecond(foreign, mismatch("origin"));
        vm.expectRevert(abi.encodeWithSelector(IMessageOrigin.NotMadeHere.selector, keccak256(foreign)));
        beacon.relay(foreign, gateways[0], sender);
    }

    function testForgedSenderRegistry() public {
        Envelope memory envelope = opened(payload);
        envelope.registry = STRANGER;
        refuseSecond(CrossChainMessages.encode(envelope), mismatch("registry"));
    }

    /// The same beacon after a fork of the home chain, and this envelope on other chains.
    function testWrongSourceChain() public {
        bytes memory from = InteroperableAddress.formatEvmV1(HOME + 1, address(beacon));
        refuse(gateways[0], from, payload, unknown(from));
        vm.chainId(HOME + 1);
        bytes memory forked = makeEpoch();
        refuseSecond(forked, mismatch("origin"));
    }

    /// A parser takes what follows an address for nothing, and so one sender would have many names; and one message many hashes.
    function testTrailingBytes() public {
        bytes memory from = bytes.concat(sender, hex"00");
        (bool parses,, address account) = InteroperableAddress.tryParseEvmV1(from);
        assertTrue(parses && account == address(beacon), "a parser takes it");
        refuse(gateways[0], from, payload, unknown(from));
        bytes memory longer = bytes.concat(payload, hex"00");
        refuseSecond(longer, abi.encodeWithSelector(CrossChainMessages.NotCanonical.selector, keccak256(longer)));
    }

    function testOtherVersion() public {
        Envelope memory envelope = opened(payload);
        envelope.version = 2;
        refuseSecond(
            CrossChainMessages.encode(envelope), abi.encodeWithSelector(CrossChainMessages.UnknownVersion.selector, 2)
        );
    }

    function testKindsOfOtherOrigins() public {
        for (uint8 kind = 0; kind <= uint8(MessageKind.CHECKPOINT); ++kind) {
            if (kind >= uint8(MessageKind.EPOCH) && kind <= uint8(MessageKind.TABLE)) continue;
            Envelope memory envelope = opened(payload);
            envelope.kind = MessageKind(kind);
            refuseSecond(
                CrossChainMessages.encode(envelope), abi.encodeWithSelector(IGatewayInbox.KindRefused.selector, kind)
            );
        }
    }

    function testFromTheFuture() public {
        Envelope memory envelope = opened(payload);
        envelope.sentAt = uint64(block.timestamp) + 901;
        refuseSecond(
            CrossChainMessages.encode(envelope),
            abi.encodeWithSelector(IGatewayInbox.FromTheFuture.selector, envelope.sentAt, block.timestamp)
        );
        envelope.sentAt -= 1;
        gateways[0].deliverAs(address(mirror), sender, CrossChainMessages.encode(envelope));
        gateways[1].deliverAs(address(mirror), sender, CrossChainMessages.encode(envelope));
        assertMode(GateMode.OPEN, "a clock that is ahead by MAX_SKEW");
    }

    function testValueIsRefused() public {
        vm.deal(address(this), 1);
        vm.expectRevert(IGatewayInbox.ValueRefused.selector);
        gateways[0].deliverAs{value: 1}(address(mirror), sender, payload);
    }

    /// All gateways lie: what they deliver is refused where the threshold is reached, and the vote of that delivery is gone.
    function refuseSecond(bytes memory bytes_, bytes memory reason) private {
        vm.chainId(AWAY);
        gateways[0].deliverAs(address(mirror), sender, bytes_);
        refuse(gateways[1], sender, bytes_, reason);
        (uint256 votes, bool taken) = mirror.votesOf(source_, keccak256(bytes_));
        assertEq(votes, 1, "the second vote was undone");
        assertFalse(taken, "not taken");
    }
}
