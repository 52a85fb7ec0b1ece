// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {
    IMarketBoard,
    Instrument,
    InstrumentKind,
    InstrumentListing,
    MarketSubmission,
    TableRules,
    VolatilitySource
} from "../interfaces/IMarketBoard.sol";
import {IMarketSource} from "../interfaces/IMarketSource.sol";
import {IPriceBoard} from "../interfaces/IPriceBoard.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {InstrumentLine} from "../libraries/InstrumentLine.sol";
import {SignerSet} from "../libraries/SignerSet.sol";
import {TableVector} from "../libraries/TableVector.sol";
import {BoardRules} from "./BoardRules.sol";

/// @title What each row of a venue's tables is, for good, and the vector a table is made from
abstract contract InstrumentList is BoardRules, EIP712 {
    /// @dev The statement's bound on rows.
    uint256 private constant MAX_INSTRUMENTS = 4096;
    uint256 private constant STRIKE_BOUND = 1 << 47;
    /// @dev A row's word: feed in the low six bits, digest from bit 8.
    uint256 private constant FEED_MASK = (1 << 6) - 1;
    uint256 private constant DIGEST_SHIFT = 8;
    bytes32 private constant VOLATILITY_REPORT_TYPE =
        keccak256("VolatilityReport(uint256 venueId,uint64 round,uint32[] volatilities,uint64 deadline)");

    /// @dev What a row is, in one slot: `class` and epoch are those of InstrumentLine, `volatility` is the last signed one,
    /// `assets` counts the cash and spot groups up to and with this row.
    struct Identity {
        uint72 class;
        uint32 activationEpoch;
        uint48 strike;
        uint32 volatility;
        uint32 assets;
    }

    /// @inheritdoc IMarketBoard
    IPriceBoard public immutable PRICES;

    mapping(uint256 venueId => uint256[] words) private _instruments;
    mapping(uint256 venueId => mapping(uint256 index => Identity)) private _identities;
    mapping(uint256 venueId => uint64) private _volatilitiesSignedAt;

    constructor(IPriceBoard prices) EIP712("Clearproof MarketBoard", "1") {
        if (address(prices).code.length == 0) revert NoCode("prices", address(prices));
        PRICES = prices;
    }

    /// @inheritdoc IMarketBoard
    function proposeInstruments(uint256 venueId, InstrumentListing[] calldata listings)
        external
        onlyParameterAdmin(venueId)
    {
        uint256 index = _instruments[venueId].length;
        if (listings.length == 0) revert NothingListed();
        if (index + listings.length > MAX_INSTRUMENTS) {
            revert TooManyInstruments(index + listings.length, MAX_INSTRUMENTS);
        }
        InstrumentLine.Meaning memory last = _lastOf(venueId, index);
        for (uint256 i = 0; i < listings.length; ++i) {
            last = _requireListing(index + i, listings[i], last);
        }
        emit InstrumentsProposed(venueId, listings);
        _propose(venueId, ChangeKind.INSTRUMENTS, keccak256(abi.encode(listings)));
    }

    /// @inheritdoc IMarketBoard
    function activateInstruments(uint256 venueId, InstrumentListing[] calldata listings)
        external
        onlyParameterAdmin(venueId)
    {
        _activate(venueId, ChangeKind.INSTRUMENTS, keccak256(abi.encode(listings)));
        uint256[] storage list = _instruments[venueId];
        uint256 feeds = PRICES.feedCount(venueId);
        InstrumentLine.Meaning memory last = _lastOf(venueId, list.length);
        for (uint256 i = 0; i < listings.length; ++i) {
            InstrumentListing calldata listing = listings[i];
            uint256 index = list.length;
            // Here, because feeds and instruments may be proposed together.
            if (listing.feed >= feeds) revert UnknownFeed(index, listing.feed, feeds);
            last = _requireListing(index, listing, last);
            uint248 digest = InstrumentLine.digest(listing.line);
            list.push((uint256(digest) << DIGEST_SHIFT) | listing.feed);
            _identities[venueId][index] = Identity(
                InstrumentLine.classOf(last),
                last.activationEpoch,
                listing.strike,
                0,
                _assetsBefore(venueId, index) + (_isSettlement(last.kind) && !last.continues ? 1 : 0)
            );
            emit InstrumentListed(venueId, index, digest, listing);
        }
    }

    /// @inheritdoc IMarketBoard
    function instrumentCount(uint256 venueId) external view returns (uint256) {
        return _instruments[venueId].length;
    }

    /// @inheritdoc IMarketBoard
    function instrument(uint256 venueId, uint256 index) external view returns (Instrument memory) {
        uint256 word = _instruments[venueId][index];
        Identity memory identity = _identities[venueId][index];
        InstrumentLine.Meaning memory meaning = InstrumentLine.ofClass(identity.class, identity.activationEpoch);
        return Instrument({
            digest: uint248(word >> DIGEST_SHIFT),
            feed: uint8(word & FEED_MASK),
            kind: meaning.kind,
            continues: meaning.continues,
            cap: meaning.cap,
            activationEpoch: meaning.activationEpoch,
            strike: identity.strike,
            volatility: identity.volatility
        });
    }

    /// @inheritdoc IMarketSource
    function assetOfRow(uint256 venueId, uint256 row) external view returns (uint256) {
        Identity memory identity = _identities[venueId][row];
        if (!_isSettlement(InstrumentLine.ofClass(identity.class, 0).kind)) revert NotASettlementRow(venueId, row);
        return identity.assets - 1;
    }

    /// @inheritdoc IMarketBoard
    function volatilitiesSignedAt(uint256 venueId) external view returns (uint64) {
        return _volatilitiesSignedAt[venueId];
    }

    /// @dev The vector of a submission whose round and parameters are the board's, from every listed row.
    /// Signed volatilities become those that later ones are measured by.
    function _vectorOf(uint256 venueId, MarketSubmission calldata submission)
        internal
        returns (uint256[] memory v, VolatilitySource source)
    {
        uint256[] storage list = _instruments[venueId];
        uint256 n = list.length;
        if (submission.parameters.words.length != n) revert RowCountMismatch(submission.parameters.words.length, n);
        source = _requireVolatilities(venueId, submission);
        v = TableVector.start(n, submission.parameters.moves);
        uint256 options = 0;
        for (uint256 i = 0; i < n; ++i) {
            uint256 word = list[i];
            TableVector.Row memory row;
            Identity memory identity = _identities[venueId][i];
            row.digest = word >> DIGEST_SHIFT;
            row.class = identity.class;
            row.activationEpoch = identity.activationEpoch;
            row.strike = identity.strike;
            row.oraclePrice = _priceOf(i, word & FEED_MASK, submission.round.prices);
            row.word = submission.parameters.words[i];
            if (InstrumentLine.isOption(identity.class)) {
                if (options < submission.volatilities.length) {
                    row.volatility = submission.volatilities[options];
                    _acceptVolatility(venueId, i, source, submission.volatilities[options], identity.volatility);
                }
                ++options;
            }
            TableVector.setRow(v, submission.parameters.moves.length, i, row);
        }
        if (options != submission.volatilities.length) {
            revert VolatilityCountMismatch(submission.volatilities.length, options);
        }
    }

    /// @dev What the last of `count` listed rows is; nothing before the first.
    function _lastOf(uint256 venueId, uint256 count) private view returns (InstrumentLine.Meaning memory meaning) {
        if (count == 0) return meaning;
        Identity memory last = _identities[venueId][count - 1];
        return InstrumentLine.ofClass(last.class, last.activationEpoch);
    }

    /// @dev The line is one of this index, and of the same group as the row before only where a table may hold that.
    function _requireListing(uint256 index, InstrumentListing calldata listing, InstrumentLine.Meaning memory before)
        private
        pure
        returns (InstrumentLine.Meaning memory meaning)
    {
        meaning = InstrumentLine.parse(index, listing.line);
        bool option = meaning.kind == InstrumentKind.OPTION;
        if (meaning.continues) {
            if (option) revert TieredOption(index);
            if (meaning.kind != before.kind) revert TierOfAnotherKind(index, meaning.kind, before.kind);
            // Nothing would be left for this tier.
            if (before.cap == 0) revert TierAfterNoCap(index);
        }
        if (listing.strike >= STRIKE_BOUND || (!option && listing.strike != 0)) {
            revert InvalidStrike(index, listing.strike);
        }
    }

    function _assetsBefore(uint256 venueId, uint256 index) private view returns (uint32) {
        return index == 0 ? 0 : _identities[venueId][index - 1].assets;
    }

    function _isSettlement(InstrumentKind kind) private pure returns (bool) {
        return kind == InstrumentKind.CASH || kind == InstrumentKind.SPOT;
    }

    function _priceOf(uint256 index, uint256 feed_, uint128[] calldata prices) private pure returns (uint256) {
        // The feed joined after the round.
        if (feed_ >= prices.length) revert RoundMissesFeed(index, feed_, prices.length);
        return prices[feed_];
    }

    /// @dev Signed, or to be held to those signed last: holding them to unsigned ones would let the venue walk.
    function _requireVolatilities(uint256 venueId, MarketSubmission calldata submission)
        private
        returns (VolatilitySource)
    {
        if (submission.volatilities.length == 0) return VolatilitySource.NONE;
        if (submission.volatilitySignatures.length == 0) {
            uint256 age = block.timestamp - _volatilitiesSignedAt[venueId];
            uint256 maxAge = _rulesOf(venueId).volatilityMaxAge;
            if (age > maxAge) revert SignedVolatilitiesTooOld(age, maxAge);
            return VolatilitySource.BOUNDED;
        }
        if (block.timestamp > submission.volatilityDeadline) {
            revert VolatilityReportExpired(submission.volatilityDeadline, block.timestamp);
        }
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOLATILITY_REPORT_TYPE,
                    venueId,
                    submission.round.id,
                    keccak256(abi.encodePacked(submission.volatilities)),
                    submission.volatilityDeadline
                )
            )
        );
        TableRules storage rules = _rulesOf(venueId);
        SignerSet.requireSigned(digest, submission.volatilitySignatures, rules.signers, rules.threshold);
        _volatilitiesSignedAt[venueId] = uint64(block.timestamp);
        return VolatilitySource.SIGNED;
    }

    function _acceptVolatility(
        uint256 venueId,
        uint256 index,
        VolatilitySource source,
        uint32 volatility,
        uint256 signed
    ) private {
        if (volatility == 0) revert ZeroVolatility(index);
        if (source == VolatilitySource.SIGNED) {
            if (volatility != signed) _identities[venueId][index].volatility = volatility;
        } else {
            uint256 bound = _rulesOf(venueId).volatilityBound;
            uint256 distance = volatility > signed ? volatility - signed : signed - volatility;
            // An option listed since has none: nothing but itself is within a share of 0.
            if (distance * PPM > signed * bound) revert VolatilityOutOfBound(index, volatility, signed, bound);
        }
    }
}
