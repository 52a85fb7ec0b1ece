// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title What account proofs are made for when they are shown to the vault: the gate hashes it into their context
library VaultActions {
    function payout(address recipient, uint64 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode("clearproof.payout", recipient, deadline));
    }

    function request(address recipient, uint64 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode("clearproof.request", recipient, deadline));
    }

    function confirmation(uint256 requestId) internal pure returns (bytes32) {
        return keccak256(abi.encode("clearproof.confirm", requestId));
    }

    function move(bytes32 handle, uint64 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode("clearproof.move", handle, deadline));
    }

    function demand(uint64 epoch, bytes calldata encryptionKey) internal pure returns (bytes32) {
        return keccak256(abi.encode("clearproof.demand", epoch, encryptionKey));
    }
}
