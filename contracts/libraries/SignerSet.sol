// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title m of n signers
/// @dev Signers and signatures both go upwards, so that nobody counts twice.
library SignerSet {
    uint256 private constant MAX_SIGNERS = 32;

    error InvalidThreshold(uint256 threshold, uint256 signers);
    error TooManySigners(uint256 got, uint256 most);
    error SignersNotAscending(address previous, address signer);
    error NoSigners();
    error TooFewSignatures(uint256 got, uint256 needed);
    error UnknownSigner(address signer);

    /// @notice Refuses a set that repeats a signer or that its threshold does not fit. None at all, threshold 0, is a set.
    function requireValid(address[] calldata signers, uint256 threshold) internal pure {
        if (signers.length > MAX_SIGNERS) revert TooManySigners(signers.length, MAX_SIGNERS);
        if (threshold > signers.length || (threshold == 0) != (signers.length == 0)) {
            revert InvalidThreshold(threshold, signers.length);
        }
        address previous;
        for (uint256 i = 0; i < signers.length; ++i) {
            // The zero address is below every signer.
            if (signers[i] <= previous) revert SignersNotAscending(previous, signers[i]);
            previous = signers[i];
        }
    }

    /// @notice Refuses fewer than `threshold` signatures, and any that is not of a signer of its own.
    function requireSigned(bytes32 digest, bytes[] calldata signatures, address[] memory signers, uint256 threshold)
        internal
        pure
    {
        if (threshold == 0) revert NoSigners();
        if (signatures.length < threshold) revert TooFewSignatures(signatures.length, threshold);
        address previous;
        uint256 place = 0;
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            while (place < signers.length && signers[place] < signer) {
                ++place;
            }
            if (place == signers.length || signers[place] != signer) revert UnknownSigner(signer);
            previous = signer;
        }
    }
}
