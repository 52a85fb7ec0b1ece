import { Interface } from 'ethers';

const PROOF = 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c) proof';
const BATCHES = `tuple(uint256 circuitId, ${PROOF}, uint256 accumulatorAfter)[] batches`;
const PARTS = `tuple(uint256 circuitId, ${PROOF}, uint256 tableAfter)[] parts`;
const CLOSE =
  `tuple(uint256 circuitId, ${PROOF}, uint256 accountsRoot, uint256 accountsBound, uint256 unhealthyBound, uint256 shortfall, ` +
  `uint256 tableStart, ${PARTS}) close`;
export const SUBMISSION = `tuple(uint64 epoch, uint256 marketCommitment, uint256 genesisAccumulator, ${BATCHES}, ${CLOSE}, uint256[] words) submission`;
export const RECORD =
  'tuple(uint256 marketCommitment, uint256 genesisAccumulator, uint256 finalAccumulator, uint256 accountsRoot, uint256 accountsBound, ' +
  'uint256 unhealthyBound, uint256 shortfall, bytes32 detailHash, uint64 snapshotTime, uint64 acceptedAt, uint64 acceptedInBlock, bool covered)';
const SNAPSHOT = 'tuple(uint64 epoch, uint64 openedAt, uint256 fund, uint256[] reserves)';
const CIRCUIT = 'tuple(address verifier, uint8 kind, bool developmentKey, uint64 retiredAt, uint8 place, bytes32 verificationKeyHash)';
const CIRCUIT_CONFIG = 'tuple(uint256 circuitId, uint8 kind, address verifier) config';
const PROPOSAL =
  'tuple(address verifier, uint8 kind, bool developmentKey, uint64 readyAt, bytes32 verificationKeyHash, bytes32 codeHash, uint256 replaces)';
const VENUE =
  'tuple(address admin, address operator, address parameterAdmin, address reserves, address markets, address disputes, address fundToken, ' +
  'uint128 valueUnitsPerFundUnit, uint8 valueScale, uint64 staleAfter, uint64 haltAfter, uint64 maxSubmissionAge, uint64 marketTolerance)';
const CIRCUITS = 'tuple(uint256[] batches, uint256[] parts, uint256 close)';
const ASSETS = 'tuple(address token, uint128 unitsPerQuantum)[]';

/**
 * The part of SolvencyRegistry that clients use, and every error it can raise. Written out, so that a browser needs no
 * build artefact; test/chain/registry-abi.test.ts compares it with the compiled contract.
 */
export const REGISTRY_ABI: readonly string[] = [
  'function openSnapshot(uint256 venueId)',
  `function submitEpoch(uint256 venueId, ${SUBMISSION})`,
  `function registerSettlementAssets(uint256 venueId, ${ASSETS} assets)`,
  `function proposeCircuit(${CIRCUIT_CONFIG}, uint256 replaces)`,
  'function addCircuit(uint256 circuitId)',
  'function cancelCircuit(uint256 circuitId)',
  'function retireCircuit(uint256 circuitId)',
  'function cacheDomain(uint256 venueId, uint256 circuitId)',
  'function mode(uint256 venueId) view returns (uint8)',
  'function baseOf(uint256 venueId) view returns (uint256)',
  'function domainOf(uint256 venueId, uint256 circuitId) view returns (uint256)',
  'function circuitIds() view returns (uint256[])',
  `function circuit(uint256 circuitId) view returns (${CIRCUIT})`,
  `function proposalOf(uint256 circuitId) view returns (${PROPOSAL})`,
  'function successorOf(uint256 circuitId) view returns (uint256)',
  'function CIRCUIT_DELAY() view returns (uint64)',
  `function venue(uint256 venueId) view returns (${VENUE})`,
  'function disputesOf(uint256 venueId) view returns (address)',
  'function latestEpoch(uint256 venueId) view returns (uint64)',
  `function epochAt(uint256 venueId, uint64 epoch) view returns (${RECORD})`,
  `function lastSnapshot(uint256 venueId) view returns (${SNAPSHOT})`,
  `function settlementAssets(uint256 venueId) view returns (${ASSETS})`,
  `event EpochAccepted(uint256 indexed venueId, uint64 indexed epoch, uint256 base, ${RECORD} record, uint256[] words, ${CIRCUITS} circuits)`,
  'event CircuitAdded(uint256 indexed circuitId, uint8 kind, address verifier, bytes32 verificationKeyHash, bool developmentKey)',
  'event CircuitProposed(uint256 indexed circuitId, uint8 kind, address verifier, bytes32 verificationKeyHash, bytes32 codeHash, bool developmentKey, uint256 indexed replaces, uint64 readyAt)',
  'event CircuitProposalCancelled(uint256 indexed circuitId)',
  'event CircuitRetired(uint256 indexed circuitId, uint64 retiredAt)',
  'error BatchProofRejected(uint256 index)',
  'error CheckpointLengthMismatch(uint256 got, uint256 expected)',
  'error CircuitIsRetired(uint256 circuitId)',
  'error CircuitNotProposed(uint256 circuitId)',
  'error CircuitNotReady(uint256 readyAt, uint256 now_)',
  'error CircuitProposalExpired(uint256 expiredAt, uint256 now_)',
  'error ClosePartRejected(uint256 index)',
  'error CloseProofRejected()',
  'error DevelopmentKeyRefused(uint256 circuitId, uint256 chainId)',
  'error DuplicateCircuit(uint256 circuitId)',
  'error DuplicateToken(uint256 venueId, address token)',
  'error InvalidCircuitDelay(uint256 got, uint256 least, uint256 most)',
  'error InvalidCircuitKind(uint256 circuitId)',
  'error InvalidUnitsPerQuantum(address token)',
  'error InvalidWindow(bytes32 what, uint256 value)',
  'error KeyRetired(uint256 circuitId, bytes32 verificationKeyHash)',
  'error LimitsLengthMismatch(uint256 got, uint256 expected)',
  'error MarketNotAtMaintenanceLevel(uint256 commitment, uint8 level)',
  'error MarketOutsideTolerance(uint256 marketTime, uint256 snapshotTime, uint256 tolerance)',
  'error NoBatches()',
  'error NoCode(bytes32 what, address account)',
  'error NoSuccessor(uint256 circuitId, uint8 kind)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotOperator(uint256 venueId, address caller)',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error NotPendingVenueAdmin(uint256 venueId, address caller)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error OwnableInvalidOwner(address owner)',
  'error OwnableUnauthorizedAccount(address account)',
  'error PoseidonMismatch(address poseidon, uint256 got, uint256 expected)',
  'error SnapshotMissesAssets(uint256 inSnapshot, uint256 needed)',
  'error SnapshotNotOpened(uint256 venueId, uint256 epoch)',
  'error SnapshotTooOld(uint256 age, uint256 maxAge)',
  'error TableStartWithoutParts(uint256 tableStart)',
  'error TooManyAssets(uint256 venueId, uint256 count, uint256 most)',
  'error TooManyCircuits(uint256 most)',
  'error UnknownAsset(uint256 venueId, uint256 asset)',
  'error UnknownCircuit(uint256 circuitId)',
  'error UnknownEpoch(uint256 venueId, uint256 epoch)',
  'error UnknownMarket(uint256 venueId, uint256 commitment)',
  'error UnknownVenue(uint256 venueId)',
  'error VenueExists(uint256 venueId)',
  'error VerifierChanged(uint256 circuitId, address verifier)',
  'error WordCountMismatch(uint256 got, uint256 expected)',
  'error WordOutOfRange(uint256 index, uint256 word)',
  'error WrongCircuit(uint256 circuitId, uint8 got, uint8 expected)',
  'error WrongEpoch(uint256 got, uint256 expected)',
  'error ZeroAddress(bytes32 what)',
  'error ZeroFundConversion()',
];

export const REGISTRY_INTERFACE = new Interface(REGISTRY_ABI);
