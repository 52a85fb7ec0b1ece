// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExpirySettlement, ExpiryTerms, Transition} from "../interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {TransitionDeltaWord} from "../libraries/TransitionDeltaWord.sol";
import {TransitionTermsWord} from "../libraries/TransitionTermsWord.sol";
import {AccountChanges, Changes} from "./AccountChanges.sol";

/// @title What accounts owe or are owed whatever they are worth: the end of a dated row, and funding
/// @dev In any mode, and by anybody who knows the opening: nobody can keep what is due from happening. Under any table, for no mark is in
/// it: whoever brings the proof would choose the mark that suits them.
abstract contract Owed is AccountChanges {
    /// @inheritdoc IClearingHouse
    function settleExpiry(uint64 handle, uint16 row, Transition calldata transition, bytes calldata receipt)
        external
        nonReentrant
    {
        Changes memory changes = _beginOwed(handle, transition);
        (ExpiryTerms memory expiry, ExpirySettlement memory settlement) = TERMS.expiryOf(changes.venueId, row);
        if (settlement.round == 0) revert IClearingTerms.SettlementNotRecorded(changes.venueId, row);
        uint256 delta = TransitionDeltaWord.expiry(expiry, settlement);
        _change(changes, handle, transition, TransitionTermsWord.ofExpiry(), delta);
        _end(changes, receipt);
    }

    /// @inheritdoc IClearingHouse
    function settleFunding(uint64 handle, uint32 fromPeriod, Transition calldata transition, bytes calldata receipt)
        external
        nonReentrant
    {
        Changes memory changes = _beginOwed(handle, transition);
        (uint16 payRow, uint16[] memory groups, int64[] memory rates) = TERMS.fundingSince(changes.venueId, fromPeriod);
        uint256 delta = TransitionDeltaWord.funding(groups, rates);
        _change(changes, handle, transition, TransitionTermsWord.ofFunding(payRow, fromPeriod), delta);
        _end(changes, receipt);
    }

    /// @dev Of a frozen account without its owner alone: whoever bids for it knows its nonce by computation, and an owner chooses one.
    function _beginOwed(uint64 handle, Transition calldata transition) private view returns (Changes memory) {
        uint256 venueId = _venueOf(handle);
        if (transition.owned) _requireNotFrozen(venueId, handle);
        return _begin(venueId, 1);
    }
}
