import { Interface } from 'ethers';

export const PRICE_RULES =
  'tuple(uint32 timelock, uint32 newRiskMaxAge, uint32 liquidationMaxAge, uint32 sequencerGrace, uint8 threshold, ' +
  'address sequencerFeed, address[] signers)';
export const FEED =
  'tuple(uint8 kind, address source, uint32 heartbeat, uint32 maxDeviation, uint24 maxConfidence, uint128 minPrice, ' +
  'uint128 maxPrice, bytes32 priceId)';
const PRICE_REPORT = 'tuple(uint8[] feeds, uint128[] prices, uint64 observedAt, uint64 deadline, bytes[] signatures)';
export const TABLE_RULES =
  'tuple(uint32 timelock, uint32 tableMaxAge, uint24 rateStep, uint24 rateShare, uint8 moveStep, uint24 volatilityBound, ' +
  'uint32 volatilityMaxAge, uint8 threshold, address[] signers)';
export const LISTING = 'tuple(string line, uint8 feed, uint48 strike)';
const PARAMETERS = 'tuple(int16[] moves, uint256[] words)';
const ROUND = 'tuple(uint64 id, uint64 time, uint128[] prices)';
const PROOF = 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c)';
const PENDING = 'tuple(bytes32 digest, uint64 readyAt)';
const SUBMISSION =
  `tuple(uint256 circuitId, uint256 commitment, uint8 level, uint32 settlementAssets, ${ROUND} round, ${PARAMETERS} parameters, ` +
  `uint32[] volatilities, uint64 volatilityDeadline, bytes[] volatilitySignatures, ${PROOF} proof)`;

/**
 * The part of PriceBoard that clients use, and every error it can raise. Written out, so that a browser needs no build
 * artefact; test/chain/board-abi.test.ts compares it with the compiled contract.
 */
export const PRICE_BOARD_ABI: readonly string[] = [
  `function proposeRules(uint256 venueId, ${PRICE_RULES} rules)`,
  `function activateRules(uint256 venueId, ${PRICE_RULES} rules)`,
  `function proposeFeeds(uint256 venueId, uint256 first, ${FEED}[] feeds)`,
  `function activateFeeds(uint256 venueId, uint256 first, ${FEED}[] feeds)`,
  'function cancelChange(uint256 venueId, uint8 kind)',
  `function updatePrices(uint256 venueId, bytes[] pythUpdates, ${PRICE_REPORT} report) payable returns (uint64 roundId)`,
  'function allows(uint256 venueId, uint8 action) view returns (bool)',
  'function lastRound(uint256 venueId) view returns (uint64 id, uint64 time)',
  'function lastPrice(uint256 venueId, uint256 index) view returns (tuple(uint128 price, uint64 updatedAt, uint128 anchor, uint64 anchoredAt))',
  'function feedCount(uint256 venueId) view returns (uint256)',
  `function feed(uint256 venueId, uint256 index) view returns (${FEED} config)`,
  `function rulesOf(uint256 venueId) view returns (${PRICE_RULES})`,
  `function pendingChange(uint256 venueId, uint8 kind) view returns (${PENDING})`,
  'function roundDigest(uint256 venueId, uint64 id) view returns (bytes32)',
  'event RoundOpened(uint256 indexed venueId, uint64 indexed id, uint64 time, uint128[] prices, uint64[] updatedAt)',
  'error ChangeExpired(uint256 expiredAt, uint256 now_)',
  'error ECDSAInvalidSignature()',
  'error ECDSAInvalidSignatureLength(uint256 length)',
  'error ECDSAInvalidSignatureS(bytes32 s)',
  'error FeeNotCovered(uint256 sent, uint256 fee)',
  'error FeedGap(uint256 first, uint256 feeds)',
  'error FeedUnavailable(uint256 feed, address source)',
  'error InvalidFeed(uint256 feed, bytes32 what, uint256 value)',
  'error InvalidRules(bytes32 what, uint256 value)',
  'error InvalidShortString()',
  'error InvalidThreshold(uint256 threshold, uint256 signers)',
  'error NoCode(bytes32 what, address account)',
  'error NoFeeds(uint256 venueId)',
  'error NoRules(uint256 venueId)',
  'error NoSigners()',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error NotWhatWasProposed(uint8 kind, bytes32 got, bytes32 proposed)',
  'error NothingPending(uint256 venueId, uint8 kind)',
  'error PriceBeforeLast(uint256 feed, uint256 updatedAt, uint256 last)',
  'error PriceContradictsLast(uint256 feed, uint256 price, uint256 last, uint256 updatedAt)',
  'error PriceDeviates(uint256 feed, uint256 price, uint256 anchor, uint256 permitted)',
  'error PriceFromTheFuture(uint256 feed, uint256 updatedAt, uint256 now_)',
  'error PriceNotPositive(uint256 feed, int256 price)',
  'error PriceOutOfBounds(uint256 feed, uint256 price, uint256 low, uint256 high)',
  'error PriceTooOld(uint256 feed, uint256 age, uint256 heartbeat)',
  'error PriceUncertain(uint256 feed, uint256 confidence, uint256 permitted)',
  'error ReentrancyGuardReentrantCall()',
  'error RefundFailed(address to, uint256 amount)',
  'error ReportExpired(uint256 deadline, uint256 now_)',
  'error ReportLengthMismatch(uint256 feeds, uint256 prices)',
  'error ReportMissesFeed(uint256 feed)',
  'error ReportOfOtherFeeds(uint256 got, uint256 expected)',
  'error RoundIncomplete(uint256 feed, uint256 roundId, uint256 updatedAt, uint256 answeredInRound)',
  'error SequencerDown(address sequencerFeed)',
  'error SequencerGrace(uint256 upSince, uint256 grace, uint256 now_)',
  'error SignersNotAscending(address previous, address signer)',
  'error StringTooLong(string str)',
  'error TimelockRunning(uint256 readyAt, uint256 now_)',
  'error TooFewSignatures(uint256 got, uint256 needed)',
  'error TooManyFeeds(uint256 got, uint256 most)',
  'error TooManySigners(uint256 got, uint256 most)',
  'error UnknownSigner(address signer)',
  'error UnsupportedScale(uint256 feed, int256 exponent)',
  'error ZeroTimelock()',
];

/**
 * The same of MarketBoard.
 */
export const MARKET_BOARD_ABI: readonly string[] = [
  `function proposeRules(uint256 venueId, ${TABLE_RULES} rules)`,
  `function activateRules(uint256 venueId, ${TABLE_RULES} rules)`,
  `function proposeInstruments(uint256 venueId, ${LISTING}[] listings)`,
  `function activateInstruments(uint256 venueId, ${LISTING}[] listings)`,
  `function proposeParameters(uint256 venueId, ${PARAMETERS} next, ${PARAMETERS} current)`,
  'function activateParameters(uint256 venueId)',
  'function cancelChange(uint256 venueId, uint8 kind)',
  `function acceptMarket(uint256 venueId, ${SUBMISSION} submission)`,
  'function market(uint256 venueId, uint256 commitment) view returns (tuple(uint8 level, uint64 snapshotTime, uint32 settlementAssets))',
  'function instrumentCount(uint256 venueId) view returns (uint256)',
  'function instrument(uint256 venueId, uint256 index) view returns (tuple(uint248 digest, uint8 feed, uint8 kind, bool continues, uint64 cap, uint32 activationEpoch, uint48 strike, uint32 volatility))',
  'function parametersDigest(uint256 venueId) view returns (bytes32)',
  `function rulesOf(uint256 venueId) view returns (${TABLE_RULES})`,
  `function pendingChange(uint256 venueId, uint8 kind) view returns (${PENDING})`,
  'function latestMarket(uint256 venueId, uint8 level) view returns (uint256)',
  'function acceptanceOf(uint256 venueId, uint256 commitment) view returns (tuple(uint64 round, uint8 volatilities))',
  'event MarketAccepted(uint256 indexed venueId, uint256 indexed commitment, uint256 circuitId, tuple(uint8 level, uint64 snapshotTime, uint32 settlementAssets) market, tuple(uint64 round, uint8 volatilities) acceptance, bytes32 parameters, uint32[] volatilities)',
  'error ChangeExpired(uint256 expiredAt, uint256 now_)',
  'error CircuitIsRetired(uint256 circuitId)',
  'error ECDSAInvalidSignature()',
  'error ECDSAInvalidSignatureLength(uint256 length)',
  'error ECDSAInvalidSignatureS(bytes32 s)',
  'error FewerParameters(bytes32 what, uint256 got, uint256 active)',
  'error IdentityChanged(uint256 row, uint256 word, uint256 active)',
  'error InitialBelowMaintenance(uint256 row, uint256 initial, uint256 maintenance)',
  'error InvalidActivationEpoch(uint256 index, uint256 epoch)',
  'error InvalidAssetCount(uint256 got, uint256 registered)',
  'error InvalidCap(uint256 index, uint256 cap)',
  'error InvalidMarketLevel(uint256 commitment)',
  'error InvalidPredecessor(uint256 index, uint256 predecessor)',
  'error InvalidRules(bytes32 what, uint256 value)',
  'error InvalidShortString()',
  'error InvalidStrike(uint256 index, uint256 strike)',
  'error InvalidThreshold(uint256 threshold, uint256 signers)',
  'error InvalidWord(uint256 row, uint256 word)',
  'error MarketExists(uint256 venueId, uint256 commitment)',
  'error MoveMovesTooFar(uint256 index, int256 value, int256 active, uint256 permitted)',
  'error MoveOutOfRange(uint256 index, int256 move)',
  'error NoCode(bytes32 what, address account)',
  'error NoParameters(uint256 venueId)',
  'error NoRules(uint256 venueId)',
  'error NoSigners()',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotAMarketTableCircuit(uint256 circuitId)',
  'error NotANumber(uint256 index, uint256 field)',
  'error NotASettlementRow(uint256 venueId, uint256 row)',
  'error NotOperator(uint256 venueId, address caller)',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error NotTheActiveParameters(bytes32 got, bytes32 active)',
  'error NotTheRound(uint64 id, bytes32 got, bytes32 expected)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error NotWhatWasProposed(uint8 kind, bytes32 got, bytes32 proposed)',
  'error NothingListed()',
  'error NothingPending(uint256 venueId, uint8 kind)',
  'error OddMoves(uint256 count)',
  'error RateMovesTooFar(uint256 row, uint256 rate, uint256 value, uint256 active, uint256 permitted)',
  'error RoundMissesFeed(uint256 index, uint256 feed, uint256 prices)',
  'error RoundNotNewer(uint8 level, uint256 round, uint256 last)',
  'error RoundTooOld(uint256 age, uint256 maxAge)',
  'error RowCountMismatch(uint256 words, uint256 listed)',
  'error SignedVolatilitiesTooOld(uint256 age, uint256 maxAge)',
  'error SignersNotAscending(address previous, address signer)',
  'error StringTooLong(string str)',
  'error TableProofRejected()',
  'error TierAfterNoCap(uint256 index)',
  'error TierOfAnotherKind(uint256 index, uint8 kind, uint8 before)',
  'error TieredOption(uint256 index)',
  'error TimelockRunning(uint256 readyAt, uint256 now_)',
  'error TooFewSignatures(uint256 got, uint256 needed)',
  'error TooManyInstruments(uint256 got, uint256 most)',
  'error TooManySigners(uint256 got, uint256 most)',
  'error UnknownFeed(uint256 index, uint256 feed, uint256 feeds)',
  'error UnknownKind(uint256 index, string kind)',
  'error UnknownSigner(address signer)',
  'error VolatilityCountMismatch(uint256 got, uint256 options)',
  'error VolatilityOutOfBound(uint256 row, uint256 volatility, uint256 signed, uint256 bound)',
  'error VolatilityReportExpired(uint256 deadline, uint256 now_)',
  'error WrongLine(uint256 index, string line)',
  'error ZeroTimelock()',
  'error ZeroVolatility(uint256 row)',
];

export const PRICE_BOARD_INTERFACE = new Interface(PRICE_BOARD_ABI);
export const MARKET_BOARD_INTERFACE = new Interface(MARKET_BOARD_ABI);
