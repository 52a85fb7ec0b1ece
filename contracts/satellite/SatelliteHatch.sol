// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {AccountFrame, AccountTerms} from "../interfaces/IAccountProofs.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {ISatelliteVault, SatelliteDeposit, SatelliteExit} from "../interfaces/ISatelliteVault.sol";
import {Paid} from "../interfaces/VaultTypes.sol";
import {AccountTermsWord} from "../libraries/AccountTermsWord.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {SatelliteBooks} from "./SatelliteBooks.sol";
import {Book} from "./SatelliteState.sol";

/// @dev ISolvencyMirror.epochAt, of whose record the first word is enough here: there is no room to read the others.
interface IEpochTables {
    function epochAt(uint256 venueId, uint64 epoch) external view returns (uint256 marketCommitment);
}

/// @param late registered after the round: paid in full, of what is left of the pool
/// @param nullifierNext of the epoch after the base
/// @param amount token base units that it claims, less what home paid
struct HatchExit {
    address recipient;
    uint64 quanta;
    bool unmargined;
    bool late;
    bool collected;
    uint256 nullifierNext;
    uint256 amount;
}

/// @param claims sum of the round's exits
/// @param pool what they share; `left` of it, for who comes later
struct HatchPool {
    bool settled;
    uint256 claims;
    uint256 pool;
    uint256 left;
}

/// @title Pays a satellite's collateral by proof once home has been silent: no key can stop it
/// @dev Base epoch and tree are those of the newest message before the opening. What home paid since is taken off as USED says it.
abstract contract SatelliteHatch is SatelliteBooks {
    using SafeERC20 for IERC20;

    uint64 internal _baseEpoch;
    /// @dev Of the message that named it: prices of exits are as old as that, whatever comes in the round.
    uint64 private _baseSentAt;
    HatchPool[16] internal _pools;
    mapping(uint256 nullifier => mapping(uint16 token => HatchExit)) internal _exits;
    /// @dev Of an account's nullifier in the base epoch: a bit a token.
    mapping(uint256 nullifier => uint256) private _exitTokens;
    /// @dev Of both of an account's nullifiers: that in the base epoch.
    mapping(uint256 nullifier => uint256) private _accounts;
    mapping(uint256 nullifier => Paid) internal _used;

    /// @inheritdoc ISatelliteVault
    function openHatch() external {
        if (_isClosed()) revert SatelliteClosed();
        uint256 dueAt = uint256(_home.sentAt == 0 ? MADE_AT : _home.sentAt) + _rules.hatchAfter;
        if (block.timestamp < dueAt) revert HatchNotDue(dueAt, block.timestamp);
        _closedAt = uint64(block.timestamp);
        _roundClosesAt = _closedAt + _rules.claimWindow;
        (_baseEpoch, _baseSentAt) = (_home.standsEpoch, _home.sentAt);
        emit HatchOpened(_baseEpoch, _roundClosesAt);
    }

    /// @inheritdoc ISatelliteVault
    function registerExit(SatelliteExit calldata exit) external nonReentrant {
        _requireClosed();
        if (_baseEpoch == 0) revert NoBase();
        if (exit.claim.epoch != _baseEpoch) revert NotTheBase(exit.claim.epoch, _baseEpoch);
        _token(exit.token);
        (uint256 nullifier, uint256 next) = (exit.claim.nullifier, exit.claim.nullifierNext);
        ScalarField.requireElement("nullifier", nullifier);
        ScalarField.requireElement("nullifierNext", next);
        uint256 before = _exitTokens[nullifier];
        // With positions, each of two rows may be free to go and both together not.
        bool again = exit.unmargined ? before >> exit.token & 1 != 0 : before != 0;
        if (again) revert ExitRegisteredBefore(nullifier, exit.token);
        _checkExit(exit);
        (_exitTokens[nullifier], _accounts[nullifier], _accounts[next]) = (before | 1 << exit.token, nullifier, nullifier);
        HatchExit storage made = _exits[nullifier][exit.token];
        (made.recipient, made.quanta, made.unmargined) = (exit.recipient, exit.quanta, exit.unmargined);
        made.nullifierNext = next;
        uint256 amount = _unpaid(nullifier, exit.token, made);
        if (amount == 0) revert UsedAtHome(nullifier);
        made.amount = amount;
        _claim(exit.token, made);
        emit HatchExitRegistered(nullifier, exit.token, amount, exit.recipient);
    }

    /// @inheritdoc ISatelliteVault
    function settleHatch(uint16 token) external nonReentrant {
        _token(token);
        _requireRoundOver();
        if (_pools[token].settled) revert SettledBefore(token);
        _settle(token);
    }

    /// @inheritdoc ISatelliteVault
    function collectExit(uint256 nullifier, uint16 token) external nonReentrant {
        HatchExit storage exit = _exits[nullifier][token];
        if (exit.amount == 0 || exit.collected) revert NothingOwed(token, exit.recipient);
        _requireRoundOver();
        _settle(token);
        HatchPool storage pool = _pools[token];
        uint256 amount = exit.amount;
        if (!exit.late && pool.claims > pool.pool) amount = Math.mulDiv(amount, pool.pool, pool.claims);
        exit.collected = true;
        _books[token].aside -= amount;
        emit HatchExitPaid(nullifier, token, amount, exit.recipient);
        if (amount != 0) IERC20(_tokens[token].token).safeTransfer(exit.recipient, amount);
    }

    /// @inheritdoc ISatelliteVault
    function refundDeposit(uint64 number, address to) external nonReentrant {
        SatelliteDeposit storage made = _deposits[number];
        if (msg.sender != made.depositor) revert NotDepositor(number);
        _requireRoundOver();
        if (number <= _home.depositsSeen) revert DepositSeenAtHome(number);
        if (made.refunded) revert RefundedBefore(number);
        (uint16 token, uint256 amount) = (made.token, made.amount);
        // Or the round's exits would have less than what was left without it.
        _settle(token);
        uint256 held = _held(token);
        if (amount > held) revert MoreThanHeld(token, held, amount);
        made.refunded = true;
        Book storage book = _books[token];
        (book.paid, book.refunded) = (book.paid + amount, book.refunded + amount);
        emit SatelliteDepositRefunded(number, amount);
        IERC20(_tokens[token].token).safeTransfer(to, amount);
    }

    /// @inheritdoc ISatelliteVault
    function exitAction(uint16 token, address recipient) public pure returns (bytes32) {
        return keccak256(abi.encode("clearproof.satellite.exit", token, recipient));
    }

    /// @dev What orders can take: of a closed satellite neither what is the pool's nor deposits that go back.
    function _payable(uint16 token) internal view returns (uint256) {
        uint256 held = _held(token);
        if (!_isClosed()) return held;
        uint256 rest = Math.saturatingSub(held, _unseen(token));
        return _pools[token].settled ? rest : rest - Math.min(_tree[token], rest);
    }

    /// @dev What home had under a nullifier, for good: only a cancellation in a closed venue makes it less, and then it stays with the venue.
    function _noteUsed(uint256 nullifier, Paid memory paid) internal {
        if (_used[nullifier].quanta != 0) return;
        _used[nullifier] = paid;
        emit NullifierUsedAtHome(nullifier, paid.asset, paid.quanta);
        uint256 account = _accounts[nullifier];
        if (account == 0 || _isRoundOver()) return;
        uint256 marks = _exitTokens[account];
        for (uint16 token = 0; marks != 0; (marks, token) = (marks >> 1, token + 1)) {
            if (marks & 1 == 0) continue;
            HatchExit storage exit = _exits[account][token];
            uint256 amount = _unpaid(account, token, exit);
            _pools[token].claims = _pools[token].claims - exit.amount + amount;
            exit.amount = amount;
        }
    }

    function _claim(uint16 token, HatchExit storage exit) private {
        if (!_isRoundOver()) {
            _pools[token].claims += exit.amount;
            return;
        }
        _settle(token);
        uint256 left = _pools[token].left;
        if (exit.amount > left) revert MoreThanHeld(token, left, exit.amount);
        _pools[token].left = left - exit.amount;
        exit.late = true;
    }

    function _settle(uint16 token) private {
        HatchPool storage pool = _pools[token];
        if (pool.settled) return;
        pool.settled = true;
        // A token that does not answer now is no empty one: for good nobody would have anything.
        IERC20(_tokens[token].token).balanceOf(address(this));
        pool.pool = Math.min(_tree[token], Math.saturatingSub(_held(token), _unseen(token)));
        pool.left = Math.saturatingSub(pool.pool, pool.claims);
        _books[token].paid += pool.pool;
        _books[token].aside += pool.pool;
        emit HatchSettled(token, pool.pool, pool.claims);
    }

    function _checkExit(SatelliteExit calldata exit) private view {
        AccountTerms memory terms = AccountTerms({
            healthy: true,
            held: false,
            withdraws: true,
            unmargined: exit.unmargined,
            payload: AccountTermsWord.withdrawal(_tokens[exit.token].row, exit.quanta),
            context: MIRROR.contextOf(address(this), exitAction(exit.token, exit.recipient))
        });
        AccountFrame memory frame = MIRROR.checkMargin(VENUE_ID, exit.claim, terms);
        uint256 table = exit.claim.marketCommitment;
        // No price matters to an account without positions.
        if (exit.unmargined && table == IEpochTables(address(MIRROR)).epochAt(VENUE_ID, _baseEpoch)) return;
        if (frame.level != MarginLevel.INITIAL) revert TableNotInitial(table);
        bool old = uint256(frame.marketTime) + _rules.tableAge < _baseSentAt;
        if (old) revert TableTooOld(frame.marketTime, _baseSentAt);
    }

    /// @dev Base units that home did not pay on the leaf of the base or on the next one. Where another row was paid too, an account
    /// with positions may not be healthy without both.
    function _unpaid(uint256 nullifier, uint16 token, HatchExit storage exit) private view returns (uint256) {
        (Paid memory first, Paid memory second) = (_used[nullifier], _used[exit.nullifierNext]);
        bool one = keccak256(abi.encode(first)) == keccak256(abi.encode(second));
        uint256 taken = one ? 0 : _takenBy(second, token, exit.unmargined);
        taken += _takenBy(first, token, exit.unmargined);
        return Math.saturatingSub(exit.quanta, taken) * _tokens[token].unitsPerQuantum;
    }

    function _takenBy(Paid memory paid, uint16 token, bool unmargined) private view returns (uint256) {
        if (paid.asset == _tokens[token].asset) return paid.quanta;
        return paid.quanta == 0 || unmargined ? 0 : type(uint64).max;
    }
}
