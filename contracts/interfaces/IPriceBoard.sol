// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVenueTimelock} from "./IVenueTimelock.sol";

/// @notice Where a feed's price comes from.
enum FeedKind {
    NONE,
    CONSTANT,
    CHAINLINK,
    PYTH,
    SIGNED
}

/// @notice What another contract wants to let a user do.
enum Action {
    NEW_RISK,
    LIQUIDATION,
    EXIT
}

/// @notice A venue's rules for prices. Times in seconds; changes go through the timelock.
/// @param timelock from proposal to activation; at least MIN_TIMELOCK
/// @param newRiskMaxAge age of the last round up to which new risk is allowed; at least 1
/// @param liquidationMaxAge the same of liquidations; above `newRiskMaxAge`
/// @param sequencerFeed Chainlink L2 sequencer uptime feed; zero address where there is none
/// @param sequencerGrace time after the sequencer's return in which nothing is read, and nothing allowed but exits
/// @param threshold signatures a price report needs; 0 without signers
/// @param signers of price reports, ascending, at most 32
struct PriceRules {
    uint32 timelock;
    uint32 newRiskMaxAge;
    uint32 liquidationMaxAge;
    uint32 sequencerGrace;
    uint8 threshold;
    address sequencerFeed;
    address[] signers;
}

/// @param source Chainlink aggregator; else the zero address
/// @param heartbeat seconds a price may be old when it is read; at least 1, 0 of a constant
/// @param maxDeviation ppm an hour that a price may move; at least 1, of a constant 0 unless it takes another source's place
/// @param maxConfidence ppm of the price that Pyth's confidence interval may be; at least 1, 0 of other kinds
/// @param minPrice lowest price accepted, 10^-8 of the settlement currency; at least 1
/// @param maxPrice highest price accepted; of a constant its price, equal to `minPrice`
/// @param priceId Pyth's id of the price; else 0
struct FeedConfig {
    FeedKind kind;
    address source;
    uint32 heartbeat;
    uint32 maxDeviation;
    uint24 maxConfidence;
    uint128 minPrice;
    uint128 maxPrice;
    bytes32 priceId;
}

/// @param updatedAt Unix seconds, by the source
/// @param anchor price that moves are measured from, set anew by the first round an hour or more after the last anchor: were it each
/// last price, a round every block would take the limit of an hour every block
/// @param anchoredAt Unix seconds of the block that set it
struct AcceptedPrice {
    uint128 price;
    uint64 updatedAt;
    uint128 anchor;
    uint64 anchoredAt;
}

/// @notice EIP-712 `PriceReport(uint256 venueId,uint8[] feeds,uint128[] prices,uint64 observedAt,uint64 deadline)`.
/// @param feeds indices of all the venue's SIGNED feeds, ascending; empty when it has none
/// @param prices of each, 10^-8 of the settlement currency
/// @param deadline last second at which the report is taken
/// @param signatures 65 bytes each, signers ascending
struct PriceReport {
    uint8[] feeds;
    uint128[] prices;
    uint64 observedAt;
    uint64 deadline;
    bytes[] signatures;
}

/// @title Prices of a venue's feeds, read and checked together in rounds
/// @notice Every feed is checked in every round and one that fails stops the round: no table has some prices of now and some of before.
interface IPriceBoard is IVenueTimelock {
    event RulesProposed(uint256 indexed venueId, PriceRules rules);
    event RulesActivated(uint256 indexed venueId, PriceRules rules);
    event FeedsProposed(uint256 indexed venueId, uint256 first, FeedConfig[] feeds);
    event FeedActivated(uint256 indexed venueId, uint256 indexed feed, FeedConfig config);
    event RoundOpened(uint256 indexed venueId, uint64 indexed id, uint64 time, uint128[] prices, uint64[] updatedAt);

    error InvalidFeed(uint256 feed, bytes32 what, uint256 value);
    error FeedGap(uint256 first, uint256 feeds);
    error TooManyFeeds(uint256 got, uint256 most);
    error NoFeeds(uint256 venueId);

    error SequencerDown(address sequencerFeed);
    error SequencerGrace(uint256 upSince, uint256 grace, uint256 now_);
    error FeedUnavailable(uint256 feed, address source);
    error UnsupportedScale(uint256 feed, int256 exponent);
    error RoundIncomplete(uint256 feed, uint256 roundId, uint256 updatedAt, uint256 answeredInRound);
    error PriceFromTheFuture(uint256 feed, uint256 updatedAt, uint256 now_);
    error PriceTooOld(uint256 feed, uint256 age, uint256 heartbeat);
    error PriceBeforeLast(uint256 feed, uint256 updatedAt, uint256 last);
    error PriceContradictsLast(uint256 feed, uint256 price, uint256 last, uint256 updatedAt);
    error PriceNotPositive(uint256 feed, int256 price);
    error PriceOutOfBounds(uint256 feed, uint256 price, uint256 low, uint256 high);
    error PriceDeviates(uint256 feed, uint256 price, uint256 anchor, uint256 permitted);
    error PriceUncertain(uint256 feed, uint256 confidence, uint256 permitted);
    error ReportMissesFeed(uint256 feed);
    error ReportLengthMismatch(uint256 feeds, uint256 prices);
    error ReportOfOtherFeeds(uint256 got, uint256 expected);
    error ReportExpired(uint256 deadline, uint256 now_);
    error FeeNotCovered(uint256 sent, uint256 fee);
    error RefundFailed(address to, uint256 amount);

    /// @notice Proposes the venue's rules; the first ones are active at once, for nothing depends on them yet. Parameter admin only.
    function proposeRules(uint256 venueId, PriceRules calldata rules) external;

    /// @notice Parameter admin only, after the timelock. So are the other activations.
    /// @dev What waited ACTIVATION_WINDOW after its timelock expires: nobody still watches it.
    function activateRules(uint256 venueId, PriceRules calldata rules) external;

    /// @notice Proposes feeds first, first + 1, …: new ones at the end of the list, or other sources for those there.
    /// Parameter admin only.
    /// @dev An index is never removed and never reused for another quantity: a new source is held to the last accepted price as an
    /// old one is. Without replacement one aggregator that its maker retires would stop the venue's rounds for ever.
    function proposeFeeds(uint256 venueId, uint256 first, FeedConfig[] calldata feeds) external;

    function activateFeeds(uint256 venueId, uint256 first, FeedConfig[] calldata feeds) external;

    /// @notice Reads every feed and opens a round with their prices, or reverts and names the feed. Anybody.
    /// @dev A table refers to the round it was made from, not to the last, so rounds of others void nothing.
    /// @param pythUpdates for the Pyth contract; its fee is paid from the value sent, the rest returned
    /// @param report of the SIGNED feeds
    function updatePrices(uint256 venueId, bytes[] calldata pythUpdates, PriceReport calldata report)
        external
        payable
        returns (uint64 roundId);

    /// @notice Whether prices are fresh enough for this. EXIT, of funds no margin depends on, always is. Never reverts.
    /// @dev Speaks of prices only: callers also check the age of the table they use.
    function allows(uint256 venueId, Action action) external view returns (bool);

    /// @notice Zeros before the first rules.
    function rulesOf(uint256 venueId) external view returns (PriceRules memory);

    function feedCount(uint256 venueId) external view returns (uint256);

    /// @notice Kind NONE for a feed the venue does not have.
    function feed(uint256 venueId, uint256 index) external view returns (FeedConfig memory);

    /// @notice Zeros before the first round that read the feed.
    function lastPrice(uint256 venueId, uint256 index) external view returns (AcceptedPrice memory);

    /// @notice Number and time of the last round; zeros before the first.
    function lastRound(uint256 venueId) external view returns (uint64 id, uint64 time);

    /// @notice keccak256(abi.encode(id, time, prices)) of a round; 0 for one that was not opened.
    function roundDigest(uint256 venueId, uint64 id) external view returns (bytes32);
}
