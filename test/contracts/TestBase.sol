// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @dev Assertions that name what differed, and forge's cheat codes.
abstract contract TestBase {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// Of the registries that tests make, seconds.
    uint64 internal constant CIRCUIT_DELAY = 7 days;

    error Differ(string what, uint256 got, uint256 expected);

    function assertEq(uint256 got, uint256 expected, string memory what) internal pure {
        if (got != expected) revert Differ(what, got, expected);
    }

    function assertEq(address got, address expected, string memory what) internal pure {
        assertEq(uint160(got), uint160(expected), what);
    }

    function assertEq(bytes32 got, bytes32 expected, string memory what) internal pure {
        assertEq(uint256(got), uint256(expected), what);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        assertEq(condition ? 1 : 0, 1, what);
    }

    function assertFalse(bool condition, string memory what) internal pure {
        assertEq(condition ? 1 : 0, 0, what);
    }

    /// @dev Maps any number onto [low, high], keeping those already inside.
    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        if (x >= low && x <= high) return x;
        uint256 size = high - low + 1;
        return size == 0 ? x : low + x % size;
    }

    /// @dev Deploys the byte code of an artefact that `make contracts` wrote.
    function deployArtifact(string memory file) internal returns (address deployed) {
        bytes memory code = vm.parseJsonBytes(vm.readFile(file), ".bytecode");
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(deployed != address(0), file);
    }
}
