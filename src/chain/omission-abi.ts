import { Interface } from 'ethers';

const PROOF = 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c) proof';
const RECEIPT =
  'tuple(uint256 venueId, uint256 balance, bytes32 account, address signer, uint64 sequence, uint64 issuedAt, uint64 validUntil) receipt';
const ORDER = 'tuple(uint256 venueId, bytes32 account, uint64 sequence, uint64 orderedAt, bytes32 orderDigest) order';
const CLAIM = `tuple(uint256 circuitId, ${PROOF}) claim`;
const CHALLENGE = `tuple(${RECEIPT}, uint64 epoch, uint64 challengedAt, uint8 status, bool bondReclaimed, address challenger)`;

/**
 * The part of OmissionChallenges that clients use, and every error it can raise. Written out, so that a browser needs no build
 * artefact; test/chain/omission-abi.test.ts compares it with the compiled contract.
 */
export const OMISSION_ABI: readonly string[] = [
  'function ANSWER_WINDOW() view returns (uint64)',
  'function BOND() view returns (uint256)',
  'function CHALLENGE_WINDOW() view returns (uint64)',
  'function REGISTRY() view returns (address)',
  `function answerWithInclusion(uint256 challengeId, ${CLAIM})`,
  `function answerWithOrder(uint256 challengeId, ${ORDER}, bytes signature)`,
  'function answerWithRequest(uint256 challengeId, uint256 requestId)',
  `function challenge(uint64 epoch, ${RECEIPT}, address receiptSigner, bytes signature) payable returns (uint256 challengeId)`,
  `function challengeAt(uint256 challengeId) view returns (${CHALLENGE})`,
  `function challengeIdOf(uint64 epoch, ${RECEIPT}) view returns (uint256)`,
  'function disputedSince(uint256 venueId) view returns (uint64)',
  'function isContested(uint256 venueId, uint64 epoch) view returns (bool)',
  'function isReceiptSigner(uint256 venueId, address signer, uint64 issuedAt) view returns (bool)',
  'function nameReceiptSigner(uint256 venueId, address signer)',
  'function reclaimBond(uint256 challengeId)',
  'function retireReceiptSigner(uint256 venueId, address signer)',
  'function settle(uint256 challengeId)',
  'function settlementWindow() view returns (uint256)',
  `event EpochChallenged(uint256 indexed venueId, uint256 indexed challengeId, uint64 indexed epoch, address challenger, ${RECEIPT}, uint64 answerBy)`,
  'event ChallengeAnswered(uint256 indexed venueId, uint256 indexed challengeId, bytes32 how)',
  'event ChallengeCured(uint256 indexed venueId, uint256 indexed challengeId, bytes32 how)',
  'error AnswerStillDue(uint256 answerBy, uint256 now_)',
  'error AnswerTooLate(uint256 answerBy, uint256 now_)',
  'error BondNotReclaimable(uint256 challengeId)',
  'error ChallengeExists(uint256 challengeId)',
  'error ChallengeTooLate(uint256 venueId, uint256 epoch)',
  'error FailedCall()',
  'error InclusionProofRejected()',
  'error InsufficientBalance(uint256 balance, uint256 needed)',
  'error InvalidShortString()',
  'error NoCode(bytes32 what, address account)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotDisputesOfVenue(uint256 venueId, address disputes)',
  'error NotOperator(uint256 venueId, address caller)',
  'error NotReceiptSigner(uint256 venueId, address signer, uint64 issuedAt)',
  'error NotVenueAdmin(uint256 venueId, address caller)',
  'error OrderNotLater(uint64 sequence, uint64 counted)',
  'error OrderNotSignedBy(address signer)',
  'error OrderOfAnotherAccount(bytes32 got, bytes32 wanted)',
  'error OrderOfAnotherVenue(uint256 got, uint256 wanted)',
  'error OrderOutsideTime(uint64 orderedAt, uint64 issuedAt, uint64 snapshotTime)',
  'error ReceiptNotOfSnapshot(uint256 snapshotTime, uint64 issuedAt, uint64 validUntil)',
  'error ReceiptNotSigned(address signer)',
  'error ReentrancyGuardReentrantCall()',
  'error RequestDoesNotAnswer(uint256 requestId)',
  'error SignerNamedBefore(uint256 venueId, address signer)',
  'error StringTooLong(string str)',
  'error WrongChallengeBond(uint256 got, uint256 wanted)',
  'error WrongChallengeStatus(uint256 challengeId, uint8 status)',
  'error ZeroWindow(bytes32 what)',
];

/** What the registry says when the contract asks it. */
const ASKED: readonly string[] = [
  'error UnknownEpoch(uint256 venueId, uint256 epoch)', 'error UnknownVenue(uint256 venueId)', 'error WrongCircuit(uint256 circuitId, uint8 got, uint8 expected)',
];

export const OMISSION_INTERFACE = new Interface([...new Set([...OMISSION_ABI, ...ASKED])]);
