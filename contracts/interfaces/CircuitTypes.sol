// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Which statement a circuit proves.
enum CircuitKind {
    NONE,
    BATCH,
    CLOSE,
    CLOSE_PART,
    CLOSE_END,
    MARKET_TABLE,
    ACCOUNT_MARGIN,
    ACCOUNT_EXIT,
    ACCOUNT_SIGNER,
    ROW_MARK,
    ACCOUNT_INCLUSION,
    ACCOUNT_TRANSITION
}

/// @param circuitId first 31 bytes of SHA-256 of the circuit's name, big-endian
struct CircuitConfig {
    uint256 circuitId;
    CircuitKind kind;
    address verifier;
}

/// @notice A circuit with one key, for good: another key is another circuit.
/// @param retiredAt Unix seconds from which nothing new is proven in it; 0 while it is in force
/// @param place in the registry's list
struct Circuit {
    address verifier;
    CircuitKind kind;
    bool developmentKey;
    uint64 retiredAt;
    uint8 place;
    bytes32 verificationKeyHash;
}

/// @notice A circuit that waits.
/// @param readyAt first second at which it can be added; 0 when nothing is proposed
/// @param codeHash keccak256 of the verifier's runtime code when it was proposed
/// @param replaces circuit whose users can go over to this one; 0 for none
struct CircuitProposal {
    address verifier;
    CircuitKind kind;
    bool developmentKey;
    uint64 readyAt;
    bytes32 verificationKeyHash;
    bytes32 codeHash;
    uint256 replaces;
}
