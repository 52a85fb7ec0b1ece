// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title What is for demos and tests, and for nothing that holds value
abstract contract TestChainContract {
    /// @dev Local test chains only, so that nobody takes it for the real thing.
    error TestChainsOnly(uint256 chainId);

    constructor() {
        if (block.chainid != 31337 && block.chainid != 1337) revert TestChainsOnly(block.chainid);
    }
}
