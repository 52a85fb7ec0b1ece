// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "../interfaces/IAccountProofs.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {EscapeHatch} from "./EscapeHatch.sol";
import {VaultState} from "./VaultState.sol";

/// @title Part of the vault: receipts on demand, and the escape hatch
/// @dev Runs in the vault's place. Its own address holds nothing, and is no reserve source.
contract VaultWindUp is EscapeHatch {
    /// @dev The timelock is the vault's to keep: no change is proposed here.
    constructor(ISolvencyRegistry registry, IAccountProofs gate) VaultState(registry, gate, 1) {}
}
