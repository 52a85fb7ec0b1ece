// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountTerms, SignerClaim} from "../interfaces/IAccountProofs.sol";
import {MarginClaim} from "../interfaces/ISolvencyGate.sol";
import {IVaultPayouts} from "../interfaces/IVaultPayouts.sol";
import {Payout, RequestStatus, VaultRules, WithdrawalRequest} from "../interfaces/VaultTypes.sol";
import {VaultActions} from "../libraries/VaultActions.sol";
import {PayoutsAtOnce} from "./PayoutsAtOnce.sol";

/// @title Withdrawals the venue did not sign
/// @dev What waits is out of the tree sub-ledger, and the venue debits the account when it is requested.
abstract contract WithdrawalRequests is PayoutsAtOnce {
    bytes32 private constant LATER_ORDER =
        keccak256("LaterOrder(uint256 venueId,uint256 nullifier,uint64 sequence,bytes32 orderDigest)");

    /// @inheritdoc IVaultPayouts
    function requestWithdrawal(uint256 venueId, Payout calldata payout, SignerClaim calldata signer)
        external
        nonReentrant
        returns (uint256)
    {
        _requireLink(signer, payout.claim.epoch, payout.claim.nullifier, payout.claim);
        GATE.checkSigner(venueId, signer);
        _requireSender(venueId, signer.signer);
        uint64 requestId = ++_requestCount;
        bytes32 action = VaultActions.request(payout.recipient, payout.deadline);
        WithdrawalRequest memory request;
        (request.asset, request.amount, request.nullifierNext) =
            _take(venueId, payout, payout.unmargined, action, requestId);
        request.venueId = venueId;
        request.recipient = payout.recipient;
        request.signer = signer.signer;
        request.status = RequestStatus.PENDING;
        request.epoch = payout.claim.epoch;
        request.nullifier = payout.claim.nullifier;
        _setTimes(request);
        _requests[requestId] = request;
        _ledgers[venueId][request.asset].pending += request.amount;
        emit WithdrawalRequested(venueId, requestId, request);
        return requestId;
    }

    /// @inheritdoc IVaultPayouts
    function deferRequest(uint256 requestId, uint64 sequence, bytes32 orderDigest, bytes calldata signature) external {
        WithdrawalRequest storage request = _liveRequest(requestId);
        _requireStatus(requestId, RequestStatus.PENDING);
        _requireOperator(request.venueId);
        if (block.timestamp >= request.answerBy) revert DeadlinePassed(request.answerBy, block.timestamp);
        bytes32 order = keccak256(abi.encode(LATER_ORDER, request.venueId, request.nullifier, sequence, orderDigest));
        if (!_isSignedBy(request.signer, order, signature)) revert OrderNotSigned(request.signer);
        request.status = RequestStatus.DEFERRED;
        emit RequestDeferred(requestId, sequence, orderDigest);
    }

    /// @inheritdoc IVaultPayouts
    function payRequest(uint256 requestId) external nonReentrant {
        WithdrawalRequest storage request = _requests[requestId];
        bool closed = _isClosed(request.venueId);
        if (!closed || request.status != RequestStatus.DEFERRED) _requireStatus(requestId, RequestStatus.PENDING);
        if (closed ? _isStillInBase(request) : !_isDue(request)) revert RequestNotDue(requestId);
        _payRequest(requestId, request);
    }

    /// @inheritdoc IVaultPayouts
    function confirmRequest(uint256 requestId, MarginClaim calldata claim, SignerClaim calldata link)
        external
        nonReentrant
    {
        WithdrawalRequest storage request = _liveRequest(requestId);
        _requireStatus(requestId, RequestStatus.DEFERRED);
        uint256 venueId = request.venueId;
        _requireStanding(venueId, claim.epoch);
        if (_terms[venueId][claim.epoch].checkpoint <= request.checkpoint) {
            revert EpochPrecedesRequest(requestId, claim.epoch);
        }
        _requireLink(link, request.epoch, request.nullifier, claim);
        GATE.checkSigner(venueId, link);
        AccountTerms memory terms;
        terms.healthy = true;
        terms.unmargined = _isOwnTable(venueId, claim);
        terms.context = GATE.contextOf(address(this), VaultActions.confirmation(requestId));
        _checkMargin(venueId, claim, terms);
        _payRequest(requestId, request);
    }

    /// @inheritdoc IVaultPayouts
    function cancelRequest(uint256 requestId) external nonReentrant {
        WithdrawalRequest storage request = _requests[requestId];
        (uint256 venueId, uint256 asset, uint256 amount) = (request.venueId, request.asset, request.amount);
        bool closed = _isClosed(venueId);
        if (closed || request.status != RequestStatus.PENDING) _requireStatus(requestId, RequestStatus.DEFERRED);
        if (closed && !_isStillInBase(request)) revert RequestPrecedesBase(requestId);
        if (!closed && msg.sender != request.recipient && !_isExpired(request)) {
            revert NotRecipient(requestId, msg.sender);
        }
        request.status = RequestStatus.CANCELLED;
        // Below 2^32: each took a transaction. Of a cancelled request it tells whether an epoch still had to leave the amount out.
        request.cancelCheckpoint = uint32(_progress[venueId].checkpoint);
        _ledgers[venueId][asset].pending -= amount;
        emit RequestCancelled(requestId);
        if (!closed) {
            _credit(venueId, asset, amount, request.recipient, bytes32(request.nullifier));
            return;
        }
        _ledgers[venueId][asset].tree += amount;
        _paid[request.nullifier].quanta = 0;
        _paid[request.nullifierNext].quanta = 0;
    }

    function _payRequest(uint256 requestId, WithdrawalRequest storage request) private {
        request.status = RequestStatus.PAID;
        (uint256 venueId, uint256 asset, uint256 amount) = (request.venueId, request.asset, request.amount);
        _ledgers[venueId][asset].pending -= amount;
        emit RequestPaid(requestId);
        _send(venueId, asset, request.recipient, amount);
    }

    /// @dev Those of the rules of now: later rules change nothing about the request.
    function _setTimes(WithdrawalRequest memory request) private view {
        VaultRules storage rules = _rulesOf(request.venueId);
        request.answerBy = uint64(block.timestamp + rules.answerWindow);
        request.dueAt = uint64(block.timestamp + rules.requestDelay);
        request.latestEpoch = REGISTRY.latestEpoch(request.venueId);
        request.checkpoint = _progress[request.venueId].checkpoint;
        request.madeAt = uint64(block.timestamp);
    }

    function _isDue(WithdrawalRequest storage request) private view returns (bool) {
        if (block.timestamp >= request.dueAt) return true;
        return block.timestamp >= request.answerBy && REGISTRY.latestEpoch(request.venueId) > request.latestEpoch;
    }

    /// @dev A deferred request that nobody confirmed although an epoch after it has stood for long enough: what it keeps pending may
    /// be others' by now.
    function _isExpired(WithdrawalRequest storage request) private view returns (bool) {
        uint256 venueId = request.venueId;
        uint64 newest = _newestStanding(venueId);
        if (request.status != RequestStatus.DEFERRED || _terms[venueId][newest].checkpoint <= request.checkpoint) {
            return false;
        }
        return block.timestamp >= _settlesAt(venueId, newest) + _terms[venueId][newest].answerWindow;
    }

    /// @dev A request answers for every receipt of its signer where omissions can be challenged. Anybody can make an account whose
    /// owner names another's key, the venue too, so the proof alone does not say that this key wants anything.
    function _requireSender(uint256 venueId, address signer) private view {
        if (msg.sender != signer && address(REGISTRY.disputesOf(venueId)) != address(0)) {
            revert RequestNotOfSigner(signer, msg.sender);
        }
    }

    function _liveRequest(uint256 requestId) private view returns (WithdrawalRequest storage request) {
        request = _requests[requestId];
        _requireLive(request.venueId);
    }

    function _requireStatus(uint256 requestId, RequestStatus wanted) private view {
        RequestStatus status = _requests[requestId].status;
        if (status != wanted) revert WrongRequestStatus(requestId, status);
    }

    /// @dev The signer's proof is about the account with the nullifier, and links it to the claim's.
    function _requireLink(SignerClaim calldata link, uint64 epoch, uint256 nullifier, MarginClaim calldata claim)
        private
        pure
    {
        if (
            link.epoch != epoch || link.nullifier != nullifier || link.laterEpoch != claim.epoch
                || link.laterNullifier != claim.nullifier
        ) revert SignerIsNotTheAccounts(nullifier);
    }
}
