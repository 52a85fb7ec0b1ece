import { Interface } from 'ethers';
import { FEED, LISTING, MARKET_BOARD_ABI, PRICE_BOARD_ABI, PRICE_RULES, TABLE_RULES } from '../board-abi.js';
import { MARKET } from '../market-source.js';
import { REGISTRY_ABI, REGISTRY_INTERFACE } from '../registry-abi.js';
import { VAULT_ABI, VAULT_LIMIT, VAULT_RULES } from '../vault-abi.js';

/*
 * What of each contract a history is read from, beside what clients use. test/chain/history/history-events.test.ts compares it with the
 * compiled contracts.
 */

const VENUE = REGISTRY_INTERFACE.getFunction('venue')?.outputs[0]?.format('full') ?? '';
const SNAPSHOT = REGISTRY_INTERFACE.getFunction('lastSnapshot')?.outputs[0]?.format('full') ?? '';

export const REGISTRY_HISTORY = new Interface([
  ...REGISTRY_ABI.filter((line) => !line.startsWith('error')),
  'function pendingVenueAdmin(uint256 venueId) view returns (address)',
  `event VenueRegistered(uint256 indexed venueId, uint256 base, ${VENUE} config)`,
  'event VenueAdminTransferStarted(uint256 indexed venueId, address indexed from, address indexed to)',
  'event VenueAdminTransferred(uint256 indexed venueId, address indexed from, address indexed to)',
  'event OperatorChanged(uint256 indexed venueId, address indexed from, address indexed to)',
  'event ParameterAdminChanged(uint256 indexed venueId, address indexed from, address indexed to)',
  'event SettlementAssetRegistered(uint256 indexed venueId, uint256 indexed index, address token, uint128 unitsPerQuantum)',
  `event SnapshotOpened(uint256 indexed venueId, uint64 indexed epoch, ${SNAPSHOT} snapshot)`,
  'error UnknownVenue(uint256 venueId)',
  'error UnknownEpoch(uint256 venueId, uint256 epoch)',
]);

const TIMELOCK: readonly string[] = [
  'function MIN_TIMELOCK() view returns (uint256)',
  'event ChangeProposed(uint256 indexed venueId, uint8 indexed kind, bytes32 digest, uint64 readyAt)',
  'event ChangeCancelled(uint256 indexed venueId, uint8 indexed kind, bytes32 digest)',
];

export const PRICE_BOARD_HISTORY = new Interface([
  ...PRICE_BOARD_ABI.filter((line) => !line.startsWith('error')),
  ...TIMELOCK,
  `event RulesProposed(uint256 indexed venueId, ${PRICE_RULES} rules)`,
  `event RulesActivated(uint256 indexed venueId, ${PRICE_RULES} rules)`,
  `event FeedsProposed(uint256 indexed venueId, uint256 first, ${FEED}[] feeds)`,
  `event FeedActivated(uint256 indexed venueId, uint256 indexed feed, ${FEED} config)`,
]);

const PARAMETERS = 'tuple(int16[] moves, uint256[] words)';

export const MARKET_BOARD_HISTORY = new Interface([
  ...MARKET_BOARD_ABI.filter((line) => !line.startsWith('error')),
  ...TIMELOCK,
  'function PRICES() view returns (address)',
  `event RulesProposed(uint256 indexed venueId, ${TABLE_RULES} rules)`,
  `event RulesActivated(uint256 indexed venueId, ${TABLE_RULES} rules)`,
  `event InstrumentsProposed(uint256 indexed venueId, ${LISTING}[] listings)`,
  `event InstrumentListed(uint256 indexed venueId, uint256 indexed index, uint248 digest, ${LISTING} listing)`,
  `event ParametersProposed(uint256 indexed venueId, bytes32 digest, ${PARAMETERS} parameters)`,
  'event ParametersActivated(uint256 indexed venueId, bytes32 digest)',
]);

export const STATED_MARKETS_HISTORY = new Interface([
  `event MarketStated(uint256 indexed venueId, uint256 indexed commitment, ${MARKET} market)`,
]);

export const VAULT_HISTORY = new Interface([
  ...VAULT_ABI.filter((line) => !line.startsWith('error')),
  ...TIMELOCK,
  `event RulesChanged(uint256 indexed venueId, ${VAULT_RULES} rules)`,
  `event LimitsChanged(uint256 indexed venueId, ${VAULT_LIMIT}[] limits)`,
  'event PauseChanged(uint256 indexed venueId, bool paused)',
  'event ClearingHouseChanged(uint256 indexed venueId, address clearingHouse)',
  'event FundDeposited(uint256 indexed venueId, address indexed from, uint256 received)',
  'event FundWithdrawn(uint256 indexed venueId, address indexed to, uint256 amount)',
  'event PaidOut(uint256 indexed venueId, uint256 indexed nullifier, uint256 asset, uint256 amount, address recipient)',
  'event MovedToCleared(uint256 indexed venueId, uint256 indexed nullifier, uint256 asset, uint256 amount, bytes32 handle)',
  'event ClearedPaidOut(uint256 indexed venueId, uint256 asset, uint256 amount, address recipient)',
  'event HatchOpened(uint256 indexed venueId, uint64 baseEpoch, uint64 roundClosesAt)',
]);

export const RESERVES_HISTORY = new Interface([
  'function limits(uint256 venueId, uint256 count) view returns (tuple(uint128 maxDeposits, uint128 maxLoans)[])',
  'function state(uint256 venueId) view returns (uint8)',
]);

export const ESCROW_HISTORY = new Interface([
  'function reservesOf(uint256 venueId, address token) view returns (uint256)',
  'function fundOf(uint256 venueId, address token) view returns (uint256)',
  'event ReservesDeposited(uint256 indexed venueId, address indexed token, address indexed from, uint256 received)',
  'event ReservesWithdrawn(uint256 indexed venueId, address indexed token, address indexed to, uint256 amount)',
  'event FundDeposited(uint256 indexed venueId, address indexed token, address indexed from, uint256 received)',
  'event FundWithdrawn(uint256 indexed venueId, address indexed token, address indexed to, uint256 amount)',
]);

const RECEIPT =
  'tuple(uint256 venueId, uint256 balance, bytes32 account, address signer, uint64 sequence, uint64 issuedAt, uint64 validUntil)';

export const DISPUTES_HISTORY = new Interface([
  'function CHALLENGE_WINDOW() view returns (uint64)',
  'function ANSWER_WINDOW() view returns (uint64)',
  'function BOND() view returns (uint256)',
  'function disputedSince(uint256 venueId) view returns (uint64)',
  `function challengeAt(uint256 challengeId) view returns (tuple(${RECEIPT} receipt, uint64 epoch, uint64 challengedAt, uint8 status, bool bondReclaimed, address challenger))`,
  'event ReceiptSignerNamed(uint256 indexed venueId, address indexed signer)',
  'event ReceiptSignerRetired(uint256 indexed venueId, address indexed signer, uint64 retiredAt)',
  `event EpochChallenged(uint256 indexed venueId, uint256 indexed challengeId, uint64 indexed epoch, address challenger, ${RECEIPT} receipt, uint64 answerBy)`,
  'event ChallengeAnswered(uint256 indexed venueId, uint256 indexed challengeId, bytes32 how)',
  'event EpochDisputed(uint256 indexed venueId, uint256 indexed challengeId, uint64 indexed epoch)',
  'event ChallengeCured(uint256 indexed venueId, uint256 indexed challengeId, bytes32 how)',
]);

export const TOKEN_HISTORY = new Interface([
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function balanceOf(address account) view returns (uint256)',
]);
