// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {GatewaySet} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {GatewayInbox} from "../../../contracts/crosschain/GatewayInbox.sol";
import {InboxRules} from "../../../contracts/crosschain/InboxRules.sol";
import {MessageOrigin} from "../../../contracts/crosschain/MessageOrigin.sol";
import {Envelope, MessageKind} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SolvencyBeacon} from "../../../contracts/SolvencyBeacon.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev A gateway that calls back while it is asked to send, and a recipient whose work calls back while it takes.
contract InboxReentrancyTest is MirrorFixture {
    function testAGatewayThatReentersRelay() public {
        bytes memory payload = makeEpoch();
        ReentrantGateway hostile = new ReentrantGateway(beacon);
        beacon.relay(payload, hostile, sender);
        assertEq(hostile.reason(), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "refused");
        assertTrue(hostile.made() != 0, "making is free, and changes nothing of what is relayed");
        assertTrue(beacon.isMade(hostile.made()), "made");
        // It holds true bytes, and nothing else: in its own name they are nothing.
        vm.chainId(AWAY);
        vm.prank(address(hostile));
        vm.expectRevert(
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, address(hostile), sender
            )
        );
        mirror.receiveMessage(0, sender, payload);
    }

    /// Whatever a recipient's `_take` calls cannot deliver into it: the same message, or another.
    function testATakeThatReentersTheInbox() public {
        vm.chainId(AWAY);
        ReentrantInbox inbox = new ReentrantInbox(source_, setOf(1, 1));
        vm.chainId(HOME);
        bytes memory first = makeEpoch();
        bytes memory second = makeStanding();
        vm.chainId(AWAY);
        for (uint256 i = 0; i < 2; ++i) {
            inbox.set(address(gateways[0]), sender, i == 0 ? first : second);
            gateways[0].deliverAs(address(inbox), sender, i == 0 ? first : second);
            assertEq(inbox.reason(), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "refused");
            assertEq(inbox.takes(), i + 1, "once each");
        }
        inbox.relayFrom(first);
        assertEq(inbox.reason(), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "and no relay within");
    }
}

/// @dev Calls back into the origin that asks it to send.
contract ReentrantGateway is IERC7786GatewaySource {
    SolvencyBeacon private immutable _beacon;
    bytes4 public reason;
    bytes32 public made;

    constructor(SolvencyBeacon beacon) {
        _beacon = beacon;
    }

    function supportsAttribute(bytes4) external pure returns (bool) {
        return false;
    }

    function sendMessage(bytes calldata recipient, bytes calldata payload, bytes[] calldata)
        external
        payable
        returns (bytes32)
    {
        try _beacon.relay(payload, this, recipient) {}
        catch (bytes memory got) {
            reason = bytes4(got);
        }
        made = keccak256(_beacon.makeStanding(7));
        return 0;
    }
}

/// @dev An inbox that is an origin too, as hub and satellite are; its work calls a gateway that delivers again.
contract ReentrantInbox is GatewayInbox, MessageOrigin {
    uint256 public takes;
    bytes4 public reason;
    address private _gateway;
    bytes private _sender;
    bytes private _payload;

    constructor(bytes32 source, GatewaySet memory gateways) InboxRules(2 days) {
        _setGateways(source, gateways);
    }

    function set(address gateway, bytes calldata sender, bytes calldata payload) external {
        (_gateway, _sender, _payload) = (gateway, sender, payload);
    }

    function relayFrom(bytes calldata) external {
        bytes memory own = _makeMessage(1, 1, MessageKind.STANDING, address(0), "");
        reason = 0;
        this.relay(own, IERC7786GatewaySource(address(this)), "");
    }

    /// @dev As a gateway of itself.
    function sendMessage(bytes calldata, bytes calldata payload, bytes[] calldata) external payable returns (bytes32) {
        try this.relay(payload, IERC7786GatewaySource(address(this)), "") {}
        catch (bytes memory got) {
            reason = bytes4(got);
        }
        return 0;
    }

    function _take(bytes32, Envelope memory) internal override {
        ++takes;
        (bool ok, bytes memory got) = _gateway.call(
            abi.encodeWithSignature("deliverAs(address,bytes,bytes)", address(this), _sender, _payload)
        );
        if (!ok) reason = bytes4(got);
    }

    function _requireInboxAdmin(bytes32) internal view override {}
}
