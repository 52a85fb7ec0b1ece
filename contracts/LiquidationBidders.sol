// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearedAccount} from "./interfaces/ClearingTypes.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {ILiquidationBidders} from "./interfaces/ILiquidationBidders.sol";
import {ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";

/// @title Keys of those who may see what is liquidated, and the openings sealed to them
/// @dev No role but the operators of the venues, and no token.
contract LiquidationBidders is ILiquidationBidders {
    /// @notice Most bidders a venue approves: each is one ciphertext of every opening.
    uint256 public constant MAX_BIDDERS = 16;

    /// @notice Most bytes of a ciphertext: an account of 128 slots is below it.
    uint256 public constant MAX_CIPHERTEXT = 16_384;

    /// @inheritdoc ILiquidationBidders
    IClearingHouse public immutable HOUSE;
    ISolvencyRegistry private immutable _registry;

    mapping(uint256 venueId => address[]) private _bidders;
    /// @dev 0 of those who are none.
    mapping(uint256 venueId => mapping(address bidder => bytes32)) private _keys;

    modifier onlyOperator(uint256 venueId) {
        if (msg.sender != _operatorOf(venueId)) revert NotOperator(venueId, msg.sender);
        _;
    }

    constructor(IClearingHouse house) {
        HOUSE = house;
        _registry = house.REGISTRY();
    }

    /// @inheritdoc ILiquidationBidders
    function approve(uint256 venueId, address bidder, bytes32 encryptionKey) external onlyOperator(venueId) {
        // Nothing is secret that is sealed to a key of 0.
        if (encryptionKey == 0) revert BadKey(encryptionKey);
        if (bidder == address(0)) revert NotABidder(venueId, bidder);
        address[] storage list = _bidders[venueId];
        if (_keys[venueId][bidder] == 0) {
            if (list.length == MAX_BIDDERS) revert TooManyBidders(MAX_BIDDERS);
            list.push(bidder);
        }
        _keys[venueId][bidder] = encryptionKey;
        emit BidderApproved(venueId, bidder, encryptionKey);
    }

    /// @inheritdoc ILiquidationBidders
    function remove(uint256 venueId, address bidder) external onlyOperator(venueId) {
        if (_keys[venueId][bidder] == 0) revert NotABidder(venueId, bidder);
        delete _keys[venueId][bidder];
        address[] storage list = _bidders[venueId];
        uint256 last = list.length - 1;
        // It is in the list: it had a key.
        uint256 place = 0;
        while (list[place] != bidder) ++place;
        // The order of the others stays.
        for (; place < last; ++place) {
            list[place] = list[place + 1];
        }
        list.pop();
        emit BidderRemoved(venueId, bidder);
    }

    /// @inheritdoc ILiquidationBidders
    function sealOpening(uint64 handle, uint256 commitment, bytes[] calldata ciphertexts) external {
        ClearedAccount memory account = HOUSE.accountOf(handle);
        if (account.controller == address(0)) revert IClearingHouse.UnknownHandle(handle);
        if (msg.sender != account.controller && msg.sender != _operatorOf(account.venueId)) {
            revert NotOperator(account.venueId, msg.sender);
        }
        if (commitment != account.commitment) revert NotItsCommitment(handle, commitment, account.commitment);
        address[] memory list = _bidders[account.venueId];
        if (ciphertexts.length != list.length) revert CiphertextCount(ciphertexts.length, list.length);
        for (uint256 i = 0; i < ciphertexts.length; ++i) {
            uint256 size = ciphertexts[i].length;
            if (size > MAX_CIPHERTEXT) revert CiphertextTooLong(size, MAX_CIPHERTEXT);
        }
        emit OpeningSealed(handle, commitment, list, ciphertexts);
    }

    /// @inheritdoc ILiquidationBidders
    function biddersOf(uint256 venueId)
        external
        view
        returns (address[] memory bidders, bytes32[] memory encryptionKeys)
    {
        bidders = _bidders[venueId];
        encryptionKeys = new bytes32[](bidders.length);
        for (uint256 i = 0; i < bidders.length; ++i) {
            encryptionKeys[i] = _keys[venueId][bidders[i]];
        }
    }

    function _operatorOf(uint256 venueId) private view returns (address) {
        return _registry.venue(venueId).operator;
    }
}
