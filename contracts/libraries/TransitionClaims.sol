// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Groth16Proof} from "../interfaces/Groth16Proof.sol";
import {IGroth16VerifierAccountTransition} from "../interfaces/IGroth16VerifierAccountTransition.sol";
import {IProofBatch} from "../interfaces/IProofBatch.sol";

/// @title Proofs with what they have to show, and the calls that verify them
/// @dev Kept as they stand in calldata and copied as a whole: word by word, and as structs within structs, a batch of trades would pay
/// about 20,000 gas a trade for copies.
library TransitionClaims {
    uint256 private constant PROOF_BYTES = 0x100;
    uint256 private constant SIGNAL_BYTES = 0xa0;
    uint256 private constant SELECTOR_BYTES = 4;

    /// @param count claims so far; their proofs are 8 words each, their signals 5
    struct List {
        uint256 count;
        uint256[] circuitIds;
        uint256[] proofs;
        uint256[] signals;
    }

    /// @notice Room for so many.
    function start(uint256 most) internal pure returns (List memory list) {
        list.circuitIds = new uint256[](most);
        list.proofs = new uint256[](most * (PROOF_BYTES / 0x20));
        list.signals = new uint256[](most * (SIGNAL_BYTES / 0x20));
    }

    /// @dev More than there is room for reverts by the bound of `circuitIds`.
    function push(List memory list, uint256 circuitId, Groth16Proof calldata proof, uint256[5] memory signals)
        internal
        pure
    {
        uint256 place = list.count++;
        list.circuitIds[place] = circuitId;
        (uint256[] memory proofs, uint256[] memory all) = (list.proofs, list.signals);
        assembly ("memory-safe") {
            calldatacopy(add(add(proofs, 0x20), mul(place, PROOF_BYTES)), proof, PROOF_BYTES)
            mcopy(add(add(all, 0x20), mul(place, SIGNAL_BYTES)), signals, SIGNAL_BYTES)
        }
    }

    /// @notice How many claims, from the first of its circuit on, are of this one's circuit; 0 where it is not that first one.
    function ofCircuit(List memory list, uint256 place) internal pure returns (uint256 count) {
        uint256[] memory ids = list.circuitIds;
        uint256 circuitId = ids[place];
        for (uint256 i = 0; i < list.count; ++i) {
            if (ids[i] != circuitId) continue;
            if (i < place) return 0;
            ++count;
        }
    }

    /// @notice Call of IGroth16VerifierAccountTransition.verifyProof for one claim: all its arguments have fixed lengths.
    function callForOne(List memory list, uint256 place) internal pure returns (bytes memory encoded) {
        encoded = new bytes(SELECTOR_BYTES + PROOF_BYTES + SIGNAL_BYTES);
        uint32 selector = uint32(IGroth16VerifierAccountTransition.verifyProof.selector);
        (uint256[] memory proofs, uint256[] memory signals) = (list.proofs, list.signals);
        assembly ("memory-safe") {
            let to := add(encoded, 0x20)
            mstore(to, shl(0xe0, selector))
            to := add(to, SELECTOR_BYTES)
            mcopy(to, add(add(proofs, 0x20), mul(place, PROOF_BYTES)), PROOF_BYTES)
            mcopy(add(to, PROOF_BYTES), add(add(signals, 0x20), mul(place, SIGNAL_BYTES)), SIGNAL_BYTES)
        }
    }

    /// @notice Call of IProofBatch.verify for all claims of a circuit, of which there are `count`.
    /// @dev abi.encodeCall(IProofBatch.verify, (keyHash, proofs, signals)): after the head the proofs behind their number, then the signals
    /// behind theirs, the place of each list of them, and before each list its length.
    function callForBatch(List memory list, uint256 circuitId, uint256 count, bytes32 keyHash)
        internal
        pure
        returns (bytes memory encoded)
    {
        encoded = new bytes(SELECTOR_BYTES + 0xa0 + count * (PROOF_BYTES + 0x40 + SIGNAL_BYTES));
        uint256 places;
        uint256 proofTo;
        uint32 selector = uint32(IProofBatch.verify.selector);
        assembly ("memory-safe") {
            let head := add(encoded, 0x20)
            mstore(head, shl(0xe0, selector))
            head := add(head, SELECTOR_BYTES)
            let signalsAt := add(0x80, mul(count, PROOF_BYTES))
            mstore(head, keyHash)
            mstore(add(head, 0x20), 0x60)
            mstore(add(head, 0x40), signalsAt)
            mstore(add(head, 0x60), count)
            mstore(add(head, signalsAt), count)
            proofTo := add(head, 0x80)
            places := add(add(head, signalsAt), 0x20)
        }
        uint256 done = 0;
        for (uint256 i = 0; done < count; ++i) {
            if (list.circuitIds[i] == circuitId) _put(list, i, done++, count, proofTo, places);
        }
    }

    /// @dev Claim `from` as number `to` of `count` in the call.
    function _put(List memory list, uint256 from, uint256 to, uint256 count, uint256 proofTo, uint256 places)
        private
        pure
    {
        (uint256[] memory proofs, uint256[] memory signals) = (list.proofs, list.signals);
        assembly ("memory-safe") {
            let begins := add(mul(count, 0x20), mul(to, add(SIGNAL_BYTES, 0x20)))
            mcopy(add(proofTo, mul(to, PROOF_BYTES)), add(add(proofs, 0x20), mul(from, PROOF_BYTES)), PROOF_BYTES)
            mstore(add(places, mul(to, 0x20)), begins)
            mstore(add(places, begins), 5)
            mcopy(add(add(places, begins), 0x20), add(add(signals, 0x20), mul(from, SIGNAL_BYTES)), SIGNAL_BYTES)
        }
    }
}
