// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICollateralVault} from "../interfaces/ICollateralVault.sol";
import {AssetLimit, IReserveSource, ReserveState} from "../interfaces/IReserveSource.sol";
import {SettlementAsset, VenueConfig} from "../interfaces/ISolvencyRegistry.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {TokenIntake} from "../libraries/TokenIntake.sol";
import {VaultRulesBoard} from "./VaultRulesBoard.sol";
import {Ledger} from "./VaultState.sol";

/// @title The vault's ledgers, what comes in, and what a snapshot counts
/// @dev Internal accounting only: tokens sent directly belong to nobody. All amounts are token base units.
abstract contract VaultLedger is VaultRulesBoard, Ownable2Step {
    using SafeERC20 for IERC20;

    mapping(address token => bool) private _allowed;
    mapping(uint256 venueId => uint256) private _checkpointBlock;

    constructor(address owner_) Ownable(owner_) {}

    /// @inheritdoc ICollateralVault
    function setTokenAllowed(address token, bool allowed) external onlyOwner {
        _allowed[token] = allowed;
        emit TokenAllowed(token, allowed);
    }

    /// @inheritdoc ICollateralVault
    function deposit(uint256 venueId, uint256 asset, uint256 amount, bytes32 beneficiary)
        external
        nonReentrant
        returns (uint256 depositId)
    {
        _startClock(venueId);
        return _credit(venueId, asset, _takeIn(venueId, asset, amount), msg.sender, beneficiary);
    }

    /// @inheritdoc ICollateralVault
    function depositFund(uint256 venueId, uint256 amount) external nonReentrant {
        _rulesOf(venueId);
        uint256 received = _pull(venueId, _venue(venueId).fundToken, amount);
        _funds[venueId] = SafeCast.toUint160(_funds[venueId] + received);
        emit FundDeposited(venueId, msg.sender, received);
    }

    /// @inheritdoc ICollateralVault
    function proposeFundWithdrawal(uint256 venueId, uint256 amount) external {
        _proposeChange(venueId, ChangeKind.FUND_WITHDRAWAL, keccak256(abi.encode(amount)));
    }

    /// @inheritdoc ICollateralVault
    function activateFundWithdrawal(uint256 venueId, uint256 amount) external nonReentrant {
        _activateChange(venueId, ChangeKind.FUND_WITHDRAWAL, keccak256(abi.encode(amount)));
        // A proposal asks for no balance: a flash loan could stand for the fund while a snapshot counts it.
        if (block.number == _checkpointBlock[venueId]) revert CheckpointInThisBlock(venueId, block.number);
        uint256 fund = _funds[venueId];
        VenueConfig memory venue = _venue(venueId);
        if (amount > fund) revert FundTooSmall(venueId, fund, amount);
        _funds[venueId] = fund - amount;
        emit FundWithdrawn(venueId, venue.admin, amount);
        IERC20(venue.fundToken).safeTransfer(venue.admin, amount);
    }

    /// @inheritdoc IReserveSource
    /// @dev What is here counts, on the list or off it: it is paid as ever.
    function checkpoint(uint256 venueId, uint64 epoch, address[] calldata tokens, address fundToken)
        external
        nonReentrant
        returns (uint256[] memory reserves, uint256 fund)
    {
        if (msg.sender != address(REGISTRY)) revert CallerIsNotRegistry(msg.sender, address(REGISTRY));
        _requireLive(venueId);
        _openEpoch(venueId, epoch);
        _checkpointBlock[venueId] = block.number;
        reserves = new uint256[](tokens.length);
        for (uint256 i = 0; i < tokens.length; ++i) {
            reserves[i] = _counted(venueId, tokens[i], _ledgers[venueId][i].tree);
        }
        fund = _counted(venueId, fundToken, _funds[venueId]);
        emit ReservesCheckpointed(venueId, epoch, tokens, reserves, fund);
    }

    /// @inheritdoc IReserveSource
    function limits(uint256 venueId, uint256 count) external view returns (AssetLimit[] memory list) {
        list = new AssetLimit[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = _coverage[venueId][i];
        }
    }

    /// @inheritdoc IReserveSource
    function state(uint256 venueId) external view returns (ReserveState) {
        if (_isClosed(venueId)) return ReserveState.CLOSED;
        return _paused[venueId] ? ReserveState.PAUSED : ReserveState.OPEN;
    }

    /// @inheritdoc ICollateralVault
    function isTokenAllowed(address token) external view returns (bool) {
        return _allowed[token];
    }

    /// @dev What of `held` base units a snapshot counts: all that is here.
    function _counted(uint256, address, uint256 held) internal view virtual returns (uint256) {
        return held;
    }

    /// @dev Pulls from the caller what then belongs to a sub-ledger.
    function _takeIn(uint256 venueId, uint256 asset, uint256 amount) internal returns (uint256 received) {
        _requireNotPaused(venueId);
        SettlementAsset memory settlement = REGISTRY.settlementAsset(venueId, asset);
        received = _pull(venueId, settlement.token, amount);
        // Below 2^256: both factors are typed.
        uint256 limit = uint256(_coverage[venueId][asset].maxDeposits) * settlement.unitsPerQuantum;
        Ledger storage ledger = _ledgers[venueId][asset];
        // What waits or is cleared may return to the tree, and no return is refused.
        uint256 balance = ledger.tree + ledger.cleared + ledger.pending + received;
        // Beyond it epochs are not covered: anybody with the money could close the venue's gate.
        if (balance > limit) revert DepositLimitReached(venueId, asset, limit, balance);
    }

    /// @dev Of a venue no epoch of which may ever stand: what is in its tree sub-ledger has to come out again.
    function _startClock(uint256 venueId) internal {
        uint256 hatchAfter = _rulesOf(venueId).hatchAfter;
        if (_progress[venueId].firstDueAt == 0) _progress[venueId].firstDueAt = uint64(block.timestamp + hatchAfter);
    }

    /// @dev Takes what arrives.
    function _pull(uint256 venueId, address token, uint256 amount) private returns (uint256) {
        _requireLive(venueId);
        if (!_allowed[token]) revert TokenNotAllowed(token);
        return TokenIntake.pull(token, amount);
    }
}
