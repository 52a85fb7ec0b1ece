// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginLevel} from "./interfaces/IMarketSource.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "./interfaces/ISolvencyGate.sol";

/// @title Base of contracts that ask a venue's solvency before they act
/// @notice What the gate says, and what it does not: docs/gate.md.
/// @dev Guard what adds risk with `whenOpen`, what takes risk off with `whenReducing`, and leave what returns people their own
/// without a modifier: it must work when the venue does not.
abstract contract SolvencyGated {
    error GateClosed(GateMode mode);
    error GateWithoutCode(address gate);

    ISolvencyGate public immutable GATE;
    /// @notice The venue's number in the registry behind the gate.
    uint256 public immutable VENUE_ID;

    /// @dev Fresh and covered.
    modifier whenOpen() {
        _requireModeUpTo(GateMode.OPEN);
        _;
    }

    /// @dev Also where the latest snapshot is stale or the vault is paused.
    modifier whenReducing() {
        _requireModeUpTo(GateMode.REDUCE_ONLY);
        _;
    }

    /// @dev Also where the latest epoch is not covered.
    modifier unlessHalted() {
        _requireModeUpTo(GateMode.WITHDRAW_ONLY);
        _;
    }

    constructor(ISolvencyGate gate, uint256 venueId) {
        if (address(gate).code.length == 0) revert GateWithoutCode(address(gate));
        (GATE, VENUE_ID) = (gate, venueId);
    }

    /// @dev Reverts unless the claim proves an account of the latest snapshot that meets its margin, to this contract and for
    /// this action alone.
    /// @param action hash of everything the prover agrees to: who acts, on which terms, until when
    /// @return account names the account to this contract, in this epoch: remember it to count an account once
    function _requireMargin(MarginClaim calldata claim, MarginLevel level, uint256 maxTableAge, bytes32 action)
        internal
        view
        returns (uint256 account)
    {
        return GATE.requireMargin(VENUE_ID, claim, level, maxTableAge, action);
    }

    /// @dev Modes are numbered from least to most restricted.
    function _requireModeUpTo(GateMode most) private view {
        GateMode mode = GATE.mode(VENUE_ID);
        if (mode > most) revert GateClosed(mode);
    }
}
