// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    AccountOrder,
    BalanceReceipt,
    ChallengeStatus,
    InclusionClaim
} from "../../../contracts/interfaces/IOmissionChallenges.sol";
import {OmissionFixture} from "../omission/OmissionFixture.sol";

/// @dev Challenges, answers, settles, cures and reclaims as anybody might, in time and late, and keeps books of what should have come
/// of it. Challengers are addresses of their own, so that whoever is paid can be told.
contract OmissionHandler is OmissionFixture {
    struct Book {
        uint256 id;
        uint64 epoch;
        uint256 balance;
        uint256 answerBy;
        uint64 orderedAt;
        ChallengeStatus status;
        bool reclaimed;
        address challenger;
    }

    Book[] private _books;
    BalanceReceipt[] private _receipts;
    uint256 private _nextBalance = 1;
    uint64[] private _epochs;
    uint256 private _operatorsStart;

    /// What must never have happened.
    uint256 public otherwiseThanTheRules;
    uint256 public wentBack;
    uint256 public strangersHeard;
    uint256 public standingChanged;

    mapping(uint64 epoch => uint8) private _stood;

    constructor() {
        setUp();
        vm.deal(address(this), 1_000 ether);
        _operatorsStart = venueOperator.balance;
        passTime(60, false);
        newEpoch();
    }

    // ---- books ----

    function count() external view returns (uint256) {
        return _books.length;
    }

    function bondsHeld() external view returns (uint256 sum) {
        for (uint256 i = 0; i < _books.length; ++i) {
            ChallengeStatus status = _books[i].status;
            if (status != ChallengeStatus.ANSWERED && !_books[i].reclaimed) sum += STAKE;
        }
    }

    function held() external view returns (uint256) {
        return address(omissions).balance;
    }

    /// @dev Wei that operator and challengers have too much or too little.
    function misplaced() external view returns (uint256 wei_) {
        uint256 answered;
        for (uint256 i = 0; i < _books.length; ++i) {
            if (_books[i].status == ChallengeStatus.ANSWERED) ++answered;
            uint256 due = _books[i].reclaimed ? STAKE : 0;
            if (_books[i].challenger.balance != due) ++wei_;
        }
        if (venueOperator.balance != _operatorsStart + answered * STAKE) ++wei_;
    }

    function lostUncured() external view returns (uint256 n) {
        for (uint256 i = 0; i < _books.length; ++i) {
            if (_books[i].status == ChallengeStatus.LOST) ++n;
        }
    }

    function disputedSince() external view returns (uint64) {
        return omissions.disputedSince(HELD);
    }

    /// @dev Epochs whose contest is not that of their challenges.
    function contestsWrong() external view returns (uint256 wrong) {
        for (uint256 e = 0; e < _epochs.length; ++e) {
            bool contested;
            for (uint256 i = 0; i < _books.length; ++i) {
                if (_books[i].epoch == _epochs[e] && _books[i].status != ChallengeStatus.ANSWERED) contested = true;
            }
            if (omissions.isContested(HELD, _epochs[e]) != contested) ++wrong;
        }
    }

    function statusesWrong() external view returns (uint256 wrong) {
        for (uint256 i = 0; i < _books.length; ++i) {
            if (statusOf(_books[i].id) != _books[i].status) ++wrong;
        }
    }

    // ---- actions ----

    function passTime(uint256 duration, bool far) public {
        pass(bound(duration, 1, far ? ANSWER_WINDOW : 20 minutes));
        noteStanding();
    }

    function newEpoch() public {
        if (_epochs.length != 0) letStand();
        _epochs.push(nextEpoch());
        noteStanding();
    }

    /// @dev A receipt of just before the newest epoch, or one that was used.
    function challenge(uint256 seed, bool again) public {
        uint64 epoch = _epochs[_epochs.length - 1];
        BalanceReceipt memory receipt;
        if (again && _receipts.length != 0) {
            receipt = _receipts[seed % _receipts.length];
        } else {
            receipt = receiptOf(_nextBalance++);
            receipt.issuedAt = registry.epochAt(HELD, epoch).snapshotTime;
        }
        uint256 id = omissions.challengeIdOf(epoch, receipt);
        uint64 at = registry.epochAt(HELD, epoch).snapshotTime;
        bool allowed = block.timestamp < registry.epochAt(HELD, epoch).acceptedAt + CHALLENGE_WINDOW
            && receipt.issuedAt <= at && at <= receipt.validUntil && statusOf(id) == ChallengeStatus.NONE;
        address who = address(uint160(uint256(keccak256(abi.encode("challenger", _books.length)))));
        bytes memory signature = signedReceipt(receipt);
        vm.deal(who, STAKE);
        vm.prank(who);
        bool ok = tried(STAKE, abi.encodeCall(omissions.challenge, (epoch, receipt, receiptSigner, signature)), allowed);
        if (!ok) {
            vm.deal(who, 0);
            return;
        }
        _receipts.push(receipt);
        uint256 answerBy = block.timestamp + ANSWER_WINDOW;
        Book memory book;
        (book.id, book.epoch, book.balance, book.answerBy) = (id, epoch, receipt.balance, answerBy);
        (book.orderedAt, book.status, book.challenger) = (receipt.issuedAt, ChallengeStatus.OPEN, who);
        _books.push(book);
        noteStanding();
    }

    /// @dev With a proof or an order: both are of epochs that came after the receipt.
    function answer(uint256 seed, bool byOrder, bool byStranger) public {
        if (_books.length == 0) return;
        Book storage book = _books[seed % _books.length];
        bool open_ = book.status == ChallengeStatus.OPEN && block.timestamp < book.answerBy;
        bool allowed = (open_ || book.status == ChallengeStatus.LOST) && !byStranger;
        bytes memory call = byOrder ? orderCall(book) : proofCall(book);
        vm.prank(byStranger ? STRANGER : venueOperator);
        bool ok = tried(0, call, allowed);
        if (ok && byStranger) ++strangersHeard;
        if (ok) move(book, book.status == ChallengeStatus.OPEN ? ChallengeStatus.ANSWERED : ChallengeStatus.CURED);
    }

    function settle(uint256 seed) public {
        if (_books.length == 0) return;
        Book storage book = _books[seed % _books.length];
        bool allowed = book.status == ChallengeStatus.OPEN && block.timestamp >= book.answerBy;
        vm.prank(STRANGER);
        if (tried(0, abi.encodeCall(omissions.settle, (book.id)), allowed)) move(book, ChallengeStatus.LOST);
    }

    /// @dev Waits for it.
    function settleInTime(uint256 seed) public {
        if (_books.length == 0) return;
        uint256 answerBy = _books[seed % _books.length].answerBy;
        if (block.timestamp < answerBy) pass(answerBy - block.timestamp);
        settle(seed);
    }

    function reclaim(uint256 seed) public {
        if (_books.length == 0) return;
        Book storage book = _books[seed % _books.length];
        bool lost_ = book.status == ChallengeStatus.LOST || book.status == ChallengeStatus.CURED;
        vm.prank(STRANGER);
        if (tried(0, abi.encodeCall(omissions.reclaimBond, (book.id)), lost_ && !book.reclaimed)) {
            book.reclaimed = true;
        }
    }

    function tried(uint256 value, bytes memory call, bool allowed) private returns (bool ok) {
        (ok,) = address(omissions).call{value: value}(call);
        if (ok != allowed) ++otherwiseThanTheRules;
    }

    function move(Book storage book, ChallengeStatus to) private {
        if (to <= book.status) ++wentBack;
        book.status = to;
        noteStanding();
    }

    function proofCall(Book storage book) private view returns (bytes memory) {
        InclusionClaim memory claim = inclusionOf(book.balance);
        return abi.encodeCall(omissions.answerWithInclusion, (book.id, claim));
    }

    function orderCall(Book storage book) private view returns (bytes memory) {
        AccountOrder memory order = AccountOrder(HELD, ACCOUNT, 6, book.orderedAt, ORDER_DIGEST);
        return abi.encodeCall(omissions.answerWithOrder, (book.id, order, signedOrder(order)));
    }

    /// @dev Whether an epoch stands, once its windows are over, is what it was.
    function noteStanding() private {
        for (uint256 e = 0; e < _epochs.length; ++e) {
            uint64 epoch = _epochs[e];
            uint256 decidedAt = registry.epochAt(HELD, epoch).acceptedAt + CHALLENGE_WINDOW + ANSWER_WINDOW;
            if (block.timestamp < decidedAt) continue;
            uint8 now_ = vault.stands(HELD, epoch) ? 2 : 1;
            if (_stood[epoch] != 0 && _stood[epoch] != now_) ++standingChanged;
            _stood[epoch] = now_;
        }
    }
}
