// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingRules, Transition} from "../interfaces/ClearingTypes.sol";
import {MarginLevel} from "../interfaces/IMarketSource.sol";
import {AccountTransitionSignals} from "../libraries/AccountTransitionSignals.sol";
import {AddressSignature} from "../libraries/AddressSignature.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {TransitionTermsWord} from "../libraries/TransitionTermsWord.sol";
import {TransitionFrame} from "./TransitionFrames.sol";
import {TransitionClaim, TransitionProofs} from "./TransitionProofs.sol";

/// @notice What one call changes: written at once, proven and signed for at its end. All or nothing.
/// @param period funding period of every new account
/// @param claims one a change, in order; `made` of them so far
/// @param openings handle and new commitment of each change that the operator signs for; `words` of them so far
struct Changes {
    uint256 venueId;
    uint32 period;
    ClearingRules rules;
    TransitionClaim[] claims;
    uint256 made;
    uint256[] openings;
    uint256 words;
}

/// @title How an account's commitment changes: to what a proof says, from what it is now
abstract contract AccountChanges is TransitionProofs {
    bytes32 private constant OPENINGS = keccak256("Openings(uint256 venueId,bytes32 openings)");

    /// @dev For so many changes at a venue, which has rules.
    function _begin(uint256 venueId, uint256 most) internal view returns (Changes memory changes) {
        changes.venueId = venueId;
        (changes.rules, changes.period) = TERMS.standing(venueId);
        changes.claims = new TransitionClaim[](most);
        changes.openings = new uint256[](2 * most);
    }

    /// @dev Writes what the account becomes. That it does the claim says, and `_end` verifies.
    /// @param terms without period, ownership and `unmargined`, which are the transition's
    function _change(
        Changes memory changes,
        uint64 handle,
        Transition calldata transition,
        TransitionTermsWord.Terms memory terms,
        uint256 delta
    ) internal returns (TransitionFrame memory frame) {
        uint256 marketCommitment = transition.marketCommitment;
        frame = _recordFrame(changes.venueId, transition.circuitId, marketCommitment);
        TransitionClaim memory claim =
            _claim(frame, _accounts[handle].commitment, transition, _full(changes, transition, terms), delta);
        changes.claims[changes.made++] = claim;
        if (transition.owned && !terms.unmargined) {
            changes.openings[changes.words++] = handle;
            changes.openings[changes.words++] = transition.newCommitment;
        }
        _accounts[handle].commitment = transition.newCommitment;
        AccountTransitionSignals.Named memory named = AccountTransitionSignals.named(claim.signals);
        emit AccountChanged(
            handle, named.oldCommitment, named.newCommitment, marketCommitment, named.terms, named.delta
        );
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

    function _claim(
        TransitionFrame memory frame,
        uint256 oldCommitment,
        Transition calldata transition,
        TransitionTermsWord.Terms memory terms,
        uint256 delta
    ) internal pure returns (TransitionClaim memory claim) {
        uint256 newCommitment = transition.newCommitment;
        // Verifiers refuse these too; here, because they are recorded and compared.
        ScalarField.requireElement("newCommitment", newCommitment);
        ScalarField.requireElement("delta", delta);
        claim.circuitId = transition.circuitId;
        claim.proof = transition.proof;
        claim.signals = AccountTransitionSignals.ordered(
            AccountTransitionSignals.Named({
                frame: frame.value,
                oldCommitment: oldCommitment,
                newCommitment: newCommitment,
                terms: TransitionTermsWord.pack(terms),
                delta: delta
            })
        );
    }

    function _full(Changes memory changes, Transition calldata transition, TransitionTermsWord.Terms memory terms)
        internal
        pure
        returns (TransitionTermsWord.Terms memory)
    {
        terms.period = changes.period;
        terms.owned = transition.owned;
        terms.unmargined = terms.opens || transition.unmargined;
        return terms;
    }

    /// @dev Under prices that are not too old, and of the level that new risk takes.
    function _requireNewRiskTable(Changes memory changes, TransitionFrame memory frame, uint256 marketCommitment)
        internal
        view
    {
        if (frame.level != MarginLevel.INITIAL) revert TableNotInitialLevel(marketCommitment);
        // Sources accept no table from the future; one that did would not pass here either, by underflow.
        uint256 age = block.timestamp - frame.marketTime;
        if (age > changes.rules.tableMaxAge) revert ClearingTableTooOld(age, changes.rules.tableMaxAge);
    }
}
