// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingRules, Transition} from "../interfaces/ClearingTypes.sol";
import {ILiquidationSource} from "../interfaces/ILiquidationSource.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {AccountTransitionSignals} from "../libraries/AccountTransitionSignals.sol";
import {AddressSignature} from "../libraries/AddressSignature.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {TransitionClaims} from "../libraries/TransitionClaims.sol";
import {TransitionTermsWord} from "../libraries/TransitionTermsWord.sol";
import {TransitionFrame} from "./TransitionFrames.sol";
import {TransitionProofs} from "./TransitionProofs.sol";

/// @notice What one call changes: written at once, proven and signed for at its end. All or nothing.
/// @param period funding period of every new account
/// @param openings handle and new commitment of each change that the operator signs for; `words` of them so far
/// @param circuitId of the last change, and its table: `frame` is theirs
struct Changes {
    uint256 venueId;
    uint32 period;
    ClearingRules rules;
    TransitionClaims.List claims;
    uint256[] openings;
    uint256 words;
    uint256 circuitId;
    uint256 marketCommitment;
    TransitionFrame frame;
}

/// @title How an account's commitment changes: to what a proof says, from what it is now
abstract contract AccountChanges is TransitionProofs {
    using TransitionClaims for TransitionClaims.List;

    bytes32 private constant OPENINGS = keccak256("Openings(uint256 venueId,bytes32 openings)");

    /// @dev For so many changes at a venue, which has rules.
    function _begin(uint256 venueId, uint256 most) internal view returns (Changes memory changes) {
        changes.venueId = venueId;
        (changes.rules, changes.period) = TERMS.standing(venueId);
        changes.claims = TransitionClaims.start(most);
        changes.openings = new uint256[](2 * most);
    }

    /// @dev Writes what the account becomes. That it does the claim says, and `_end` verifies.
    /// @param terms without what every transition says
    function _change(
        Changes memory changes,
        uint64 handle,
        Transition calldata transition,
        uint256 terms,
        uint256 delta
    ) internal {
        uint256 marketCommitment = transition.marketCommitment;
        _useFrame(changes, transition.circuitId, marketCommitment);
        uint256 oldCommitment = _commitments[changes.venueId][handle];
        terms = _claim(changes, oldCommitment, transition, terms, delta);
        uint256 newCommitment = transition.newCommitment;
        if (transition.owned && !TransitionTermsWord.isUnmargined(terms)) {
            changes.openings[changes.words++] = handle;
            changes.openings[changes.words++] = newCommitment;
        }
        _commitments[changes.venueId][handle] = newCommitment;
        emit AccountChanged(handle, oldCommitment, newCommitment, marketCommitment, terms, delta);
    }

    function _end(Changes memory changes, bytes calldata receipt) internal view {
        _verify(changes.claims);
        uint256 words = changes.words;
        if (words == 0) return;
        uint256[] memory openings = changes.openings;
        bytes32 digest;
        assembly ("memory-safe") {
            digest := keccak256(add(openings, 0x20), mul(words, 0x20))
        }
        uint256 venueId = changes.venueId;
        digest = _hashTypedDataV4(keccak256(abi.encode(OPENINGS, venueId, digest)));
        if (!AddressSignature.isBy(REGISTRY.venue(venueId).operator, digest, receipt)) {
            revert OpeningsNotSigned(venueId);
        }
    }

    /// @dev Under the frame of `changes`.
    /// @return word all of the terms
    function _claim(
        Changes memory changes,
        uint256 oldCommitment,
        Transition calldata transition,
        uint256 terms,
        uint256 delta
    ) internal pure returns (uint256 word) {
        // Verifiers refuse these too; here, because they are recorded and compared.
        ScalarField.requireElement("newCommitment", transition.newCommitment);
        ScalarField.requireElement("delta", delta);
        word = terms | TransitionTermsWord.said(changes.period, transition.owned, transition.unmargined);
        uint256[5] memory signals = AccountTransitionSignals.ordered(
            AccountTransitionSignals.Named({
                frame: changes.frame.value,
                oldCommitment: oldCommitment,
                newCommitment: transition.newCommitment,
                terms: word,
                delta: delta
            })
        );
        changes.claims.push(transition.circuitId, transition.proof, signals);
    }

    /// @dev The last one's, mostly: both sides of a trade are under one table.
    function _useFrame(Changes memory changes, uint256 circuitId, uint256 marketCommitment) private {
        bool same = changes.circuitId == circuitId && changes.marketCommitment == marketCommitment;
        if (same && changes.frame.level != MarginLevel.NONE) return;
        (changes.circuitId, changes.marketCommitment) = (circuitId, marketCommitment);
        changes.frame = _recordFrame(changes.venueId, circuitId, marketCommitment);
    }

    /// @dev The last change was under prices that are not too old, and of the level that new risk takes.
    function _requireNewRiskTable(Changes memory changes) internal view {
        TransitionFrame memory frame = changes.frame;
        if (frame.level != MarginLevel.INITIAL) revert TableNotInitialLevel(changes.marketCommitment);
        // Sources accept no table from the future; one that did would not pass here either, by underflow.
        uint256 age = block.timestamp - frame.marketTime;
        if (age > changes.rules.tableMaxAge) revert ClearingTableTooOld(age, changes.rules.tableMaxAge);
    }

    /// @dev What an owner sent in while slices are sold would spoil every bid for them.
    function _requireNotFrozen(uint256 venueId, uint64 handle) internal view {
        address liquidations = TERMS.liquidationsOf(venueId);
        if (liquidations != address(0) && ILiquidationSource(liquidations).isFrozen(handle)) revert AccountFrozen(handle);
    }

    /// @dev From the liquidation contract, of an account that it holds itself: of no other does it change anything without the owner.
    function _requireLiquidations(uint256 venueId, uint64 handle) internal view {
        if (msg.sender != TERMS.liquidationsOf(venueId)) revert NotLiquidations(venueId, msg.sender);
        if (!ILiquidationSource(msg.sender).isFrozen(handle)) revert AccountNotFrozen(handle);
    }
}
