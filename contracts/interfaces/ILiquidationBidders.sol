// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearingHouse} from "./IClearingHouse.sol";

/// @title Who may see the opening of an account that is being liquidated, and where it is posted
/// @notice docs/decisions/0010-liquidation.md. Approved by the venue's operator. Contents are nobody's to check on chain.
interface ILiquidationBidders {
    event BidderApproved(uint256 indexed venueId, address indexed bidder, bytes32 encryptionKey);
    event BidderRemoved(uint256 indexed venueId, address indexed bidder);
    /// @notice One ciphertext for each bidder of the list at that time, in its order.
    event OpeningSealed(uint64 indexed handle, uint256 indexed commitment, address[] bidders, bytes[] ciphertexts);

    error NotOperator(uint256 venueId, address caller);
    error NotABidder(uint256 venueId, address bidder);
    error TooManyBidders(uint256 most);
    error BadKey(bytes32 encryptionKey);
    error CiphertextCount(uint256 got, uint256 wanted);
    error CiphertextTooLong(uint256 got, uint256 most);
    error NotItsCommitment(uint64 handle, uint256 got, uint256 expected);

    /// @notice Adds a bidder, or replaces its key. Operator only.
    /// @param encryptionKey X25519 public key
    function approve(uint256 venueId, address bidder, bytes32 encryptionKey) external;
    function remove(uint256 venueId, address bidder) external;

    /// @notice Posts the opening of a handle, once for each bidder. Operator or controller of the handle.
    /// @param commitment the handle's now
    function sealOpening(uint64 handle, uint256 commitment, bytes[] calldata ciphertexts) external;

    function biddersOf(uint256 venueId)
        external
        view
        returns (address[] memory bidders, bytes32[] memory encryptionKeys);
    function HOUSE() external view returns (IClearingHouse);
}
