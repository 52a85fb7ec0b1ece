// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {ISatelliteVault, SatelliteDeposit, SatelliteToken} from "../interfaces/ISatelliteVault.sol";
import {
    CheckpointMessage,
    DepositMessage,
    MessageKind,
    SatelliteTotals,
    TokenTerms
} from "../libraries/CrossChainMessages.sol";
import {TokenIntake} from "../libraries/TokenIntake.sol";
import {WindowedLimit} from "../libraries/WindowedLimit.sol";
import {Book, SatelliteState} from "./SatelliteState.sol";

/// @title What comes into a satellite, what it says of itself, and what recipients take
abstract contract SatelliteBooks is SatelliteState {
    using Checkpoints for Checkpoints.Trace160;
    using SafeERC20 for IERC20;
    using WindowedLimit for *;

    /// @inheritdoc ISatelliteVault
    function deposit(uint16 token, uint256 amount, address homeOwner)
        external
        nonReentrant
        returns (uint64 number, bytes memory payload)
    {
        if (_isClosed()) revert SatelliteClosed();
        if (homeOwner == address(0)) revert ZeroHomeOwner();
        SatelliteToken storage taken = _token(token);
        uint256 received = TokenIntake.pull(taken.token, amount);
        if (received < taken.minDeposit) revert BelowLeastDeposit(token, received, taken.minDeposit);
        number = ++_depositCount;
        DepositMessage memory made = DepositMessage(number, token, received, homeOwner);
        _deposits[number] = SatelliteDeposit(msg.sender, token, false, uint64(block.timestamp), received);
        _digests[number] = keccak256(abi.encode(_digests[number - 1], made));
        uint256 sum = _books[token].deposited + received;
        _books[token].deposited = sum;
        _deposited[token].push(number, SafeCast.toUint160(sum));
        emit SatelliteDeposited(number, token, msg.sender, received, homeOwner);
        payload = _make(MessageKind.DEPOSIT, abi.encode(made));
    }

    /// @inheritdoc ISatelliteVault
    /// @dev Not while a token moves: balances would be others than books.
    function makeCheckpoint() external nonReentrant returns (bytes memory payload) {
        uint256 count = _tokens.length;
        CheckpointMessage memory said;
        (said.homeSentAt, said.depositsSeen) = (_home.sentAt, _home.depositsSeen);
        (said.hatchAfter, said.closed) = (_rules.hatchAfter, _isClosed());
        said.terms = new TokenTerms[](count);
        said.totals = new SatelliteTotals[](count);
        said.tree = new uint256[](count);
        for (uint16 i = 0; i < count; ++i) {
            SatelliteToken storage token = _tokens[i];
            said.terms[i] = TokenTerms(token.row, token.asset, token.unitsPerQuantum);
            said.totals[i] = totalsOf(i);
            said.tree[i] = _tree[i];
        }
        payload = _make(MessageKind.CHECKPOINT, abi.encode(said));
    }

    /// @inheritdoc ISatelliteVault
    function collect(uint16 token, address recipient) external nonReentrant returns (uint256 amount) {
        SatelliteToken storage paid = _token(token);
        Book storage book = _books[token];
        uint256 owed = _owed[token][recipient];
        if (owed == 0) revert NothingOwed(token, recipient);
        uint256 left = book.collected.left(paid.payoutLimit, _rules.limitWindow);
        if (left == 0) revert CollectLimitReached(token, left, owed);
        amount = Math.min(owed, left);
        book.collected.use(paid.payoutLimit, _rules.limitWindow, amount);
        _owed[token][recipient] = owed - amount;
        book.owed -= amount;
        emit Collected(token, recipient, amount);
        IERC20(paid.token).safeTransfer(recipient, amount);
    }

    /// @inheritdoc ISatelliteVault
    function totalsOf(uint16 token) public view returns (SatelliteTotals memory) {
        _token(token);
        return SatelliteTotals(_books[token].deposited, _books[token].paid, _held(token));
    }

    function _make(MessageKind kind, bytes memory body) private returns (bytes memory) {
        return _makeMessage(VENUE_ID, VENUE_ID, kind, address(0), body);
    }
}
