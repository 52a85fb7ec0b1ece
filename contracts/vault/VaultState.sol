// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IAccountProofs} from "../interfaces/IAccountProofs.sol";
import {AssetLimit} from "../interfaces/IReserveSource.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {IVaultMessages} from "../interfaces/IVaultMessages.sol";
import {
    Deposit,
    EpochTerms,
    Exit,
    ExitRound,
    Hatch,
    Paid,
    ReceiptDemand,
    VaultRules,
    WithdrawalRequest
} from "../interfaces/VaultTypes.sol";
import {VenueTimelock} from "../market/VenueTimelock.sol";

/// @param limit token base units that may be paid at once
/// @param used of it, as of `asOf`; it falls by the limit in each `limitWindow`
struct Allowance {
    uint128 limit;
    uint128 used;
    uint64 asOf;
}

/// @notice Token base units of one asset.
/// @param tree covers tree accounts, deposits not yet in a leaf among them
/// @param cleared of accounts at the clearing house
/// @param pending of requests that wait
/// @param exits set aside for settled exits
struct Ledger {
    uint256 tree;
    uint256 cleared;
    uint256 pending;
    uint256 exits;
}

/// @param checkpoint number of the venue's last checkpoint
/// @param opened epoch of its last snapshot
/// @param stood newest epoch below `opened` that stands
/// @param firstDueAt when the hatch can be opened of a venue no epoch of which ever stood; 0 before the first deposit
struct Progress {
    uint64 checkpoint;
    uint64 opened;
    uint64 stood;
    uint64 firstDueAt;
}

/// @notice What an asset was worth at the base epoch.
struct Mark {
    bool reported;
    uint64 value;
}

/// @title All state of the vault, and who may do what when
/// @dev The vault is too large for one contract's code. Its parts run in its place by delegate call, so all of them begin with
/// this state, in this order, and have none of their own.
abstract contract VaultState is VenueTimelock, EIP712, ReentrancyGuardTransient, IVaultMessages {
    IAccountProofs public immutable GATE;

    mapping(uint256 venueId => VaultRules) internal _rules;
    mapping(uint256 venueId => mapping(uint256 asset => AssetLimit)) internal _coverage;
    mapping(uint256 venueId => mapping(uint256 asset => Allowance)) internal _allowances;
    mapping(uint256 venueId => address) internal _clearingHouses;
    mapping(uint256 venueId => bool) internal _paused;

    mapping(uint256 venueId => mapping(uint256 asset => Ledger)) internal _ledgers;
    mapping(uint256 venueId => uint256) internal _funds;
    mapping(uint256 depositId => Deposit) internal _deposits;
    uint256 internal _depositCount;
    /// @dev Sum of deposits, by number of the venue's last checkpoint before them. 160 bits keep sums of values from overflowing.
    mapping(uint256 venueId => mapping(uint256 asset => Checkpoints.Trace160)) internal _deposited;

    mapping(uint256 venueId => Progress) internal _progress;
    mapping(uint256 venueId => mapping(uint64 epoch => EpochTerms)) internal _terms;
    /// @dev Demands without an answer.
    mapping(uint256 venueId => mapping(uint64 epoch => uint256)) internal _openDemands;
    mapping(uint256 demandId => ReceiptDemand) internal _demands;

    mapping(uint256 nullifier => Paid) internal _paid;
    mapping(uint256 requestId => WithdrawalRequest) internal _requests;
    uint64 internal _requestCount;

    mapping(uint256 venueId => Hatch) internal _hatches;
    /// @dev Assets of the base epoch's table. Others are in no leaf.
    mapping(uint256 venueId => uint256) internal _baseAssets;
    mapping(uint256 venueId => mapping(uint256 asset => Mark)) internal _marks;
    mapping(uint256 venueId => mapping(uint256 asset => uint256)) internal _refunded;
    mapping(uint256 venueId => mapping(uint64 round => ExitRound)) internal _rounds;
    /// @dev What a round's claims share, token base units.
    mapping(uint256 venueId => mapping(uint64 round => mapping(uint256 asset => uint256))) internal _shared;
    mapping(uint256 venueId => mapping(uint256 nullifier => Exit)) internal _exits;
    /// @dev A bit an asset.
    mapping(uint256 venueId => mapping(uint256 nullifier => uint256)) internal _collected;

    constructor(ISolvencyRegistry registry, IAccountProofs gate, uint256 minTimelock)
        VenueTimelock(registry, minTimelock)
        EIP712("Clearproof CollateralVault", "1")
    {
        if (address(gate).code.length == 0) revert NoCode("gate", address(gate));
        GATE = gate;
    }

    function _rulesOf(uint256 venueId) internal view returns (VaultRules storage rules) {
        rules = _rules[venueId];
        if (rules.timelock == 0) revert NoRules(venueId);
    }

    function _timelockOf(uint256 venueId) internal view override returns (uint256) {
        return _rulesOf(venueId).timelock;
    }

    function _isClosed(uint256 venueId) internal view returns (bool) {
        return _hatches[venueId].openedAt != 0;
    }

    function _isUsed(uint256 nullifier) internal view returns (bool) {
        // No payout comes before a venue's first checkpoint.
        return _paid[nullifier].checkpoint != 0;
    }

    function _requireLive(uint256 venueId) internal view {
        if (_isClosed(venueId)) revert VenueClosed(venueId);
    }

    function _requireNotPaused(uint256 venueId) internal view {
        if (_paused[venueId]) revert VenuePaused(venueId);
    }

    function _requireOperator(uint256 venueId) internal view {
        if (msg.sender != _venue(venueId).operator) revert ISolvencyRegistry.NotOperator(venueId, msg.sender);
    }

    function _requireAmount(uint256 amount) internal pure {
        if (amount == 0) revert ZeroAmount();
    }
}
