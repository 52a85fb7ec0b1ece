import { Interface } from 'ethers';
import { ACCOUNT_FRAME, ACCOUNT_TERMS, MARGIN_CLAIM } from './gate-abi.js';
import { RECORD, SUBMISSION } from './registry-abi.js';

const CIRCUIT = 'tuple(uint256 circuitId, uint8 kind, uint8 place, bytes32 verificationKeyHash)';
const GATEWAY_SET = 'tuple(address[] gateways, uint8 threshold) set';
const TABLE = 'tuple(uint8 level, uint64 snapshotTime, uint32 settlementAssets)';
const VENUE =
  'tuple(uint64 epoch, uint64 homeEpoch, uint64 sequence, uint64 standingAt, uint64 openedAt, uint64 staleAfter, uint64 haltAfter, uint8 mode, ' +
  'bool conflict, uint256 retired)';
const RULES = 'tuple(uint64 standingStaleAfter, uint64 standingHaltAfter, uint64 minOpening)';
const FACTS =
  'tuple(uint256 fund, uint128 valueUnitsPerFundUnit, uint256[] reserves, uint128[] unitsPerQuantum, tuple(uint128 maxDeposits, uint128 maxLoans)[] limits)';

/**
 * SolvencyMirror, and every error it can raise. Written out, so that a browser needs no build artefact;
 * test/chain/mirror-abi.test.ts compares it with the compiled contract, as the next.
 */
export const MIRROR_ABI: readonly string[] = [
  'function ADMIN() view returns (address)',
  'function BEACON() view returns (address)',
  'function GATEWAY_DELAY() view returns (uint64)',
  'function HOME_CHAIN_ID() view returns (uint256)',
  'function HOME_REGISTRY() view returns (address)',
  'function MAX_SKEW() view returns (uint64)',
  'function PROOFS() view returns (address)',
  `function activateCircuit(${CIRCUIT} circuit)`,
  `function activateGateways(bytes32 source, ${GATEWAY_SET})`,
  'function cancelGateways(bytes32 source)',
  `function checkMargin(uint256 venueId, ${MARGIN_CLAIM} claim, ${ACCOUNT_TERMS} terms) view returns (${ACCOUNT_FRAME})`,
  `function circuitOf(uint256 circuitId) view returns (${CIRCUIT})`,
  'function contextOf(address consumer, bytes32 action) view returns (uint128)',
  'function domainOf(uint256 venueId, uint256 circuitId) view returns (uint256)',
  `function epochAt(uint256 venueId, uint64 epoch) view returns (${RECORD})`,
  `function gatewaysOf(bytes32 source) view returns (${GATEWAY_SET}, uint32 version)`,
  'function isUsable(uint256 venueId, uint64 epoch) view returns (bool)',
  'function latestEpoch(uint256 venueId) view returns (uint64)',
  'function mode(uint256 venueId) view returns (uint8)',
  `function proposeCircuit(${CIRCUIT} circuit)`,
  `function proposeGateways(bytes32 source, ${GATEWAY_SET})`,
  'function receiveMessage(bytes32 receiveId, bytes sender, bytes payload) payable returns (bytes4)',
  'function recordFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment) returns (uint256 frame)',
  `function requireMargin(uint256 venueId, ${MARGIN_CLAIM} claim, uint8 level, uint256 maxTableAge, bytes32 action) view returns (uint256 account)`,
  `function rules() view returns (${RULES})`,
  'function scopeOf(address consumer) view returns (uint80)',
  `function tableOf(uint256 venueId, uint256 marketCommitment) view returns (${TABLE})`,
  `function venueOf(uint256 venueId) view returns (${VENUE})`,
  'function votesOf(bytes32 source, bytes32 payloadHash) view returns (uint256 votes, bool taken)',
  `event CircuitAdded(${CIRCUIT} circuit)`,
  `event CircuitProposed(${CIRCUIT} circuit, uint64 readyAt)`,
  'event DuplicateDelivery(bytes32 indexed source, bytes32 indexed payloadHash, address indexed gateway)',
  'event EpochConflict(uint256 indexed venueId, uint64 indexed epoch, uint256 accountsRoot, uint256 otherRoot)',
  'event EpochGap(uint256 indexed venueId, uint64 from, uint64 to)',
  `event EpochMirrored(uint256 indexed venueId, uint64 indexed epoch, uint64 sequence, ${RECORD} record)`,
  'event FrameRecorded(uint256 indexed venueId, uint64 indexed epoch, uint256 marketCommitment, uint256 circuitId, uint256 frame)',
  'event GatewayProposalCancelled(bytes32 indexed source)',
  `event GatewaysChanged(bytes32 indexed source, ${GATEWAY_SET}, uint32 version)`,
  `event GatewaysProposed(bytes32 indexed source, ${GATEWAY_SET}, uint64 readyAt)`,
  'event MessageDelivered(bytes32 indexed source, bytes32 indexed payloadHash, address indexed gateway, uint256 votes)',
  'event MessageSuperseded(uint256 indexed venueId, uint64 sequence, uint64 by)',
  'event MessageTaken(bytes32 indexed source, bytes32 indexed payloadHash)',
  'event StandingMirrored(uint256 indexed venueId, uint64 sequence, uint64 sentAt, uint8 mode, uint256 retired)',
  `event TableMirrored(uint256 indexed venueId, uint256 indexed marketCommitment, ${TABLE} table)`,
  'error CircuitKnown(uint256 circuitId, uint8 place)',
  'error CircuitNotProposed(uint256 circuitId)',
  'error CircuitNotReady(uint256 readyAt, uint256 now_)',
  'error CircuitProposalExpired(uint256 expiredAt, uint256 now_)',
  'error CircuitRetired(uint256 circuitId)',
  'error DuplicateGateway(address gateway)',
  'error ERC7786RecipientUnauthorizedGateway(address gateway, bytes sender)',
  'error EnvelopeMismatch(bytes32 what)',
  'error EpochRegressed(uint256 venueId, uint64 epoch, uint64 latest)',
  'error FromTheFuture(uint256 sentAt, uint256 now_)',
  'error GatewayProposalExpired(uint256 expiredAt, uint256 now_)',
  'error GatewayWithoutCode(address gateway)',
  'error GatewaysNotProposed(bytes32 source)',
  'error GatewaysNotReady(uint256 readyAt, uint256 now_)',
  'error InvalidCircuit(uint256 circuitId)',
  'error InvalidGatewayDelay(uint256 got, uint256 least, uint256 most)',
  'error InvalidGatewaySet(uint256 gateways, uint256 threshold)',
  'error InvalidMirrorRules()',
  'error KindRefused(uint8 kind)',
  'error LaterThanItsMessage(uint64 snapshotTime, uint64 sentAt)',
  'error MarginProofRejected()',
  'error NoCode(bytes32 what, address account)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotAnAccountCircuit(uint256 circuitId)',
  'error NotCanonical(bytes32 payloadHash)',
  'error NotInboxAdmin(address caller)',
  'error NotLatestEpoch(uint256 venueId, uint256 got, uint256 latest)',
  'error NotTheProposedCircuit(uint256 circuitId)',
  'error NotTheProposedGateways(bytes32 source)',
  'error OpeningTooSoon(uint256 venueId, uint256 nextAt)',
  'error OutOfGas()',
  'error PoseidonMismatch(address poseidon, uint256 got, uint256 expected)',
  'error ReentrancyGuardReentrantCall()',
  'error TableChanged(uint256 venueId, uint256 marketCommitment)',
  'error TableTooOld(uint256 age, uint256 maxAge)',
  'error UnknownCircuit(uint256 circuitId, uint8 kind)',
  'error UnknownMirroredEpoch(uint256 venueId, uint64 epoch)',
  'error UnknownSource(bytes32 source)',
  'error UnknownTable(uint256 venueId, uint256 marketCommitment)',
  'error UnknownVersion(uint16 version)',
  'error ValueRefused()',
  'error WrongMarginLevel(uint8 got, uint8 wanted)',
];

/** What ProvenSolvencyMirror has besides, and what the contract that checks proofs for it answers. */
export const PROVEN_MIRROR_ABI: readonly string[] = [
  'function EPOCH_PROOFS() view returns (address)',
  'function isProvenCovered(uint256 venueId, uint64 epoch) view returns (bool)',
  `function proveEpoch(uint256 venueId, ${SUBMISSION}, ${FACTS})`,
  'function provenEpoch(uint256 venueId) view returns (uint64)',
  `event CoverageFactsHeard(uint256 indexed venueId, uint64 indexed epoch, ${FACTS} facts)`,
  'event EpochProven(uint256 indexed venueId, uint64 indexed epoch, bool covered)',
  'error AddressEmptyCode(address target)',
  'error EpochProofsRejected(uint256 circuitId)',
  'error FailedCall()',
  'error InsufficientBalance(uint256 balance, uint256 needed)',
  'error MarketNotAtMaintenanceLevel(uint256 commitment, uint8 level)',
  'error NoBatches()',
  'error NoCoverageFacts(uint256 venueId, uint64 epoch)',
  'error NotTheMirroredEpoch(bytes32 what)',
  'error ProvenBefore(uint256 venueId, uint64 epoch)',
  'error TableStartWithoutParts(uint256 tableStart)',
  'error WordCountMismatch(uint256 got, uint256 expected)',
  'error WordOutOfRange(uint256 index, uint256 word)',
];

/** A mirror of either kind: what a plain one lacks it answers by reverting. */
export const MIRROR_INTERFACE = new Interface([...MIRROR_ABI, ...PROVEN_MIRROR_ABI]);
