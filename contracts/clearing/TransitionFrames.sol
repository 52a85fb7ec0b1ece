// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {MarginLevel, Market} from "../interfaces/IMarketSource.sol";
import {CircuitKind} from "../interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../libraries/ScalarField.sol";
import {ClearingState} from "./ClearingState.sol";

/// @notice What transitions in a circuit under a table have in common. Two slots.
/// @param value H(tag, domain, market commitment)
/// @param marketTime Unix seconds the table's marks belong to
/// @param level of the table; NONE where nothing is recorded
struct TransitionFrame {
    uint256 value;
    uint64 marketTime;
    MarginLevel level;
}

/// @title The first public signal of transitions: which circuit, venue and table they are of
abstract contract TransitionFrames is ClearingState {
    /// @dev Tag as in src/commitment/tags.ts.
    uint256 private constant TAG_TRANSITION_FRAME = 28;

    /// @dev By chain id too: after a fork the other chain, whose domains differ, finds nothing here.
    mapping(bytes32 key => TransitionFrame) private _frames;

    /// @inheritdoc IClearingHouse
    function recordFrame(uint256 venueId, uint256 circuitId, uint256 marketCommitment) external returns (uint256) {
        return _recordFrame(venueId, circuitId, marketCommitment).value;
    }

    /// @inheritdoc IClearingHouse
    function frameOf(uint256 venueId, uint256 circuitId, uint256 marketCommitment) external view returns (uint256) {
        return _frameOf(venueId, circuitId, marketCommitment).value;
    }

    function _recordFrame(uint256 venueId, uint256 circuitId, uint256 marketCommitment)
        internal
        returns (TransitionFrame memory frame)
    {
        bytes32 key = _key(venueId, circuitId, marketCommitment);
        frame = _frames[key];
        if (frame.level != MarginLevel.NONE) return frame;
        frame = _computeFrame(venueId, circuitId, marketCommitment);
        _frames[key] = frame;
        emit FrameRecorded(venueId, marketCommitment, circuitId, frame.value);
    }

    function _frameOf(uint256 venueId, uint256 circuitId, uint256 marketCommitment)
        internal
        view
        returns (TransitionFrame memory frame)
    {
        frame = _frames[_key(venueId, circuitId, marketCommitment)];
        // Tables once accepted stay so, and circuits keep their kind: what was recorded needs no second look.
        if (frame.level == MarginLevel.NONE) frame = _computeFrame(venueId, circuitId, marketCommitment);
    }

    function _computeFrame(uint256 venueId, uint256 circuitId, uint256 marketCommitment)
        private
        view
        returns (TransitionFrame memory frame)
    {
        if (REGISTRY.circuit(circuitId).kind != CircuitKind.ACCOUNT_TRANSITION) {
            revert NotATransitionCircuit(circuitId);
        }
        // What a source answers for other numbers of the same element is its own affair.
        ScalarField.requireElement("marketCommitment", marketCommitment);
        Market memory table = REGISTRY.venue(venueId).markets.market(venueId, marketCommitment);
        if (table.level == MarginLevel.NONE) revert TableNotAccepted(venueId, marketCommitment);
        uint256 domain = REGISTRY.domainOf(venueId, circuitId);
        frame.value = _poseidon3.poseidon([TAG_TRANSITION_FRAME, domain, marketCommitment]);
        frame.marketTime = table.snapshotTime;
        frame.level = table.level;
    }

    function _key(uint256 venueId, uint256 circuitId, uint256 marketCommitment) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, venueId, circuitId, marketCommitment));
    }
}
