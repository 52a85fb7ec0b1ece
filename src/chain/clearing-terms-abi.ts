import { Interface } from 'ethers';

export const CLEARING_RULES = 'tuple(uint32 timelock, uint32 tableMaxAge, uint24 band)';
export const EXPIRY_TERMS = 'tuple(uint16 row, uint16 payRow, uint16 deliverRow, uint32 deliver, uint64 expiry)';
export const PERPETUAL_TERMS = 'tuple(uint16 row, uint8 indexFeed, uint32 interval, uint24 maxRate)';
const EXPIRY_SETTLEMENT = 'tuple(int64 value, uint64 unit, int64 deliver, uint64 round)';
const ROUND = 'tuple(uint64 id, uint64 time, uint128[] prices)';
const PARAMETERS = 'tuple(int16[] moves, uint256[] words)';

/** ClearingTerms as clients use it, and every error it can raise. Written out, so that a browser needs no build artefact; test/chain/clearing-abi.test.ts compares it with the compiled contract. */
export const CLEARING_TERMS_ABI: readonly string[] = [
  `function accrueFunding(uint256 venueId, ${ROUND} round, ${PARAMETERS} parameters)`,
  `function activateExpiry(uint256 venueId, ${EXPIRY_TERMS} terms)`,
  'function activateLiquidations(uint256 venueId, address liquidations)',
  `function activatePerpetual(uint256 venueId, ${PERPETUAL_TERMS} terms, uint16 payRow)`,
  `function activateRules(uint256 venueId, ${CLEARING_RULES} rules)`,
  'function cancelChange(uint256 venueId, uint8 kind)',
  'function cumulativeRates(uint256 venueId, uint32 period) view returns (int64[] sums)',
  `function expiryOf(uint256 venueId, uint16 row) view returns (${EXPIRY_TERMS} terms, ${EXPIRY_SETTLEMENT} settlement)`,
  'function fundingSince(uint256 venueId, uint32 fromPeriod) view returns (uint16 payRow, uint16[] groups, int64[] rates)',
  'function liquidationsOf(uint256 venueId) view returns (address)',
  'function pendingChange(uint256 venueId, uint8 kind) view returns (tuple(bytes32 digest, uint64 readyAt))',
  'function periodOf(uint256 venueId) view returns (uint32)',
  `function perpetualsOf(uint256 venueId) view returns (${PERPETUAL_TERMS}[] terms, uint16[] groups, uint16 payRow)`,
  'function pricesAllow(uint256 venueId, uint8 action) view returns (bool)',
  `function proposeExpiry(uint256 venueId, ${EXPIRY_TERMS} terms)`,
  'function proposeLiquidations(uint256 venueId, address liquidations)',
  `function proposePerpetual(uint256 venueId, ${PERPETUAL_TERMS} terms, uint16 payRow)`,
  `function proposeRules(uint256 venueId, ${CLEARING_RULES} rules)`,
  `function recordExpiry(uint256 venueId, uint16 row, ${ROUND} round, ${ROUND} before, ${PARAMETERS} parameters)`,
  `function rulesOf(uint256 venueId) view returns (${CLEARING_RULES})`,
  `function standing(uint256 venueId) view returns (${CLEARING_RULES} rules, uint32 period)`,
  `event ClearingRulesActivated(uint256 indexed venueId, ${CLEARING_RULES} rules)`,
  `event ExpiryListed(uint256 indexed venueId, uint16 indexed row, ${EXPIRY_TERMS} terms)`,
  `event ExpiryRecorded(uint256 indexed venueId, uint16 indexed row, ${EXPIRY_SETTLEMENT} settlement)`,
  'event FundingAccrued(uint256 indexed venueId, uint32 indexed period, uint64 round, int64[] rates)',
  'event LiquidationsActivated(uint256 indexed venueId, address liquidations)',
  `event PerpetualListed(uint256 indexed venueId, uint16 indexed row, uint16 group, ${PERPETUAL_TERMS} terms)`,
  'error ChangeExpired(uint256 expiredAt, uint256 now_)',
  'error ExpiryListedBefore(uint256 venueId, uint16 row)',
  'error ExpiryNotListed(uint256 venueId, uint16 row)',
  'error ExpiryPassed(uint64 expiry, uint256 now_)',
  'error FundingPeriodUnknown(uint32 period, uint32 current)',
  'error InvalidRules(bytes32 what, uint256 value)',
  'error InvalidTerms(uint16 row, bytes32 what, uint256 value)',
  'error NoCode(bytes32 what, address account)',
  'error NoMarketBoard(uint256 venueId)',
  'error NoPerpetuals(uint256 venueId)',
  'error NoRules(uint256 venueId)',
  'error NotADatedRow(uint256 venueId, uint16 row)',
  'error NotAPerpetual(uint256 venueId, uint16 row)',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error NotTheActiveParameters(bytes32 got, bytes32 active)',
  'error NotTheFirstRound(uint64 round, uint64 time)',
  'error NotTheRound(uint64 id, bytes32 got, bytes32 expected)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error NotWhatWasProposed(uint8 kind, bytes32 got, bytes32 proposed)',
  'error NotYetExpired(uint64 expiry, uint64 roundTime)',
  'error NothingPending(uint256 venueId, uint8 kind)',
  'error OtherPayRow(uint16 got, uint16 expected)',
  'error PeriodRunning(uint64 until, uint64 roundTime)',
  'error PerpetualListedBefore(uint256 venueId, uint16 row)',
  'error RoundMissesFeed(uint256 index, uint256 feed, uint256 prices)',
  'error RoundNotLater(uint64 round, uint64 last)',
  'error RoundTooOld(uint256 age, uint256 maxAge)',
  'error RowWithoutParameters(uint16 row, uint256 words)',
  'error SettlementNotRecorded(uint256 venueId, uint16 row)',
  'error SettlementRecorded(uint256 venueId, uint16 row)',
  'error TimelockRunning(uint256 readyAt, uint256 now_)',
  'error TooManyPerpetuals(uint256 venueId)',
  'error ValueOutOfRange(uint16 row, uint256 value)',
  'error ZeroTimelock()',
];

/** What the registry and the boards say when terms ask them. */
const RAISED_BY_OTHERS: readonly string[] = ['error UnknownVenue(uint256 venueId)'];

export const CLEARING_TERMS_INTERFACE = new Interface([...CLEARING_TERMS_ABI, ...RAISED_BY_OTHERS]);
