// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Circuit, CircuitConfig, CircuitKind, CircuitProposal} from "../../../contracts/interfaces/CircuitTypes.sol";
import {ICircuitRotation} from "../../../contracts/interfaces/ICircuitRotation.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {SolvencyRegistry} from "../../../contracts/SolvencyRegistry.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {RotationFixture} from "./RotationFixture.sol";

/// @dev [P-199] How circuits come: announced by the owner, after a delay, as they were announced.
contract CircuitProposalTest is RotationFixture {
    /// Gas that one transaction can have on Ethereum since EIP-7825.
    uint256 private constant MOST_GAS = 2 ** 24;

    function test_P199_whatIsProposedIsShownWithTheCodeAndKeyItHad() public {
        MockVerifierAny verifier = verifierFor(BATCH_C);
        uint64 readyAt = uint64(block.timestamp) + CIRCUIT_DELAY;
        bytes32 key = verifier.verificationKeyHash();
        vm.expectEmit(address(registry));
        emit ICircuitRotation.CircuitProposed(
            BATCH_C, CircuitKind.BATCH, address(verifier), key, address(verifier).codehash, true, BATCH_A, readyAt
        );
        propose(BATCH_C, CircuitKind.BATCH, address(verifier), BATCH_A);
        CircuitProposal memory shown = registry.proposalOf(BATCH_C);
        assertEq(shown.verifier, address(verifier), "verifier");
        assertEq(uint8(shown.kind), uint8(CircuitKind.BATCH), "kind");
        assertEq(shown.codeHash, address(verifier).codehash, "code");
        assertEq(shown.verificationKeyHash, key, "key");
        assertEq(shown.readyAt, readyAt, "ready");
        assertEq(shown.replaces, BATCH_A, "replaces");
        assertEq(uint8(registry.circuit(BATCH_C).kind), uint8(CircuitKind.NONE), "not a circuit yet");
        assertEq(registry.successorOf(BATCH_A), 0, "nor a successor");
    }

    function test_P199_anybodyAddsItAfterTheDelayAndNobodyBefore() public {
        MockVerifierAny verifier = verifierFor(BATCH_C);
        propose(BATCH_C, CircuitKind.BATCH, address(verifier), BATCH_A);
        uint256 readyAt = block.timestamp + CIRCUIT_DELAY;
        vm.warp(readyAt - 1);
        bytes memory early = abi.encodeWithSelector(ICircuitRotation.CircuitNotReady.selector, readyAt, readyAt - 1);
        refuseAddition(BATCH_C, early);
        vm.prank(OWNER);
        vm.expectRevert(early);
        registry.addCircuit(BATCH_C);
        vm.warp(readyAt);
        vm.expectEmit(address(registry));
        emit ISolvencyRegistry.CircuitAdded(
            BATCH_C, CircuitKind.BATCH, address(verifier), verifier.verificationKeyHash(), true
        );
        vm.prank(STRANGER);
        registry.addCircuit(BATCH_C);
        Circuit memory added = registry.circuit(BATCH_C);
        assertEq(added.verifier, address(verifier), "verifier");
        assertEq(added.retiredAt, 0, "in force");
        assertEq(registry.circuitIds()[added.place], BATCH_C, "place");
        assertEq(registry.verifierOf(BATCH_C, CircuitKind.BATCH), address(verifier), "verifier of its kind");
        assertEq(registry.successorOf(BATCH_A), BATCH_C, "successor");
        assertEq(registry.proposalOf(BATCH_C).readyAt, 0, "no longer proposed");
        refuseAddition(BATCH_C, abi.encodeWithSelector(ICircuitRotation.CircuitNotProposed.selector, BATCH_C));
    }

    function testFuzz_P199_itIsAddedWithinItsWindowAndAtNoOtherTime(uint64 wait) public {
        wait = uint64(bound(wait, 0, 4 * (CIRCUIT_DELAY + WINDOW)));
        propose(BATCH_C, CircuitKind.BATCH, address(verifierFor(BATCH_C)), 0);
        uint256 readyAt = block.timestamp + CIRCUIT_DELAY;
        vm.warp(block.timestamp + wait);
        bool inTime = wait >= CIRCUIT_DELAY && wait < CIRCUIT_DELAY + WINDOW;
        if (wait < CIRCUIT_DELAY) {
            vm.expectRevert(abi.encodeWithSelector(ICircuitRotation.CircuitNotReady.selector, readyAt, block.timestamp));
        } else if (!inTime) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ICircuitRotation.CircuitProposalExpired.selector, readyAt + WINDOW, block.timestamp
                )
            );
        }
        registry.addCircuit(BATCH_C);
        assertTrue((registry.circuit(BATCH_C).kind == CircuitKind.BATCH) == inTime, "added");
    }

    function test_P199_onlyTheOwnerProposesAndCancels() public {
        CircuitConfig memory config_ = CircuitConfig(BATCH_C, CircuitKind.BATCH, address(verifierFor(BATCH_C)));
        address[4] memory others = [ADMIN, OPERATOR, PARAMETERS, STRANGER];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory reason = abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", others[i]);
            vm.startPrank(others[i]);
            vm.expectRevert(reason);
            registry.proposeCircuit(config_, 0);
            vm.expectRevert(reason);
            registry.cancelCircuit(BATCH_C);
            vm.expectRevert(reason);
            registry.retireCircuit(BATCH_A);
            vm.stopPrank();
        }
    }

    function test_P199_whatWasCancelledIsNotAdded() public {
        propose(BATCH_C, CircuitKind.BATCH, address(verifierFor(BATCH_C)), 0);
        vm.expectEmit(address(registry));
        emit ICircuitRotation.CircuitProposalCancelled(BATCH_C);
        vm.prank(OWNER);
        registry.cancelCircuit(BATCH_C);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        bytes memory gone = abi.encodeWithSelector(ICircuitRotation.CircuitNotProposed.selector, BATCH_C);
        refuseAddition(BATCH_C, gone);
        vm.prank(OWNER);
        vm.expectRevert(gone);
        registry.cancelCircuit(BATCH_C);
    }

    function test_P199_proposingAgainStartsTheWaitAgain() public {
        propose(BATCH_C, CircuitKind.BATCH, address(verifierFor(BATCH_C)), 0);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        MockVerifierAny other = verifierFor(CLOSE_C);
        propose(BATCH_C, CircuitKind.BATCH, address(other), 0);
        uint256 readyAt = block.timestamp + CIRCUIT_DELAY;
        refuseAddition(
            BATCH_C, abi.encodeWithSelector(ICircuitRotation.CircuitNotReady.selector, readyAt, block.timestamp)
        );
        vm.warp(readyAt);
        registry.addCircuit(BATCH_C);
        assertEq(registry.circuit(BATCH_C).verifier, address(other), "what was proposed last");
    }

    /// @dev Behind a proxy, after selfdestruct and creation anew, or by plain storage: nobody looked at what is there now.
    function test_P199_aVerifierThatChangedSinceItsProposalIsNotAdded() public {
        MockVerifierAny verifier = verifierFor(BATCH_C);
        bytes32 key = verifier.verificationKeyHash();
        bytes memory code = address(verifier).code;
        propose(BATCH_C, CircuitKind.BATCH, address(verifier), 0);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        bytes memory changed =
            abi.encodeWithSelector(ICircuitRotation.VerifierChanged.selector, BATCH_C, address(verifier));
        vm.etch(address(verifier), bytes.concat(code, hex"00"));
        refuseAddition(BATCH_C, changed);
        vm.etch(address(verifier), "");
        refuseAddition(
            BATCH_C, abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("verifier"), address(verifier))
        );
        vm.etch(address(verifier), code);
        verifier.become(keccak256("another key"), true);
        refuseAddition(BATCH_C, changed);
        verifier.become(key, false);
        refuseAddition(BATCH_C, changed);
        verifier.become(key, true);
        registry.addCircuit(BATCH_C);
    }

    function test_P199_aDevelopmentKeyIsRefusedOnOtherChainsWheneverItComes() public {
        MockVerifierAny verifier = verifierFor(BATCH_C);
        propose(BATCH_C, CircuitKind.BATCH, address(verifier), 0);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        vm.chainId(1);
        bytes memory refused = abi.encodeWithSelector(ISolvencyRegistry.DevelopmentKeyRefused.selector, BATCH_C, 1);
        refuseAddition(BATCH_C, refused);
        refuseProposal(BATCH_C, CircuitKind.BATCH, address(verifier), 0, refused);
        verifier.become(verifier.verificationKeyHash(), false);
        propose(BATCH_C, CircuitKind.BATCH, address(verifier), 0);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        // The same key, and it admits to be one only now.
        verifier.become(verifier.verificationKeyHash(), true);
        refuseAddition(BATCH_C, refused);
    }

    function test_P199_aProposalIsCheckedAsTheFirstCircuitsAre() public {
        address verifier = address(verifierFor(BATCH_C));
        refuseProposal(
            P,
            CircuitKind.BATCH,
            verifier,
            0,
            abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("circuitId"), P)
        );
        refuseProposal(
            BATCH_C,
            CircuitKind.NONE,
            verifier,
            0,
            abi.encodeWithSelector(ISolvencyRegistry.InvalidCircuitKind.selector, BATCH_C)
        );
        refuseProposal(
            BATCH_A,
            CircuitKind.BATCH,
            verifier,
            0,
            abi.encodeWithSelector(ISolvencyRegistry.DuplicateCircuit.selector, BATCH_A)
        );
        refuseProposal(
            BATCH_C,
            CircuitKind.BATCH,
            STRANGER,
            0,
            abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("verifier"), STRANGER)
        );
    }

    function test_P199_aCircuitReplacesOnlyOneOfItsKind() public {
        address verifier = address(verifierFor(BATCH_C));
        bytes4 wrong = ISolvencyRegistry.WrongCircuit.selector;
        refuseProposal(
            BATCH_C,
            CircuitKind.BATCH,
            verifier,
            CLOSE_A,
            abi.encodeWithSelector(wrong, CLOSE_A, CircuitKind.CLOSE, CircuitKind.BATCH)
        );
        refuseProposal(
            BATCH_C,
            CircuitKind.BATCH,
            verifier,
            9,
            abi.encodeWithSelector(wrong, 9, CircuitKind.NONE, CircuitKind.BATCH)
        );
    }

    function test_P199_withoutAnOwnerNothingIsProposedAndWhatWasProposedCanStillBeAdded() public {
        propose(BATCH_C, CircuitKind.BATCH, address(verifierFor(BATCH_C)), 0);
        vm.prank(OWNER);
        registry.renounceOwnership();
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        refuseProposal(
            CLOSE_C,
            CircuitKind.CLOSE,
            address(verifierFor(CLOSE_C)),
            0,
            abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", OWNER)
        );
        registry.addCircuit(BATCH_C);
        assertEq(uint8(registry.circuit(BATCH_C).kind), uint8(CircuitKind.BATCH), "added");
    }

    function test_P199_theDelayHasBoundsWhichTestChainsStretch() public {
        assertEq(registry.CIRCUIT_DELAY(), CIRCUIT_DELAY, "delay");
        assertEq(registry.ADDITION_WINDOW(), WINDOW, "window");
        assertEq(makeWith(1).CIRCUIT_DELAY(), 1, "one second on a test chain");
        refuseDelay(0, 1);
        refuseDelay(90 days + 1, 1);
        vm.chainId(1);
        refuseDelay(0, 1 days);
        refuseDelay(1 days - 1, 1 days);
        refuseDelay(90 days + 1, 1 days);
        assertEq(makeWith(1 days).CIRCUIT_DELAY(), 1 days, "least");
        assertEq(makeWith(90 days).CIRCUIT_DELAY(), 90 days, "most");
    }

    function test_P199_aRegistryIsFullBeforeItsVenuesCannotBeRegistered() public {
        uint256 first = registry.circuitIds().length;
        MockVerifierAny verifier = verifierFor(BATCH_C);
        for (uint256 i = first; i <= 128; ++i) {
            propose(10_000 + i, CircuitKind.BATCH, address(verifier), 0);
        }
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        for (uint256 i = first; i < 128; ++i) {
            registry.addCircuit(10_000 + i);
        }
        refuseAddition(10_128, abi.encodeWithSelector(ICircuitRotation.TooManyCircuits.selector, 128));
        vm.prank(OWNER);
        uint256 before = gasleft();
        registry.registerVenue(99, config());
        uint256 used = before - gasleft();
        assertTrue(used < MOST_GAS * 3 / 4, "gas of a registration");
        assertEq(registry.domainOf(99, 10_127), domain(registry.baseOf(99), 10_127), "domain of the last");
    }

    function makeWith(uint64 delay) private returns (SolvencyRegistry) {
        return new SolvencyRegistry(OWNER, poseidon3, poseidon5, new CircuitConfig[](0), delay);
    }

    function refuseDelay(uint64 delay, uint256 least) private {
        vm.expectRevert(abi.encodeWithSelector(ICircuitRotation.InvalidCircuitDelay.selector, delay, least, 90 days));
        makeWith(delay);
    }
}
