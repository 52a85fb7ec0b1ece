// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../interfaces/CircuitTypes.sol";
import {Groth16Proof} from "../interfaces/Groth16Proof.sol";
import {AccountFrame, AccountTerms} from "../interfaces/IAccountProofs.sol";
import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../interfaces/ISolvencyGate.sol";
import {ISolvencyMirror} from "../interfaces/ISolvencyMirror.sol";
import {AccountMarginSignals} from "../libraries/AccountMarginSignals.sol";
import {AccountTermsWord} from "../libraries/AccountTermsWord.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {MirrorCircuits} from "./MirrorCircuits.sol";

/// @title Proofs about single accounts, made for consumers on this chain
/// @dev As SolvencyGate at home. Statements are the home chain's; scope and context are this chain's, mirror's and consumer's.
abstract contract MirrorClaims is MirrorCircuits {
    /// @dev Tag of a frame over an accounts root, docs/statement.md section 1: source 0 adds nothing to it.
    uint256 private constant TAG_FRAME = 24;

    /// @dev By root too: where home went back, no frame of what was there before is found.
    mapping(bytes32 key => uint256) private _frames;

    /// @inheritdoc ISolvencyMirror
    function recordFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        external
        returns (uint256 frame)
    {
        _requireAccountCircuit(circuitId);
        _requireUsable(venueId, epoch);
        _requireTable(venueId, marketCommitment);
        uint256 root = _epochs[venueId][epoch].accountsRoot;
        bytes32 key = _frameKey(venueId, circuitId, epoch, root, marketCommitment);
        frame = _frames[key];
        if (frame != 0) return frame;
        _cacheDomain(venueId, circuitId);
        frame = _computeFrame(venueId, circuitId, epoch, root, marketCommitment);
        _frames[key] = frame;
        emit FrameRecorded(venueId, epoch, marketCommitment, circuitId, frame);
    }

    /// @inheritdoc ISolvencyGate
    function requireMargin(
        uint256 venueId,
        MarginClaim calldata claim,
        MarginLevel level,
        uint256 maxTableAge,
        bytes32 action
    ) external view returns (uint256 account) {
        uint64 latest = latestEpoch(venueId);
        if (claim.epoch != latest) revert NotLatestEpoch(venueId, claim.epoch, latest);
        AccountTerms memory terms;
        terms.healthy = true;
        terms.payload = scopeOf(msg.sender);
        terms.context = contextOf(msg.sender, action);
        (, Market memory table) = _checkMargin(venueId, claim, AccountTermsWord.pack(terms));
        if (table.level != level) revert WrongMarginLevel(table.level, level);
        uint256 age = _ageOf(table.snapshotTime);
        if (age > maxTableAge) revert TableTooOld(age, maxTableAge);
        return claim.nullifier;
    }

    /// @inheritdoc ISolvencyMirror
    function checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms calldata terms)
        external
        view
        returns (AccountFrame memory)
    {
        (uint256 frame, Market memory table) = _checkMargin(venueId, claim, AccountTermsWord.pack(terms));
        return AccountFrame(frame, address(0), table.snapshotTime, table.level);
    }

    /// @inheritdoc ISolvencyMirror
    function scopeOf(address consumer) public view returns (uint80) {
        bytes32 hash = keccak256(abi.encode("clearproof.mirror.scope", block.chainid, address(this), consumer));
        uint80 scope = uint80(uint256(hash));
        // Scope 0 is the vault's.
        return scope == 0 ? 1 : scope;
    }

    /// @inheritdoc ISolvencyMirror
    function contextOf(address consumer, bytes32 action) public view returns (uint128) {
        bytes32 hash =
            keccak256(abi.encode("clearproof.mirror.context", block.chainid, address(this), consumer, action));
        return uint128(uint256(hash));
    }

    /// @inheritdoc ISolvencyMirror
    function latestEpoch(uint256 venueId) public view returns (uint64) {
        (uint64 here, uint64 home) = (_usableEpoch(venueId), _venues[venueId].homeEpoch);
        return home > here ? home : here;
    }

    function _checkMargin(uint256 venueId, MarginClaim calldata claim, uint256 terms)
        private
        view
        returns (uint256 frame, Market memory table)
    {
        // Consumers use nullifiers as keys: two numbers that are one element would be two keys of one account.
        ScalarField.requireElement("nullifier", claim.nullifier);
        ScalarField.requireElement("nullifierNext", claim.nullifierNext);
        _requireAccountCircuit(claim.circuitId);
        bytes32 key = _keyOf(venueId, claim.circuitId, CircuitKind.ACCOUNT_MARGIN);
        _requireUsable(venueId, claim.epoch);
        table = _requireTable(venueId, claim.marketCommitment);
        frame = _frame(venueId, claim);
        uint256[4] memory signals = AccountMarginSignals.ordered(
            AccountMarginSignals.Named(frame, terms, claim.nullifier, claim.nullifierNext)
        );
        if (!_holds(key, claim.proof, signals)) revert MarginProofRejected();
    }

    function _holds(bytes32 key, Groth16Proof calldata proof, uint256[4] memory signals) private view returns (bool) {
        Groth16Proof[] memory proofs = new Groth16Proof[](1);
        uint256[][] memory sets = new uint256[][](1);
        proofs[0] = proof;
        sets[0] = new uint256[](4);
        for (uint256 i = 0; i < 4; ++i) {
            sets[0][i] = signals[i];
        }
        return PROOFS.verify(key, proofs, sets);
    }

    function _frame(uint256 venueId, MarginClaim calldata claim) private view returns (uint256 frame) {
        uint256 root = _epochs[venueId][claim.epoch].accountsRoot;
        (uint256 circuitId, uint256 commitment) = (claim.circuitId, claim.marketCommitment);
        frame = _frames[_frameKey(venueId, circuitId, claim.epoch, root, commitment)];
        if (frame == 0) frame = _computeFrame(venueId, circuitId, claim.epoch, root, commitment);
    }

    function _computeFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 root, uint256 commitment)
        private
        view
        returns (uint256)
    {
        return _poseidon5.poseidon([TAG_FRAME, _domain(venueId, circuitId), epoch, root, commitment]);
    }

    function _requireAccountCircuit(uint256 circuitId) private view {
        if (_kindOf(circuitId) != CircuitKind.ACCOUNT_MARGIN) revert NotAnAccountCircuit(circuitId);
    }

    function _frameKey(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 root, uint256 commitment)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(venueId, circuitId, epoch, root, commitment));
    }
}
