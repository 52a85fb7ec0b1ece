import { Interface } from 'ethers';

const PROOF = 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c)';
export const TRANSITION =
  `tuple(uint256 circuitId, uint256 marketCommitment, uint256 newCommitment, bool reducing, bool unmargined, bool owned, ${PROOF} proof)`;
const COLLATERAL = 'tuple(uint16 inRow, uint64 inAmount, uint16 outRow, uint64 outAmount, address recipient, bytes32 beneficiary, uint64 deadline)';
const TRANSFER = 'tuple(uint64 from, uint64 to, uint16 row, uint64 amount, uint64 deadline)';
export const TRADE = 'tuple(uint64 buyer, uint64 seller, uint64 expiry, uint256 commitment)';
const SETTLEMENT = `tuple(${TRADE} trade, ${TRANSITION} buyerSide, ${TRANSITION} sellerSide)`;

/**
 * ClearingHouse as clients use it, with all that an explorer shows of it: calls, events, and every error it can raise. Written out, so that a
 * browser needs no build artefact; test/chain/clearing-abi.test.ts compares it with the compiled contract.
 */
export const CLEARING_HOUSE_ABI: readonly string[] = [
  'function BATCH() view returns (address)',
  'function REGISTRY() view returns (address)',
  'function TERMS() view returns (address)',
  'function accountOf(uint64 handle) view returns (tuple(uint256 commitment, address controller, uint64 venueId))',
  `function adjust(uint64 handle, ${COLLATERAL} collateral, ${TRANSITION} transition, bytes receipt)`,
  `function checkSide(${TRADE} trade, bool seller, ${TRANSITION} side) view`,
  `function collateralContext(uint64 handle, address controller, address payer, ${COLLATERAL} collateral) view returns (uint128)`,
  'function coverLedger(uint256 venueId, uint256 asset, uint256 amount)',
  'function creditOf(uint64 handle, uint256 asset) view returns (uint256)',
  'function frameOf(uint256 venueId, uint256 circuitId, uint256 marketCommitment) view returns (uint256)',
  'function handles() view returns (uint64)',
  'function isFilled(uint256 tradeCommitment) view returns (bool)',
  `function open(uint256 venueId, address controller, ${COLLATERAL} collateral, ${TRANSITION} transition) returns (uint64 handle)`,
  `function payIn(uint64 handle, uint16 row, uint64 quanta, ${TRANSITION} transition, uint256 covered)`,
  'function recordFrame(uint256 venueId, uint256 circuitId, uint256 marketCommitment) returns (uint256)',
  'function setController(uint64 handle, address controller)',
  `function settle(${SETTLEMENT} settlement, bytes receipt)`,
  `function settleBatch(${SETTLEMENT}[] settlements, bytes receipt)`,
  `function settleExpiry(uint64 handle, uint16 row, ${TRANSITION} transition, bytes receipt)`,
  `function settleFunding(uint64 handle, uint32 fromPeriod, ${TRANSITION} transition, bytes receipt)`,
  `function transfer(${TRANSFER} moved, ${TRANSITION} fromSide, ${TRANSITION} toSide, bytes receipt)`,
  `function transferContext(${TRANSFER} moved) view returns (uint128)`,
  'event AccountChanged(uint64 indexed handle, uint256 oldCommitment, uint256 newCommitment, uint256 marketCommitment, uint256 terms, uint256 delta)',
  'event AccountOpened(uint256 indexed venueId, uint64 indexed handle, address controller)',
  'event CollateralIn(uint64 indexed handle, uint256 indexed asset, uint256 amount)',
  'event CollateralMoved(uint64 indexed from, uint64 indexed to, uint256 indexed asset, uint256 amount)',
  'event CollateralOut(uint64 indexed handle, uint256 indexed asset, uint256 amount, address recipient)',
  'event ControllerChanged(uint64 indexed handle, address controller)',
  'event CreditReceived(uint64 indexed handle, uint256 indexed asset, uint256 amount)',
  'event FrameRecorded(uint256 indexed venueId, uint256 indexed marketCommitment, uint256 circuitId, uint256 frame)',
  'event LedgerCovered(uint256 indexed venueId, uint256 indexed asset, uint256 amount, address from)',
  'event TradeSettled(uint256 indexed venueId, uint64 indexed buyer, uint64 indexed seller, uint256 tradeCommitment)',
  'error AccountFrozen(uint64 handle)',
  'error AccountNotFrozen(uint64 handle)',
  'error ClearingTableTooOld(uint256 age, uint256 maxAge)',
  'error CoveredTooMuch(uint256 covered, uint256 worth)',
  'error DeadlineMissed(uint64 deadline, uint256 now_)',
  'error ExpiryOutOfRange(uint64 expiry)',
  'error NewRiskStopped(uint256 venueId)',
  'error NoCode(bytes32 what, address account)',
  'error NotATransitionCircuit(uint256 circuitId)',
  'error NotController(uint64 handle, address caller)',
  'error NotInWholeQuanta(uint256 asset, uint256 received, uint256 wanted)',
  'error NotLiquidations(uint256 venueId, address caller)',
  'error NotTheVault(address caller)',
  'error NothingMoves()',
  'error NothingToTakeOut()',
  'error OpeningsNotSigned(uint256 venueId)',
  'error OtherVenue(uint64 handle, uint256 got, uint256 expected)',
  'error OwnerMissing(uint64 handle)',
  'error PartOfAnotherRegistry(address part)',
  'error SelfMatch(uint64 handle)',
  'error SidesUnderTwoTables(uint256 buyer, uint256 seller)',
  'error TableNotAccepted(uint256 venueId, uint256 marketCommitment)',
  'error TableNotInitialLevel(uint256 marketCommitment)',
  'error TradeExpired(uint64 expiry, uint256 now_)',
  'error TradeFilled(uint256 tradeCommitment)',
  'error TransitionRejected()',
  'error UnknownHandle(uint64 handle)',
  'error VenueHalted(uint256 venueId)',
  'error VenueOutOfRange(uint256 venueId)',
  'error ZeroController()',
];

/** What libraries of the clearing house raise, and those it asks: terms, registry, proof batch, vault and its tokens. */
const RAISED_BY_OTHERS: readonly string[] = [
  'error AddressEmptyCode(address target)',
  'error BalanceFell(address token, uint256 before, uint256 afterwards)',
  'error CircuitIsRetired(uint256 circuitId)',
  'error DepositLimitReached(uint256 venueId, uint256 asset, uint256 limit, uint256 balance)',
  'error ECDSAInvalidSignature()',
  'error ECDSAInvalidSignatureLength(uint256 length)',
  'error ECDSAInvalidSignatureS(bytes32 s)',
  'error ExpiryNotListed(uint256 venueId, uint16 row)',
  'error FailedCall()',
  'error FundingPeriodUnknown(uint32 period, uint32 current)',
  'error InvalidShortString()',
  'error LedgerTooSmall(uint256 venueId, uint256 asset, uint256 free, uint256 asked)',
  'error NoRules(uint256 venueId)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotASettlementRow(uint256 venueId, uint256 row)',
  'error NotClearingHouse(uint256 venueId, address caller)',
  'error NothingReceived(address token, uint256 asked)',
  'error ReentrancyGuardReentrantCall()',
  'error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)',
  'error SafeERC20FailedOperation(address token)',
  'error SettlementNotRecorded(uint256 venueId, uint16 row)',
  'error SignalCount(uint256 got, uint256 expected)',
  'error StringTooLong(string str)',
  'error TokenNotAllowed(address token)',
  'error UnknownAsset(uint256 venueId, uint256 asset)',
  'error UnknownKey(bytes32 keyHash)',
  'error UnknownVenue(uint256 venueId)',
  'error VenueClosed(uint256 venueId)',
  'error VenuePaused(uint256 venueId)',
  'error ZeroAmount()',
];

export const CLEARING_HOUSE_INTERFACE = new Interface([...CLEARING_HOUSE_ABI, ...RAISED_BY_OTHERS]);
