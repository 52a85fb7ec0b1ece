// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ClearedAccount} from "../interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {ILiquidationSource} from "../interfaces/ILiquidationSource.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {AccountStanding, LiquidationRules, Standing, VerdictClaim} from "../interfaces/LiquidationTypes.sol";
import {LiquidationRulesBoard} from "./LiquidationRulesBoard.sol";

/// @title Who is doubted, frozen or under water, and the bonds of those who doubt
/// @dev Bonds of challenges that wait, and what accounts can take out, are this contract's balance.
abstract contract Standings is LiquidationRulesBoard, ReentrancyGuardTransient {
    mapping(uint64 handle => AccountStanding) internal _standings;
    /// @dev Wei.
    mapping(address account => uint256) private _bonds;
    /// @inheritdoc ILiquidations
    mapping(uint256 venueId => uint256) public liquidating;

    /// @inheritdoc ILiquidations
    function challenge(uint64 handle, uint256 marketCommitment) external payable nonReentrant {
        uint256 venueId = _account(handle).venueId;
        LiquidationRules memory rules = _rulesOf(venueId);
        _requireOurs(venueId);
        AccountStanding storage known = _standings[handle];
        if (known.standing == Standing.CHALLENGED) revert AlreadyChallenged(handle);
        _requireStanding(handle, Standing.SOUND);
        _judge.requirePrices(venueId);
        uint64 tableTime = _judge.requireLatest(venueId, marketCommitment, MarginLevel.MAINTENANCE);
        if (_isQuiet(rules, known) && tableTime <= known.soundTableTime) {
            revert TableNotNewer(tableTime, known.soundTableTime);
        }
        uint256 bond = _bondFor(rules, known);
        if (msg.value != bond) revert WrongBond(msg.value, bond);
        uint64 deadline = uint64(block.timestamp) + rules.windows[uint256(PROOFS.mode(venueId))];
        (known.standing, known.keeper, known.bond) = (Standing.CHALLENGED, msg.sender, uint96(bond));
        (known.deadline, known.tableTime, known.challengedAt) = (deadline, tableTime, uint64(block.timestamp));
        emit Challenged(handle, msg.sender, marketCommitment, deadline, bond);
    }

    /// @inheritdoc ILiquidations
    function answer(uint64 handle, VerdictClaim calldata healthy) external nonReentrant {
        ClearedAccount memory account = _account(handle);
        AccountStanding storage known = _standings[handle];
        Standing standing = known.standing;
        if (standing == Standing.SOUND) revert NotInStanding(handle, standing);
        uint64 tableTime = _requireAnswering(account.venueId, handle, healthy.marketCommitment);
        _requireVerdict(account.venueId, account.commitment, verdictContext(handle, address(0)), healthy, true);
        if (standing == Standing.LIQUIDATING) {
            --liquidating[account.venueId];
            emit LiquidationEnded(handle, known.liquidation, healthy.marketCommitment);
        } else {
            _bonds[account.controller] += known.bond;
            emit Defended(handle, healthy.marketCommitment, known.bond);
        }
        (known.standing, known.keeper) = (Standing.SOUND, address(0));
        (known.soundAt, known.soundTableTime) = (uint64(block.timestamp), tableTime);
        _closeChallenge(known);
    }

    /// @inheritdoc ILiquidations
    function start(uint64 handle, VerdictClaim calldata underWater) external nonReentrant {
        ClearedAccount memory account = _account(handle);
        uint256 venueId = account.venueId;
        _rulesOf(venueId);
        _requireOurs(venueId);
        AccountStanding storage known = _standings[handle];
        if (known.standing == Standing.LIQUIDATING) revert NotInStanding(handle, Standing.LIQUIDATING);
        _requireUnderWater(account, handle, msg.sender, underWater);
        if (known.bond != 0) _bonds[known.keeper] += known.bond;
        bool doubted = known.challengedAt != 0 && known.challengedAt < block.timestamp;
        if (!doubted) known.keeper = msg.sender;
        known.standing = Standing.LIQUIDATING;
        ++liquidating[venueId];
        known.dust = 0;
        uint32 liquidation = ++known.liquidation;
        _closeChallenge(known);
        emit LiquidationStarted(handle, liquidation, known.keeper, underWater.marketCommitment);
    }

    /// @inheritdoc ILiquidations
    function freeze(uint64 handle, uint256 marketCommitment) external nonReentrant {
        uint256 venueId = _account(handle).venueId;
        _requireStanding(handle, Standing.CHALLENGED);
        AccountStanding storage known = _standings[handle];
        if (block.timestamp <= known.deadline) revert AnswerTime(known.deadline, block.timestamp);
        _judge.requirePrices(venueId);
        _requireAnswering(venueId, handle, marketCommitment);
        known.standing = Standing.FROZEN;
        emit Frozen(handle);
    }

    /// @inheritdoc ILiquidations
    function release(uint64 handle) external nonReentrant {
        uint256 venueId = _account(handle).venueId;
        if (_terms.liquidationsOf(venueId) == address(this)) revert StillLiquidationsOf(venueId);
        AccountStanding storage known = _standings[handle];
        if (known.standing == Standing.SOUND) revert NotInStanding(handle, Standing.SOUND);
        if (known.standing == Standing.LIQUIDATING) --liquidating[venueId];
        _bonds[known.keeper] += known.bond;
        emit Released(handle, known.keeper, known.bond);
        (known.standing, known.keeper) = (Standing.SOUND, address(0));
        _closeChallenge(known);
    }

    /// @inheritdoc ILiquidations
    function withdrawBonds() external nonReentrant {
        uint256 amount = _bonds[msg.sender];
        if (amount == 0) revert NoBond(msg.sender);
        _bonds[msg.sender] = 0;
        emit BondWithdrawn(msg.sender, amount);
        (bool sent,) = msg.sender.call{value: amount}("");
        if (!sent) revert BondNotSent(msg.sender);
    }

    /// @inheritdoc ILiquidationSource
    function isFrozen(uint64 handle) external view returns (bool) {
        Standing standing = _standings[handle].standing;
        return standing == Standing.FROZEN || standing == Standing.LIQUIDATING;
    }

    /// @inheritdoc ILiquidations
    function standingOf(uint64 handle) external view returns (AccountStanding memory) {
        return _standings[handle];
    }

    /// @inheritdoc ILiquidations
    function challengeBond(uint64 handle) external view returns (uint256) {
        return _bondFor(_rulesOf(_account(handle).venueId), _standings[handle]);
    }

    /// @inheritdoc ILiquidations
    function bondsOf(address account) external view returns (uint256) {
        return _bonds[account];
    }

    /// @inheritdoc ILiquidations
    function verdictContext(uint64 handle, address sender) public view returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(address(this), handle, sender))));
    }

    function _account(uint64 handle) internal view returns (ClearedAccount memory account) {
        account = HOUSE.accountOf(handle);
        if (account.commitment == 0) revert IClearingHouse.UnknownHandle(handle);
    }

    function _requireStanding(uint64 handle, Standing wanted) internal view {
        Standing standing = _standings[handle].standing;
        if (standing != wanted) revert NotInStanding(handle, standing);
    }

    /// @dev Under the newest table, and from now on no answer is under one before it: prices of before a crash end no liquidation.
    /// @param sender whom the verdict is bound to; zero for anybody
    function _requireUnderWater(
        ClearedAccount memory account,
        uint64 handle,
        address sender,
        VerdictClaim calldata claim
    ) internal {
        uint256 venueId = account.venueId;
        _judge.requirePrices(venueId);
        _standings[handle].tableTime = _judge.requireLatest(venueId, claim.marketCommitment, MarginLevel.MAINTENANCE);
        _requireVerdict(venueId, account.commitment, verdictContext(handle, sender), claim, false);
    }

    /// @dev Reverts unless the proof says of the account that it meets the table, or that it does not.
    function _requireVerdict(
        uint256 venueId,
        uint256 commitment,
        uint128 context,
        VerdictClaim calldata claim,
        bool healthy
    ) internal view {
        _judge.requireVerdict(venueId, commitment, context, claim, healthy);
    }

    /// @dev A table that an answer can be under, of either level: healthy at initial says more, and where an operator withholds tables that is the
    /// level that anybody has accepted.
    function _requireAnswering(uint256 venueId, uint64 handle, uint256 marketCommitment)
        private
        view
        returns (uint64 tableTime)
    {
        tableTime = _judge.requireFresh(venueId, marketCommitment);
        uint64 since = _standings[handle].tableTime;
        if (tableTime < since) revert TableBeforeChallenge(tableTime, since);
    }

    function _closeChallenge(AccountStanding storage known) private {
        (known.bond, known.deadline, known.challengedAt) = (0, 0, 0);
    }

    function _isQuiet(LiquidationRules memory rules, AccountStanding storage known) private view returns (bool) {
        return known.soundAt != 0 && block.timestamp < uint256(known.soundAt) + rules.quiet;
    }

    function _bondFor(LiquidationRules memory rules, AccountStanding storage known) private view returns (uint256) {
        return _isQuiet(rules, known) ? rules.bond * PRESSING : rules.bond;
    }

    /// @dev Of a venue that named another contract nothing here would keep an owner from anything.
    function _requireOurs(uint256 venueId) private view {
        address named = _terms.liquidationsOf(venueId);
        if (named != address(this)) revert NotLiquidationsOf(venueId, named);
    }
}
