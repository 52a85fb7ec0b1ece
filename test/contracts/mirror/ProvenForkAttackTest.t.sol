// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {GatewaySet} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {IProvenMirror, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {CrossChainMessages, Envelope, EpochMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {ProvenSolvencyMirror} from "../../../contracts/ProvenSolvencyMirror.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev What was proven of a fork that is gone says nothing of what home has now.
contract ProvenForkAttackTest is MirrorFixture {
    function newMirror(GatewaySet memory set, MirrorRules memory rules) internal override returns (SolvencyMirror) {
        ProvenSolvencyMirror made = new ProvenSolvencyMirror(
            MIRROR_ADMIN,
            HOME,
            address(registry),
            address(beacon),
            poseidon3,
            poseidon5,
            proofs,
            pinned(),
            rules,
            set,
            GATEWAY_DELAY
        );
        return SolvencyMirror(address(made));
    }

    function prove(EpochSubmission memory s, bytes memory payload) private {
        EpochMessage memory message = abi.decode(opened(payload).body, (EpochMessage));
        vm.chainId(AWAY);
        IProvenMirror(address(mirror)).proveEpoch(VENUE, s, message.facts);
        vm.chainId(HOME);
    }

    /// A satellite may not take an epoch for its hatch's base on which no claim can be checked.
    function testWhatNobodyProvedIsNotUsable() public {
        bytes memory payload = makeEpoch();
        assertFalse(mirror.isUsable(VENUE, 1), "did not come");
        deliver(payload);
        assertEq(mirror.epochAt(VENUE, 1).accountsRoot, ROOT, "came");
        assertFalse(mirror.isUsable(VENUE, 1), "and is not proven");
        prove(sealed_(1), payload);
        assertTrue(mirror.isUsable(VENUE, 1), "proven");
    }

    /// Epoch 2 was proven, home went back below it and passed it again without its message.
    function testAVerdictGoesWithItsFork() public {
        bytes memory first = makeEpoch();
        deliver(first);
        prove(sealed_(1), first);
        acceptEpoch(draft(2));
        bytes memory second = makeEpoch();
        deliver(second);
        prove(seal(draft(2), HOME, address(registry), VENUE), second);
        assertMode(GateMode.OPEN, "proven");
        Envelope memory envelope = opened(first);
        for (uint64 i = 1; i <= 2; ++i) {
            (envelope.sentAt, envelope.sequence) = (uint64(block.timestamp) + i, 100 + i);
            deliver(CrossChainMessages.encode(envelope));
        }
        assertTrue(mirror.isUsable(VENUE, 1), "below the conflict: proven as ever");
        vm.warp(block.timestamp + 10);
        acceptEpoch(draft(3));
        deliver(makeEpoch());
        assertEq(mirror.venueOf(VENUE).epoch, 3, "home passed it");
        assertFalse(mirror.isUsable(VENUE, 2), "of the fork that is gone");
    }
}
