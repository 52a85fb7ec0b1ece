// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {IGatewayInbox} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {IPoseidon3} from "../../../contracts/interfaces/IPoseidon3.sol";
import {IPoseidon5} from "../../../contracts/interfaces/IPoseidon5.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {ISolvencyMirror, MirrorCircuit, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev Which keys a mirror goes by, and how a later one comes.
contract MirrorCircuitsTest is MirrorFixture {
    MirrorCircuit private fresh = MirrorCircuit(555, CircuitKind.ACCOUNT_MARGIN, 40, keccak256("fresh"));

    function setUp() public override {
        super.setUp();
        vm.chainId(AWAY);
    }

    function testPinsAreTheHomeRegistrys() public view {
        MirrorCircuit[] memory list = pinned();
        for (uint256 i = 0; i < list.length; ++i) {
            MirrorCircuit memory known = mirror.circuitOf(list[i].circuitId);
            assertEq(keccak256(abi.encode(known)), keccak256(abi.encode(list[i])), "pinned");
        }
        assertEq(uint256(mirror.circuitOf(555).kind), 0, "no other");
        assertEq(address(mirror.PROOFS()), address(proofs), "proofs");
    }

    function testALaterCircuitWaits() public {
        vm.startPrank(MIRROR_ADMIN);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.CircuitNotProposed.selector, 555));
        mirror.activateCircuit(fresh);
        mirror.proposeCircuit(fresh);
        uint256 readyAt = block.timestamp + GATEWAY_DELAY;
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.CircuitNotReady.selector, readyAt, readyAt - 1));
        mirror.activateCircuit(fresh);
        uint256 expiredAt = readyAt + 14 days;
        vm.warp(expiredAt);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.CircuitProposalExpired.selector, expiredAt, expiredAt));
        mirror.activateCircuit(fresh);
        vm.warp(expiredAt - 1);
        MirrorCircuit memory other = fresh;
        other.verificationKeyHash = keccak256("another key");
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.NotTheProposedCircuit.selector, 555));
        mirror.activateCircuit(other);
        mirror.activateCircuit(fresh);
        vm.stopPrank();
        assertEq(mirror.circuitOf(555).verificationKeyHash, keccak256("fresh"), "in force");
    }

    /// Proposed twice for two ids and one place: the second is refused when its turn comes.
    function testNoneIsEverReplaced() public {
        MirrorCircuit memory sameId = fresh;
        sameId.circuitId = MARGIN;
        MirrorCircuit memory samePlace = fresh;
        samePlace.place = mirror.circuitOf(MARGIN).place;
        vm.startPrank(MIRROR_ADMIN);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.CircuitKnown.selector, MARGIN, 40));
        mirror.proposeCircuit(sameId);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.CircuitKnown.selector, 555, samePlace.place));
        mirror.proposeCircuit(samePlace);
        MirrorCircuit memory second = fresh;
        second.circuitId = 556;
        mirror.proposeCircuit(fresh);
        mirror.proposeCircuit(second);
        vm.warp(block.timestamp + GATEWAY_DELAY);
        mirror.activateCircuit(fresh);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.CircuitKnown.selector, 556, 40));
        mirror.activateCircuit(second);
        vm.stopPrank();
    }

    function testOnlyTheAdminProposesAndActivates() public {
        bytes memory reason = abi.encodeWithSelector(IGatewayInbox.NotInboxAdmin.selector, STRANGER);
        vm.startPrank(STRANGER);
        vm.expectRevert(reason);
        mirror.proposeCircuit(fresh);
        vm.expectRevert(reason);
        mirror.activateCircuit(fresh);
        vm.stopPrank();
    }

    function testCircuitsThatAreNone() public {
        vm.startPrank(MIRROR_ADMIN);
        MirrorCircuit memory none = fresh;
        none.kind = CircuitKind.NONE;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.InvalidCircuit.selector, 555));
        mirror.proposeCircuit(none);
        none = fresh;
        none.place = 128;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyMirror.InvalidCircuit.selector, 555));
        mirror.proposeCircuit(none);
        none = fresh;
        none.circuitId = P;
        vm.expectRevert(abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("circuitId"), P));
        mirror.proposeCircuit(none);
        vm.stopPrank();
    }

    /// Hash contracts of the wrong number of inputs, or none, and no proof contract.
    function testWrongParts() public {
        (bool ok, bytes memory reason) = tryMirror(poseidon3, IPoseidon5(address(poseidon3)), proofs);
        assertFalse(ok, "another hash");
        (ok, reason) = tryMirror(IPoseidon3(STRANGER), poseidon5, proofs);
        assertEq(bytes32(bytes4(reason)), bytes32(ISolvencyRegistry.NoCode.selector), "no poseidon3");
        (ok, reason) = tryMirror(poseidon3, IPoseidon5(STRANGER), proofs);
        assertEq(bytes32(bytes4(reason)), bytes32(ISolvencyRegistry.NoCode.selector), "no poseidon5");
        (ok, reason) = tryMirror(poseidon3, poseidon5, IProofBatch(STRANGER));
        assertEq(bytes32(bytes4(reason)), bytes32(ISolvencyRegistry.NoCode.selector), "no proofs");
        WrongHash wrong = new WrongHash();
        (ok, reason) = tryMirror(IPoseidon3(address(wrong)), poseidon5, proofs);
        assertEq(bytes32(bytes4(reason)), bytes32(ISolvencyRegistry.PoseidonMismatch.selector), "another poseidon3");
        (ok, reason) = tryMirror(poseidon3, IPoseidon5(address(wrong)), proofs);
        assertEq(bytes32(bytes4(reason)), bytes32(ISolvencyRegistry.PoseidonMismatch.selector), "another poseidon5");
        (ok,) = tryMirror(poseidon3, poseidon5, proofs);
        assertTrue(ok, "the right parts");
    }

    function tryMirror(IPoseidon3 three, IPoseidon5 five, IProofBatch batch) private returns (bool, bytes memory) {
        return address(this).call(abi.encodeCall(this.mirrorOf, (three, five, batch)));
    }

    function mirrorOf(IPoseidon3 three, IPoseidon5 five, IProofBatch batch) external returns (address) {
        return address(
            new SolvencyMirror(
                MIRROR_ADMIN,
                HOME,
                address(registry),
                address(beacon),
                three,
                five,
                batch,
                pinned(),
                MirrorRules(STANDING_STALE, STANDING_HALT, 0),
                setOf(1, 1),
                GATEWAY_DELAY
            )
        );
    }
}

/// @dev Answers anything with 1.
contract WrongHash {
    fallback(bytes calldata) external returns (bytes memory) {
        return abi.encode(1);
    }
}
