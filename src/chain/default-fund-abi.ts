import { Interface } from 'ethers';
import { FUND_RULES, TRANCHES } from './liquidation-tuples.js';

/** DefaultFund as clients use it, and every error it can raise. Written out, so that a browser needs no build artefact; test/chain/liquidations-abi.test.ts compares it with the compiled contract. */
export const DEFAULT_FUND_ABI: readonly string[] = [
  'function HOUSE() view returns (address)',
  `function activateRules(uint256 venueId, ${FUND_RULES} rules)`,
  'function activateWithdrawal(uint256 venueId, uint256 asset, uint8 tranche, uint256 amount, address to)',
  'function cancelChange(uint256 venueId, uint8 kind)',
  'function contribute(uint256 venueId, uint256 asset, uint8 tranche, uint256 amount)',
  'function cover(uint256 venueId, uint256 asset) returns (uint256 covered)',
  'function pendingChange(uint256 venueId, uint8 kind) view returns (tuple(bytes32 digest, uint64 readyAt))',
  `function proposeRules(uint256 venueId, ${FUND_RULES} rules)`,
  'function proposeWithdrawal(uint256 venueId, uint256 asset, uint8 tranche, uint256 amount, address to)',
  'function rewardOf(address keeper, address token) view returns (uint256)',
  'function roomOf(uint256 venueId, uint256 asset) view returns (uint256 firstLoss, uint256 insurance, uint256 shared)',
  `function rulesOf(uint256 venueId) view returns (${FUND_RULES})`,
  `function tranchesOf(uint256 venueId, uint256 asset) view returns (${TRANCHES})`,
  'function withdrawReward(address token)',
  'event Contributed(uint256 indexed venueId, uint256 indexed asset, uint8 tranche, address from, uint256 amount)',
  'event Drawn(uint256 indexed venueId, uint256 indexed asset, uint256 firstLoss, uint256 insurance, uint256 shared)',
  `event FundRulesActivated(uint256 indexed venueId, ${FUND_RULES} rules)`,
  'event LossShared(uint256 indexed venueId, uint256 indexed asset, uint256 amount, uint256 paid)',
  'event PenaltyTaken(uint256 indexed venueId, uint256 indexed asset, uint256 amount, address keeper, uint256 keeperPart)',
  'event RewardWithdrawn(address indexed keeper, address indexed token, uint256 amount)',
  'event ShortfallCovered(uint256 indexed venueId, uint256 indexed asset, uint256 amount)',
  'event SubsidyPaid(uint256 indexed venueId, uint256 indexed asset, uint256 amount, address to)',
  'event Withdrawn(uint256 indexed venueId, uint256 indexed asset, uint8 tranche, uint256 amount, address to)',
  'error AccountsForSale(uint256 venueId, uint256 count)',
  'error BalanceFell(address token, uint256 before, uint256 afterwards)',
  'error BoundReached(uint256 venueId, uint256 asset, uint256 missing)',
  'error ChangeExpired(uint256 expiredAt, uint256 now_)',
  'error InvalidRules(bytes32 what, uint256 value)',
  'error NoCode(bytes32 what, address account)',
  'error NoRecipient()',
  'error NoReward(address keeper, address token)',
  'error NoRules(uint256 venueId)',
  'error NotLiquidations(uint256 venueId, address caller)',
  'error NotParameterAdmin(uint256 venueId, address caller)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error NotWhatWasProposed(uint8 kind, bytes32 got, bytes32 proposed)',
  'error NothingPending(uint256 venueId, uint8 kind)',
  'error NothingReceived(address token, uint256 asked)',
  'error NothingSent()',
  'error ReentrancyGuardReentrantCall()',
  'error SafeERC20FailedOperation(address token)',
  'error ShortfallStands(uint256 venueId, uint256 asset, uint256 shortfall)',
  'error TimelockRunning(uint256 readyAt, uint256 now_)',
  'error TokenTookAFee(uint256 received, uint256 wanted)',
  'error TrancheTooSmall(uint256 held, uint256 wanted)',
  'error ZeroTimelock()',
];

/** What registry and vault say when the fund asks them, or the clearing house when it covers the ledger. */
const RAISED_BY_OTHERS: readonly string[] = [
  'error DepositLimitReached(uint256 venueId, uint256 asset, uint256 limit, uint256 balance)',
  'error TokenNotAllowed(address token)',
  'error UnknownAsset(uint256 venueId, uint256 asset)',
  'error UnknownVenue(uint256 venueId)',
  'error VenueClosed(uint256 venueId)',
  'error VenuePaused(uint256 venueId)',
];

export const DEFAULT_FUND_INTERFACE = new Interface([...DEFAULT_FUND_ABI, ...RAISED_BY_OTHERS]);
