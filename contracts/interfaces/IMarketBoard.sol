// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketSource, MarginLevel, Market} from "./IMarketSource.sol";
import {Groth16Proof} from "./ISolvencyRegistry.sol";

/// @notice Where a feed's price comes from.
enum FeedKind {
    NONE,
    CONSTANT,
    CHAINLINK,
    PYTH,
    SIGNED
}

/// @notice What goes through a venue's timelock: one change of each kind at a time.
enum ChangeKind {
    CONFIG,
    FEEDS,
    INSTRUMENTS,
    PARAMETERS
}

/// @notice Where the volatilities of a table come from. BOUNDED ones are the venue's choice, within its bound of the last signed ones.
enum VolatilitySource {
    NONE,
    SIGNED,
    BOUNDED
}

/// @notice What another contract wants to let a user do.
enum Action {
    NEW_RISK,
    LIQUIDATION,
    EXIT
}

/// @notice A venue's rules. Times in seconds; changes go through the timelock.
/// @param timelock from proposal to activation; at least MIN_TIMELOCK
/// @param newRiskMaxAge age of the last round up to which new risk is allowed; at least 1
/// @param liquidationMaxAge the same of liquidations; above `newRiskMaxAge`
/// @param tableMaxAge age of a round up to which its table is accepted; at least 1
/// @param rateStep ppm a rate may move in one change, and
/// @param rateShare ppm of the rate's own size it may move besides
/// @param moveStep sixtieths a scenario move may move in one change
/// @param volatilityBound ppm that an unsigned volatility may differ from the last signed one, relative to that; below 10^6
/// @param volatilityMaxAge age of the signed volatilities up to which unsigned ones are measured by them
/// @param sequencerFeed Chainlink L2 sequencer uptime feed; zero address where there is none
/// @param sequencerGrace time after the sequencer's return in which nothing is read or allowed but exits
/// @param priceThreshold signatures a price report needs; 0 without signers
/// @param volatilityThreshold signatures a volatility report needs; 0 without signers
/// @param priceSigners ascending
/// @param volatilitySigners ascending
struct BoardConfig {
    uint32 timelock;
    uint32 newRiskMaxAge;
    uint32 liquidationMaxAge;
    uint32 tableMaxAge;
    uint24 rateStep;
    uint24 rateShare;
    uint8 moveStep;
    uint24 volatilityBound;
    uint32 volatilityMaxAge;
    address sequencerFeed;
    uint32 sequencerGrace;
    uint8 priceThreshold;
    uint8 volatilityThreshold;
    address[] priceSigners;
    address[] volatilitySigners;
}

/// @param source Chainlink aggregator; else the zero address
/// @param heartbeat seconds a price may be old when it is read; at least 1, 0 of a constant
/// @param maxDeviation ppm an hour that a price may move; at least 1, 0 of a constant
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
/// @param anchor price that moves are measured from; at most one an hour
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

/// @param id 1, 2, …
/// @param time Unix seconds of the block that opened it: snapshot time of a table made from it
/// @param prices of all feeds of that time, 10^-8 of the settlement currency
struct PriceRound {
    uint64 id;
    uint64 time;
    uint128[] prices;
}

/// @param line `index,id,kind,asset,quantityDecimals,cap,predecessor,activationEpoch`
/// @param feed whose price the row has; of an option its underlying
/// @param strike base value at the strike, below 2^47; 0 but of options
struct InstrumentListing {
    string line;
    uint8 feed;
    uint48 strike;
}

/// @param digest first 31 bytes of the line's SHA-256, big-endian
/// @param option the line's kind is `option`
/// @param volatility last signed, ppm a year; 0 before the first
struct Instrument {
    uint248 digest;
    uint8 feed;
    bool option;
    uint48 strike;
    uint32 volatility;
}

/// @param moves P_1, B_1, P_2, B_2, …: sixtieths, each in -255 .. 255
/// @param words one a row: seven rates of 24 bits, lowest first, `exact` (bit 168), `put` (bit 169), multiplier (64 bits from bit 170)
struct ParameterSet {
    int16[] moves;
    uint256[] words;
}

/// @param digest of what was proposed; 0 when nothing is pending
/// @param readyAt first second at which it can be activated
struct PendingChange {
    bytes32 digest;
    uint64 readyAt;
}

/// @param round whose prices the table has
/// @param settlementAssets groups of its cash and spot rows
/// @param parameters the active set
/// @param volatilities of the option rows in row order, ppm a year
/// @param volatilityDeadline last second at which the signatures are taken
/// @param volatilitySignatures over EIP-712 `VolatilityReport(uint256 venueId,uint64 round,uint32[] volatilities,uint64 deadline)`,
/// signers ascending; none for BOUNDED volatilities
struct MarketSubmission {
    uint256 circuitId;
    uint256 commitment;
    MarginLevel level;
    uint32 settlementAssets;
    PriceRound round;
    ParameterSet parameters;
    uint32[] volatilities;
    uint64 volatilityDeadline;
    bytes[] volatilitySignatures;
    Groth16Proof proof;
}

/// @notice What a table was accepted with.
struct Acceptance {
    uint64 round;
    VolatilitySource volatilities;
}

/// @title Market tables that follow from prices the board read itself and from parameters that went through a timelock
/// @notice docs/decisions/0004-market-table.md says what the proof shows. Roles are those of the registry's venue record.
interface IMarketBoard is IMarketSource {
    event ChangeProposed(uint256 indexed venueId, ChangeKind indexed kind, bytes32 digest, uint64 readyAt);
    event ChangeCancelled(uint256 indexed venueId, ChangeKind indexed kind, bytes32 digest);
    event ConfigProposed(uint256 indexed venueId, BoardConfig config);
    event ConfigActivated(uint256 indexed venueId, BoardConfig config);
    event FeedsProposed(uint256 indexed venueId, uint256 first, FeedConfig[] feeds);
    event FeedActivated(uint256 indexed venueId, uint256 indexed feed, FeedConfig config);
    event InstrumentsProposed(uint256 indexed venueId, InstrumentListing[] listings);
    event InstrumentListed(uint256 indexed venueId, uint256 indexed index, uint248 digest, InstrumentListing listing);
    event ParametersProposed(uint256 indexed venueId, bytes32 digest, ParameterSet parameters);
    event ParametersActivated(uint256 indexed venueId, bytes32 digest);
    event RoundOpened(uint256 indexed venueId, uint64 indexed id, uint64 time, uint128[] prices, uint64[] updatedAt);
    event MarketAccepted(
        uint256 indexed venueId,
        uint256 indexed commitment,
        uint256 circuitId,
        Market market,
        Acceptance acceptance,
        bytes32 parameters,
        uint32[] volatilities
    );

    error NoCode(bytes32 what, address account);
    error ZeroTimelock();
    error NotConfigured(uint256 venueId);
    error InvalidConfig(bytes32 what, uint256 value);
    error SignersNotAscending(address previous, address signer);

    error NothingPending(uint256 venueId, ChangeKind kind);
    error NotWhatWasProposed(ChangeKind kind, bytes32 got, bytes32 proposed);
    error TimelockRunning(uint256 readyAt, uint256 now_);
    error ChangeExpired(uint256 expiredAt, uint256 now_);

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
    error TooFewSignatures(uint256 got, uint256 needed);
    error UnknownSigner(address signer);
    error FeeNotCovered(uint256 sent, uint256 fee);
    error RefundFailed(address to, uint256 amount);

    error NothingListed();
    error TooManyInstruments(uint256 got, uint256 most);
    error WrongLine(uint256 index, string line);
    error InvalidStrike(uint256 index, uint256 strike);
    error UnknownFeed(uint256 index, uint256 feed, uint256 feeds);

    error NotTheActiveParameters(bytes32 got, bytes32 active);
    error OddMoves(uint256 count);
    error MoveOutOfRange(uint256 index, int256 move);
    error FewerParameters(bytes32 what, uint256 got, uint256 active);
    error InvalidWord(uint256 row, uint256 word);
    error InitialBelowMaintenance(uint256 row, uint256 initial, uint256 maintenance);
    error IdentityChanged(uint256 row, uint256 word, uint256 active);
    error RateMovesTooFar(uint256 row, uint256 rate, uint256 value, uint256 active, uint256 permitted);
    error MoveMovesTooFar(uint256 index, int256 value, int256 active, uint256 permitted);

    error MarketExists(uint256 venueId, uint256 commitment);
    error InvalidMarketLevel(uint256 commitment);
    error InvalidAssetCount(uint256 got, uint256 registered);
    error NotTheRound(uint64 id, bytes32 got, bytes32 expected);
    error RoundTooOld(uint256 age, uint256 maxAge);
    error RoundNotNewer(MarginLevel level, uint256 round, uint256 last);
    error RoundMissesFeed(uint256 index, uint256 feed, uint256 prices);
    error RowCountMismatch(uint256 words, uint256 listed);
    error VolatilityCountMismatch(uint256 got, uint256 options);
    error ZeroVolatility(uint256 row);
    error SignedVolatilitiesTooOld(uint256 age, uint256 maxAge);
    error VolatilityOutOfBound(uint256 row, uint256 volatility, uint256 signed, uint256 bound);
    error NotAMarketTableCircuit(uint256 circuitId);
    error TableProofRejected();

    /// @notice Proposes the venue's rules; the first ones are active at once, for nothing depends on them yet. Parameter admin only.
    function proposeConfig(uint256 venueId, BoardConfig calldata config) external;

    /// @notice Parameter admin only, after the timelock. So are the other activations.
    /// @dev What waited ACTIVATION_WINDOW after its timelock expires: nobody still watches it.
    function activateConfig(uint256 venueId, BoardConfig calldata config) external;

    /// @notice Proposes feeds first, first + 1, …: new ones at the end of the list, or other sources for those there. Parameter admin only.
    /// @dev An index is never removed and never reused for another quantity: a new source is held to the last accepted price as an
    /// old one is. Without replacement one aggregator that its maker retires would stop the venue's rounds for ever.
    function proposeFeeds(uint256 venueId, uint256 first, FeedConfig[] calldata feeds) external;

    function activateFeeds(uint256 venueId, uint256 first, FeedConfig[] calldata feeds) external;

    /// @notice Proposes rows for the end of the venue's list. Parameter admin only.
    function proposeInstruments(uint256 venueId, InstrumentListing[] calldata listings) external;

    /// @notice Lists them for good: from here on every table has them.
    function activateInstruments(uint256 venueId, InstrumentListing[] calldata listings) external;

    /// @notice Proposes another parameter set. Parameter admin only.
    /// @dev Against the active set nothing is removed, identities stay, and no rate or move moves further than the venue's bounds.
    /// @param current the active set; empty before the first
    function proposeParameters(uint256 venueId, ParameterSet calldata next, ParameterSet calldata current) external;

    function activateParameters(uint256 venueId) external;

    /// @notice Drops a pending change. Venue admin only, who names the parameter admin and can so stop a stolen one.
    function cancelChange(uint256 venueId, ChangeKind kind) external;

    /// @notice Reads every feed and opens a round with their prices, or reverts and names the feed. Anybody.
    /// @dev A table refers to the round it was made from, not to the last, so rounds of others void nothing.
    /// @param pythUpdates for the Pyth contract; its fee is paid from the value sent, the rest returned
    /// @param report of the SIGNED feeds
    function updatePrices(uint256 venueId, bytes[] calldata pythUpdates, PriceReport calldata report)
        external
        payable
        returns (uint64 roundId);

    /// @notice Accepts a table whose proof holds for the board's own prices, instruments and parameters. Operator only.
    /// @dev Operator, because option values and BOUNDED volatilities are the venue's choice and must not be anybody's.
    /// One table of a level a round, rounds in order: the venue cannot pick among several tables of one moment.
    function acceptMarket(uint256 venueId, MarketSubmission calldata submission) external;

    /// @notice Whether prices are fresh enough for this. EXIT, of funds no margin depends on, always is. Never reverts.
    /// @dev Speaks of prices only: callers also check the age of the table they use.
    function allows(uint256 venueId, Action action) external view returns (bool);

    /// @notice Zeros before the first configuration.
    function configOf(uint256 venueId) external view returns (BoardConfig memory);

    function pendingChange(uint256 venueId, ChangeKind kind) external view returns (PendingChange memory);

    function feedCount(uint256 venueId) external view returns (uint256);

    /// @notice Kind NONE for a feed the venue does not have.
    function feed(uint256 venueId, uint256 index) external view returns (FeedConfig memory);

    /// @notice Zeros before the first round that read the feed.
    function lastPrice(uint256 venueId, uint256 index) external view returns (AcceptedPrice memory);

    /// @notice Number and time of the last round; zeros before the first.
    function lastRound(uint256 venueId) external view returns (uint64 id, uint64 time);

    /// @notice keccak256(abi.encode(id, time, prices)) of a round; 0 for one that was not opened.
    function roundDigest(uint256 venueId, uint64 id) external view returns (bytes32);

    function instrumentCount(uint256 venueId) external view returns (uint256);

    function instrument(uint256 venueId, uint256 index) external view returns (Instrument memory);

    /// @notice Unix seconds of the last acceptance with signed volatilities; 0 before the first.
    function volatilitiesSignedAt(uint256 venueId) external view returns (uint64);

    /// @notice keccak256(abi.encode(moves, words)) of the active set; 0 before the first.
    function parametersDigest(uint256 venueId) external view returns (bytes32);

    /// @notice Value scale of every table accepted for the venue: that of its registry record.
    function valueScale(uint256 venueId) external view returns (uint8);

    /// @notice Commitment of the last table accepted for a level; 0 before the first.
    function latestMarket(uint256 venueId, MarginLevel level) external view returns (uint256);

    /// @notice Zeros for a table that was not accepted.
    function acceptanceOf(uint256 venueId, uint256 commitment) external view returns (Acceptance memory);
}
