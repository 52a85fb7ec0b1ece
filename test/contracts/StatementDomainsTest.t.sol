// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPoseidon3} from "../../contracts/interfaces/IPoseidon3.sol";
import {IPoseidon5} from "../../contracts/interfaces/IPoseidon5.sol";
import {Circuit, CircuitConfig, CircuitKind, ISolvencyRegistry} from "../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../contracts/libraries/ScalarField.sol";
import {SolvencyRegistry} from "../../contracts/SolvencyRegistry.sol";
import {MockVerifierBatch} from "./mocks/MockVerifierBatch.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract StatementDomainsTest is RegistryFixture {
    function make(CircuitConfig[] memory list) private returns (SolvencyRegistry) {
        return new SolvencyRegistry(OWNER, poseidon3, poseidon5, list, CIRCUIT_DELAY);
    }

    function one(uint256 circuitId, CircuitKind kind, address verifier)
        private
        pure
        returns (CircuitConfig[] memory list)
    {
        list = new CircuitConfig[](1);
        list[0] = CircuitConfig(circuitId, kind, verifier);
    }

    function test_theRegistryListsItsCircuitsAndTheirKeys() public view {
        uint256[] memory ids = registry.circuitIds();
        assertEq(ids.length, 7, "circuits");
        assertEq(ids[2], CLOSE_A, "third circuit");
        Circuit memory known = registry.circuit(BATCH_B);
        assertEq(known.verifier, address(batchVerifier), "verifier");
        assertEq(uint8(known.kind), uint8(CircuitKind.BATCH), "kind");
        assertTrue(known.developmentKey, "development key is shown");
        assertEq(known.verificationKeyHash, batchVerifier.verificationKeyHash(), "key hash");
        assertEq(uint8(registry.circuit(999).kind), uint8(CircuitKind.NONE), "unknown circuit");
    }

    function test_K12_aVerifierWithoutCodeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("verifier"), STRANGER));
        make(one(1, CircuitKind.BATCH, STRANGER));
    }

    function test_K12_aPoseidonWithoutCodeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("poseidon3"), STRANGER));
        new SolvencyRegistry(OWNER, IPoseidon3(STRANGER), poseidon5, circuits(), CIRCUIT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.NoCode.selector, bytes32("poseidon5"), STRANGER));
        new SolvencyRegistry(OWNER, poseidon3, IPoseidon5(STRANGER), circuits(), CIRCUIT_DELAY);
    }

    function test_aPoseidonThatMissesItsVectorIsRefused() public {
        WrongPoseidon wrong = new WrongPoseidon();
        uint256 right3 = poseidon3.poseidon([uint256(1), 2, 3]);
        uint256 right5 = poseidon5.poseidon([uint256(1), 2, 3, 4, 5]);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.PoseidonMismatch.selector, address(wrong), 42, right3));
        new SolvencyRegistry(OWNER, IPoseidon3(address(wrong)), poseidon5, circuits(), CIRCUIT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.PoseidonMismatch.selector, address(wrong), 42, right5));
        new SolvencyRegistry(OWNER, poseidon3, IPoseidon5(address(wrong)), circuits(), CIRCUIT_DELAY);
    }

    function test_aCircuitListIsCheckedEntryByEntry() public {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.InvalidCircuitKind.selector, 1));
        make(one(1, CircuitKind.NONE, address(batchVerifier)));

        vm.expectRevert(abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, bytes32("circuitId"), P));
        make(one(P, CircuitKind.BATCH, address(batchVerifier)));

        CircuitConfig[] memory list = circuits();
        list[3].circuitId = BATCH_A;
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.DuplicateCircuit.selector, BATCH_A));
        make(list);
    }

    function test_aDevelopmentKeyIsRefusedOnAProductionChain() public {
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.DevelopmentKeyRefused.selector, 1, 1));
        make(one(1, CircuitKind.BATCH, address(batchVerifier)));
        assertFalse(
            make(one(1, CircuitKind.BATCH, address(new MockVerifierBatch(false)))).circuit(1).developmentKey, "real key"
        );
        vm.chainId(1337);
        assertTrue(make(one(1, CircuitKind.BATCH, address(batchVerifier))).circuit(1).developmentKey, "test chain");
    }

    function test_baseAndDomainAreThoseOfTheStatement() public view {
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), VENUE, 1]);
        assertEq(registry.baseOf(VENUE), base, "base");
        assertEq(registry.domainOf(VENUE, CLOSE_B), domain(base, CLOSE_B), "domain");
    }

    function test_K3_afterAForkBothChainsHaveTheirOwnBase() public {
        uint256 before = registry.baseOf(VENUE);
        vm.chainId(999);
        uint256 base = poseidon5.poseidon([uint256(16), 999, uint160(address(registry)), VENUE, 1]);
        assertEq(registry.baseOf(VENUE), base, "base of the other chain");
        assertEq(registry.domainOf(VENUE, BATCH_A), domain(base, BATCH_A), "domain of the other chain");
        assertTrue(base != before, "the bases differ");
    }

    function test_basesDifferByVenueAndRegistry() public {
        SolvencyRegistry other = make(circuits());
        vm.startPrank(OWNER);
        registry.registerVenue(8, config());
        other.registerVenue(VENUE, config());
        vm.stopPrank();
        assertTrue(registry.baseOf(8) != registry.baseOf(VENUE), "venues");
        assertTrue(other.baseOf(VENUE) != registry.baseOf(VENUE), "registries");
    }

    function test_unknownVenuesAndCircuitsHaveNoBaseAndNoDomain() public {
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 8));
        registry.baseOf(8);
        vm.expectRevert(
            abi.encodeWithSelector(ISolvencyRegistry.WrongCircuit.selector, 9, CircuitKind.NONE, CircuitKind.BATCH)
        );
        registry.domainOf(VENUE, 9);
    }
}

/// @dev Answers 42 to everything.
contract WrongPoseidon {
    fallback() external {
        assembly {
            mstore(0, 42)
            return(0, 32)
        }
    }
}
