// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "../interfaces/IAccountProofs.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {VaultState} from "./VaultState.sol";
import {WithdrawalRequests} from "./WithdrawalRequests.sol";

/// @title Part of the vault: what leaves on the owner's proof
/// @dev Runs in the vault's place. Its own address holds nothing, and is no reserve source.
contract VaultPayouts is WithdrawalRequests {
    /// @dev The timelock is the vault's to keep: no change is proposed here.
    constructor(ISolvencyRegistry registry, IAccountProofs gate) VaultState(registry, gate, 1) {}
}
