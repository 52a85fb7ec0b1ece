import { Interface } from 'ethers';
import { CLEARING_HOUSE_ABI, TRADE, TRANSITION } from './clearing-abi.js';

const AGREEMENT = `tuple(${TRADE} trade, uint256 bond)`;
const SIDE = 'tuple(address controller, uint64 presentedAt, bool open, bool confirmed, uint256 commitment)';
const STATE = `tuple(bool registered, bool closed, bool met, uint256 bond, ${SIDE} buyer, ${SIDE} seller)`;

/** TradeBonds as clients use it. Written out, so that a browser needs no build artefact; test/chain/trade-bonds-abi.test.ts compares it with the compiled contract. */
export const TRADE_BONDS_ABI: readonly string[] = [
  'function HOUSE() view returns (address)',
  'function RESPONSE_WINDOW() view returns (uint64)',
  'function addBond() payable',
  `function agreementDigest(${AGREEMENT} agreement) view returns (bytes32)`,
  'function bondOf(address account) view returns (uint256)',
  `function cancel(${AGREEMENT} agreement)`,
  `function close(${AGREEMENT} agreement)`,
  `function present(${AGREEMENT} agreement, bool seller, ${TRANSITION} side, bytes receipt)`,
  `function register(${AGREEMENT} agreement, bytes buyerSignature, bytes sellerSignature)`,
  `function stateOf(bytes32 agreement) view returns (${STATE})`,
  'function withdrawBond(uint256 amount)',
  'event AgreementCancelled(bytes32 indexed agreement, address indexed controller)',
  'event AgreementClosed(bytes32 indexed agreement, address toBuyer, uint256 buyerAmount, address toSeller, uint256 sellerAmount)',
  'event AgreementRegistered(bytes32 indexed agreement, uint256 indexed tradeCommitment, uint256 bond)',
  'event BondAdded(address indexed account, uint256 amount)',
  'event BondWithdrawn(address indexed account, uint256 amount)',
  'event PresenceLost(bytes32 indexed agreement, bool seller)',
  'event SettlementRefused(bytes32 indexed agreement, bytes reason)',
  `event SidePresented(bytes32 indexed agreement, bool seller, bool confirmed, ${TRANSITION} side)`,
  'error AgreementKnown(bytes32 agreement)',
  'error AgreementOver(bytes32 agreement)',
  'error AgreementRunning(uint64 expiry, uint256 now_)',
  'error AgreementUnknown(bytes32 agreement)',
  'error BondNotSent(address to)',
  'error BondTooSmall(address account, uint256 free, uint256 bond)',
  'error CancelledBySigner(bytes32 agreement, address controller)',
  'error InvalidShortString()',
  'error NoCode(bytes32 what, address account)',
  'error NotAParty(address caller)',
  'error NotSigned(uint64 handle)',
  'error ReentrancyGuardReentrantCall()',
  'error StringTooLong(string str)',
  'error TooLittleGas()',
  'error TradeFilled(uint256 tradeCommitment)',
];

/** The clearing house refuses sides in its own words. */
export const TRADE_BONDS_INTERFACE = new Interface([...new Set([...TRADE_BONDS_ABI, ...CLEARING_HOUSE_ABI.filter((line) => line.startsWith('error '))])]);
