// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {KeyCode} from "./batch/KeyCode.sol";
import {Groth16Proof} from "./interfaces/Groth16Proof.sol";
import {IProofBatch} from "./interfaces/IProofBatch.sol";
import {Bn254} from "./libraries/Bn254.sol";
import {ScalarField} from "./libraries/ScalarField.sol";

/// @title Verifies many Groth16 proofs under one key by one random linear combination
/// @dev With weights r_i: prod e(r_i A_i, B_i) = e(sum r_i alpha, beta) e(sum_j (sum_i r_i x_ij) IC_j, gamma) e(sum r_i C_i, delta).
contract ProofBatch is IProofBatch {
    using Bn254 for uint256[5];

    uint256 private constant P = ScalarField.MODULUS;
    /// Words of alpha, beta, gamma and delta. The points IC_0, IC_1, … follow.
    uint256 private constant BEFORE_IC = 14;
    /// With the least of IC: a constant and one signal.
    uint256 private constant FEWEST_WORDS = BEFORE_IC + 4;
    /// What fits into a contract's code behind its first byte: EIP-170.
    uint256 private constant MOST_WORDS = 766;
    /// Words of a pair of points in the pairing's input.
    uint256 private constant PAIR = 6;

    mapping(bytes32 keyHash => KeyCode) private _keys;

    /// @inheritdoc IProofBatch
    function addKey(uint256[] calldata words) external returns (bytes32 keyHash) {
        uint256 length = words.length;
        if (length < FEWEST_WORDS || length > MOST_WORDS || length % 2 != 0) revert KeyLength(length);
        keyHash = keccak256(abi.encodePacked(words));
        if (address(_keys[keyHash]) != address(0)) return keyHash;
        _keys[keyHash] = new KeyCode(words);
        emit KeyAdded(keyHash, _signalsOf(length));
    }

    /// @inheritdoc IProofBatch
    function verify(bytes32 keyHash, Groth16Proof[] calldata proofs, uint256[][] calldata signals)
        external
        view
        returns (bool)
    {
        uint256[] memory key = _keyOf(keyHash);
        uint256 count = proofs.length;
        if (count == 0) revert NoProofs();
        if (signals.length != count) revert SignalSets(signals.length, count);
        uint256[] memory weights = _weights(_seed(), count);
        (bool ok, uint256[] memory scalars) = _combineSignals(signals, weights, _signalsOf(key.length));
        if (!ok) return false;
        uint256[] memory pairs = new uint256[](PAIR * (count + 3));
        return _putProofs(pairs, proofs, weights, key) && _putKey(pairs, key, scalars) && Bn254.pairingIsOne(pairs);
    }

    /// @inheritdoc IProofBatch
    function signalsOf(bytes32 keyHash) external view returns (uint256) {
        KeyCode code = _keys[keyHash];
        return address(code) == address(0) ? 0 : _signalsOf(address(code).code.length / 32);
    }

    /// @dev Of everything `verify` reads: whoever changes a word of it gets other weights.
    function _seed() internal view virtual returns (bytes32) {
        return keccak256(msg.data);
    }

    /// @dev The first weight may be 1: what the other proofs add is random all the same, and nothing cancels a lone error.
    function _weight(bytes32 seed, uint256 place) internal pure virtual returns (uint256) {
        return place == 0 ? 1 : uint128(uint256(keccak256(abi.encode(seed, place))));
    }

    function _weights(bytes32 seed, uint256 count) private pure returns (uint256[] memory weights) {
        weights = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            weights[i] = _weight(seed, i);
        }
    }

    /// @return ok every signal is a field element
    /// @return scalars of IC_0, IC_1, …: the sum of all weights, then the weighted sum of each signal
    function _combineSignals(uint256[][] calldata signals, uint256[] memory weights, uint256 expected)
        private
        pure
        returns (bool ok, uint256[] memory scalars)
    {
        scalars = new uint256[](expected + 1);
        ok = true;
        for (uint256 i = 0; i < weights.length; ++i) {
            uint256[] calldata row = signals[i];
            if (row.length != expected) revert SignalCount(row.length, expected);
            uint256 weight = weights[i];
            scalars[0] = addmod(scalars[0], weight, P);
            for (uint256 j = 0; j < expected; ++j) {
                uint256 signal = row[j];
                if (signal >= P) ok = false;
                scalars[j + 1] = addmod(scalars[j + 1], mulmod(weight, signal, P), P);
            }
        }
    }

    /// @dev Puts every (r A, B), and the pair with delta after them.
    function _putProofs(
        uint256[] memory pairs,
        Groth16Proof[] calldata proofs,
        uint256[] memory weights,
        uint256[] memory key
    ) private view returns (bool) {
        uint256[5] memory c;
        for (uint256 i = 0; i < weights.length; ++i) {
            Groth16Proof calldata proof = proofs[i];
            uint256[5] memory a;
            if (!a.addScaled(proof.a[0], proof.a[1], weights[i])) return false;
            if (!c.addScaled(proof.c[0], proof.c[1], weights[i])) return false;
            uint256 start = PAIR * i;
            (pairs[start], pairs[start + 1]) = (a[0], a[1]);
            (pairs[start + 2], pairs[start + 3]) = (proof.b[0][0], proof.b[0][1]);
            (pairs[start + 4], pairs[start + 5]) = (proof.b[1][0], proof.b[1][1]);
        }
        _putPair(pairs, weights.length, c, key, 10);
        return true;
    }

    /// @dev Puts the pairs with gamma and beta into the last two places.
    function _putKey(uint256[] memory pairs, uint256[] memory key, uint256[] memory scalars)
        private
        view
        returns (bool)
    {
        uint256 last = pairs.length / PAIR - 1;
        uint256[5] memory alpha;
        if (!alpha.addScaled(key[0], key[1], scalars[0])) return false;
        _putPair(pairs, last, alpha, key, 2);
        uint256[5] memory signals;
        for (uint256 j = 0; j < scalars.length; ++j) {
            uint256 start = BEFORE_IC + 2 * j;
            if (!signals.addScaled(key[start], key[start + 1], scalars[j])) return false;
        }
        _putPair(pairs, last - 1, signals, key, 6);
        return true;
    }

    /// @dev The opposite of a sum, with the point of G2 that begins at key word `word`.
    function _putPair(uint256[] memory pairs, uint256 place, uint256[5] memory sum, uint256[] memory key, uint256 word)
        private
        pure
    {
        uint256 start = PAIR * place;
        (pairs[start], pairs[start + 1]) = (sum[0], Bn254.negated(sum[1]));
        // A key is hashed with constant parts first, the precompile wants u parts first.
        (pairs[start + 2], pairs[start + 3]) = (key[word + 1], key[word]);
        (pairs[start + 4], pairs[start + 5]) = (key[word + 3], key[word + 2]);
    }

    function _keyOf(bytes32 keyHash) private view returns (uint256[] memory key) {
        address code = address(_keys[keyHash]);
        if (code == address(0)) revert UnknownKey(keyHash);
        key = new uint256[](code.code.length / 32);
        assembly ("memory-safe") {
            extcodecopy(code, add(key, 0x20), 1, mul(mload(key), 0x20))
        }
    }

    function _signalsOf(uint256 words) private pure returns (uint256) {
        return (words - BEFORE_IC) / 2 - 1;
    }
}
