// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IReserveEscrow} from "./interfaces/IReserveEscrow.sol";
import {AssetLimit, IReserveSource, ReserveState} from "./interfaces/IReserveSource.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {TokenIntake} from "./libraries/TokenIntake.sol";

/// @title ERC-20 escrow with one ledger of reserves and one of insurance funds per venue
contract ReserveEscrow is IReserveEscrow, Ownable2Step, ReentrancyGuard {
    using SafeERC20 for IERC20;

    ISolvencyRegistry public immutable REGISTRY;

    mapping(address token => bool) private _allowed;
    mapping(uint256 venueId => mapping(address token => uint256)) private _reserves;
    mapping(uint256 venueId => mapping(address token => uint256)) private _funds;
    mapping(uint256 venueId => uint256) private _checkpointBlock;

    modifier onlyVenueAdmin(uint256 venueId) {
        if (msg.sender != REGISTRY.venue(venueId).admin) revert NotVenueAdmin(venueId, msg.sender);
        _;
    }

    constructor(address owner_, ISolvencyRegistry registry) Ownable(owner_) {
        REGISTRY = registry;
    }

    /// @inheritdoc IReserveEscrow
    function setTokenAllowed(address token, bool allowed) external onlyOwner {
        _allowed[token] = allowed;
        emit TokenAllowed(token, allowed);
    }

    /// @inheritdoc IReserveEscrow
    function depositReserves(uint256 venueId, address token, uint256 amount) external nonReentrant {
        uint256 received = _pull(venueId, token, amount);
        _reserves[venueId][token] += received;
        emit ReservesDeposited(venueId, token, msg.sender, received);
    }

    /// @inheritdoc IReserveEscrow
    function depositFund(uint256 venueId, address token, uint256 amount) external nonReentrant {
        uint256 received = _pull(venueId, token, amount);
        _funds[venueId][token] += received;
        emit FundDeposited(venueId, token, msg.sender, received);
    }

    /// @inheritdoc IReserveEscrow
    function withdrawReserves(uint256 venueId, address token, uint256 amount, address to)
        external
        nonReentrant
        onlyVenueAdmin(venueId)
    {
        _requireSettled(venueId);
        _debit(_reserves, venueId, token, amount);
        emit ReservesWithdrawn(venueId, token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IReserveEscrow
    function withdrawFund(uint256 venueId, address token, uint256 amount, address to)
        external
        nonReentrant
        onlyVenueAdmin(venueId)
    {
        _requireSettled(venueId);
        _debit(_funds, venueId, token, amount);
        emit FundWithdrawn(venueId, token, to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IReserveSource
    function checkpoint(uint256 venueId, uint64 epoch, address[] calldata tokens, address fundToken)
        external
        nonReentrant
        returns (uint256[] memory reserves, uint256 fund)
    {
        if (msg.sender != address(REGISTRY)) revert CallerIsNotRegistry(msg.sender, address(REGISTRY));
        _checkpointBlock[venueId] = block.number;
        reserves = new uint256[](tokens.length);
        for (uint256 i = 0; i < tokens.length; ++i) {
            if (_allowed[tokens[i]]) reserves[i] = _reserves[venueId][tokens[i]];
        }
        if (_allowed[fundToken]) fund = _funds[venueId][fundToken];
        emit ReservesCheckpointed(venueId, epoch, tokens, reserves, fund);
    }

    /// @inheritdoc IReserveSource
    /// @dev An escrow only counts: nothing is limited.
    function limits(uint256, uint256 count) external pure returns (AssetLimit[] memory unlimited) {
        unlimited = new AssetLimit[](count);
        for (uint256 i = 0; i < count; ++i) {
            unlimited[i] = AssetLimit(type(uint128).max, type(uint128).max);
        }
    }

    /// @inheritdoc IReserveSource
    function state(uint256) external pure returns (ReserveState) {
        return ReserveState.OPEN;
    }

    /// @inheritdoc IReserveEscrow
    function reservesOf(uint256 venueId, address token) external view returns (uint256) {
        return _reserves[venueId][token];
    }

    /// @inheritdoc IReserveEscrow
    function fundOf(uint256 venueId, address token) external view returns (uint256) {
        return _funds[venueId][token];
    }

    /// @inheritdoc IReserveEscrow
    function isTokenAllowed(address token) external view returns (bool) {
        return _allowed[token];
    }

    /// @dev What a checkpoint counted must outlive its block, or a flash loan could stand for reserves.
    function _requireSettled(uint256 venueId) private view {
        if (block.number == _checkpointBlock[venueId]) revert CheckpointInThisBlock(venueId, block.number);
    }

    /// @dev Credits what arrives.
    function _pull(uint256 venueId, address token, uint256 amount) private returns (uint256 received) {
        // Nobody could withdraw from a venue that does not exist: this reverts for one.
        REGISTRY.venue(venueId);
        if (!_allowed[token]) revert TokenNotAllowed(token);
        received = TokenIntake.pull(token, amount);
    }

    function _debit(
        mapping(uint256 => mapping(address => uint256)) storage ledger,
        uint256 venueId,
        address token,
        uint256 amount
    ) private {
        uint256 held = ledger[venueId][token];
        if (amount > held) revert LedgerTooSmall(venueId, token, held, amount);
        ledger[venueId][token] = held - amount;
    }
}
