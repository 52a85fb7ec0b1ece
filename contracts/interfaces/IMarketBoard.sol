// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketSource, MarginLevel, Market} from "./IMarketSource.sol";
import {IPriceBoard} from "./IPriceBoard.sol";
import {Groth16Proof} from "./ISolvencyRegistry.sol";
import {IVenueTimelock} from "./IVenueTimelock.sol";

/// @notice Where the volatilities of a table come from. BOUNDED ones are the venue's choice, within its bound of the last signed ones.
enum VolatilitySource {
    NONE,
    SIGNED,
    BOUNDED
}

/// @notice A venue's rules for tables. Times in seconds; changes go through the timelock.
/// @param timelock from proposal to activation; at least MIN_TIMELOCK
/// @param tableMaxAge age of a round up to which its table is accepted; at least 1
/// @param rateStep ppm a rate may move in one change, and
/// @param rateShare ppm of the rate's own size it may move besides
/// @param moveStep sixtieths a scenario move may move in one change
/// @param volatilityBound ppm that an unsigned volatility may differ from the last signed one, relative to that; below 10^6
/// @param volatilityMaxAge age of the signed volatilities up to which unsigned ones are measured by them
/// @param threshold signatures a volatility report needs; 0 without signers
/// @param signers of volatility reports, ascending, at most 32
struct TableRules {
    uint32 timelock;
    uint32 tableMaxAge;
    uint24 rateStep;
    uint24 rateShare;
    uint8 moveStep;
    uint24 volatilityBound;
    uint32 volatilityMaxAge;
    uint8 threshold;
    address[] signers;
}

/// @notice A round of the price board.
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

/// @notice Kinds of a row, by their codes in a committed row.
enum InstrumentKind {
    NONE,
    CASH,
    SPOT,
    ENTRY,
    PERPETUAL,
    FUTURE,
    OPTION
}

/// @notice A listed row; all but feed, strike and volatility is read from its line.
/// @param digest first 31 bytes of the line's SHA-256, big-endian
/// @param continues a further tier of the row before
/// @param cap in quanta; 0 for none
/// @param activationEpoch first epoch in which the row means this
/// @param volatility last signed, ppm a year; 0 before the first
struct Instrument {
    uint248 digest;
    uint8 feed;
    InstrumentKind kind;
    bool continues;
    uint64 cap;
    uint32 activationEpoch;
    uint48 strike;
    uint32 volatility;
}

/// @param moves P_1, B_1, P_2, B_2, …: sixtieths, each in -255 .. 255
/// @param words one a row: seven rates of 24 bits, lowest first, `exact` (bit 168), `put` (bit 169), multiplier (64 bits from bit 170)
struct ParameterSet {
    int16[] moves;
    uint256[] words;
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

/// @title Market tables that follow from the price board's rounds and from parameters that went through a timelock
/// @notice docs/decisions/0004-market-table.md says what the proof shows. Roles are those of the registry's venue record.
interface IMarketBoard is IMarketSource, IVenueTimelock {
    event RulesProposed(uint256 indexed venueId, TableRules rules);
    event RulesActivated(uint256 indexed venueId, TableRules rules);
    event InstrumentsProposed(uint256 indexed venueId, InstrumentListing[] listings);
    event InstrumentListed(uint256 indexed venueId, uint256 indexed index, uint248 digest, InstrumentListing listing);
    event ParametersProposed(uint256 indexed venueId, bytes32 digest, ParameterSet parameters);
    event ParametersActivated(uint256 indexed venueId, bytes32 digest);
    event MarketAccepted(
        uint256 indexed venueId,
        uint256 indexed commitment,
        uint256 circuitId,
        Market market,
        Acceptance acceptance,
        bytes32 parameters,
        uint32[] volatilities
    );

    error NothingListed();
    error TooManyInstruments(uint256 got, uint256 most);
    error WrongLine(uint256 index, string line);
    error NotANumber(uint256 index, uint256 field);
    error UnknownKind(uint256 index, string kind);
    error InvalidCap(uint256 index, uint256 cap);
    error InvalidPredecessor(uint256 index, uint256 predecessor);
    error InvalidActivationEpoch(uint256 index, uint256 epoch);
    error TieredOption(uint256 index);
    error TierOfAnotherKind(uint256 index, InstrumentKind kind, InstrumentKind before);
    error TierAfterNoCap(uint256 index);
    error InvalidStrike(uint256 index, uint256 strike);
    error UnknownFeed(uint256 index, uint256 feed, uint256 feeds);

    error NoParameters(uint256 venueId);
    error NotTheActiveParameters(bytes32 got, bytes32 active);
    error OddMoves(uint256 count);
    error MoveOutOfRange(uint256 index, int256 move);
    error FewerParameters(bytes32 what, uint256 got, uint256 active);
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
    error VolatilityReportExpired(uint256 deadline, uint256 now_);
    error ZeroVolatility(uint256 row);
    error SignedVolatilitiesTooOld(uint256 age, uint256 maxAge);
    error VolatilityOutOfBound(uint256 row, uint256 volatility, uint256 signed, uint256 bound);
    error NotAMarketTableCircuit(uint256 circuitId);
    error TableProofRejected();

    /// @notice Proposes the venue's rules; the first ones are active at once, for nothing depends on them yet. Parameter admin only.
    function proposeRules(uint256 venueId, TableRules calldata rules) external;

    /// @notice Parameter admin only, after the timelock. So are the other activations.
    /// @dev What waited ACTIVATION_WINDOW after its timelock expires: nobody still watches it.
    function activateRules(uint256 venueId, TableRules calldata rules) external;

    /// @notice Proposes rows for the end of the venue's list. Parameter admin only.
    /// @dev A further tier has the kind of the row before, which has a cap; options have no further tiers.
    function proposeInstruments(uint256 venueId, InstrumentListing[] calldata listings) external;

    /// @notice Lists them for good: from here on every table has them.
    function activateInstruments(uint256 venueId, InstrumentListing[] calldata listings) external;

    /// @notice Proposes another parameter set. Parameter admin only.
    /// @dev Against the active set nothing is removed, identities stay, and no rate or move moves further than the venue's bounds.
    /// @param current the active set; empty before the first
    function proposeParameters(uint256 venueId, ParameterSet calldata next, ParameterSet calldata current) external;

    function activateParameters(uint256 venueId) external;

    /// @notice Accepts a table whose proof holds for a round's prices and the board's instruments and parameters. Operator only; but
    /// where no table of the level is younger than the venue's `tableMaxAge`, anybody brings one without options.
    /// @dev Operator, because option values and BOUNDED volatilities are the venue's choice and must not be anybody's. Anybody,
    /// because without a table of initial level no account with debts or derivatives can leave a vault, and without one of maintenance
    /// level nobody under water is liquidated and nobody frozen shows that he is not: the operator must not be able to withhold them.
    /// One table of a level a round, rounds in order: the venue cannot pick among several tables of one moment.
    function acceptMarket(uint256 venueId, MarketSubmission calldata submission) external;

    /// @notice Whose rounds tables are made from.
    function PRICES() external view returns (IPriceBoard);

    /// @notice Zeros before the first rules.
    function rulesOf(uint256 venueId) external view returns (TableRules memory);

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
