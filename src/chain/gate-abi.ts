import { Interface } from 'ethers';

const PROOF = 'tuple(uint256[2] a, uint256[2][2] b, uint256[2] c) proof';
export const MARGIN_CLAIM = `tuple(uint256 circuitId, uint64 epoch, uint256 marketCommitment, uint256 nullifier, uint256 nullifierNext, ${PROOF})`;
export const SIGNER_CLAIM =
  `tuple(uint256 circuitId, uint64 epoch, uint256 nullifier, uint64 laterEpoch, uint256 laterNullifier, address signer, ${PROOF})`;
export const EXIT_CLAIM = `tuple(uint256 circuitId, uint256 equity, address recipient, uint256 nullifier, ${PROOF})`;
export const MARK_CLAIM = `tuple(uint256 circuitId, uint16 row, uint64 mark, ${PROOF})`;
export const ACCOUNT_TERMS = 'tuple(bool healthy, bool held, bool withdraws, bool unmargined, uint80 payload, uint128 context)';
export const ACCOUNT_FRAME = 'tuple(uint256 value, address verifier, uint64 marketTime, uint8 level)';

/**
 * SolvencyGate, and every error it can raise. Written out, so that a browser needs no build artefact;
 * test/chain/vault-abi.test.ts compares it with the compiled contract.
 */
export const GATE_ABI: readonly string[] = [
  'function mode(uint256 venueId) view returns (uint8)',
  `function requireMargin(uint256 venueId, ${MARGIN_CLAIM} claim, uint8 level, uint256 maxTableAge, bytes32 action) view returns (uint256 account)`,
  'function recordFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment) returns (uint256)',
  `function frameOf(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment) view returns (${ACCOUNT_FRAME})`,
  `function checkMargin(uint256 venueId, ${MARGIN_CLAIM} claim, ${ACCOUNT_TERMS} terms) view returns (${ACCOUNT_FRAME})`,
  `function checkExit(uint256 venueId, uint64 epoch, ${EXIT_CLAIM} claim) view`,
  `function checkSigner(uint256 venueId, ${SIGNER_CLAIM} claim) view`,
  `function checkMark(uint256 venueId, uint256 marketCommitment, ${MARK_CLAIM} claim) view`,
  'function scopeOf(address consumer) pure returns (uint80)',
  'function contextOf(address consumer, bytes32 action) pure returns (uint128)',
  'event FrameRecorded(uint256 indexed venueId, uint64 indexed epoch, uint256 indexed marketCommitment, uint256 circuitId, uint256 frame)',
  'error EpochOutOfRange(uint256 epoch)',
  'error ExitProofRejected()',
  'error MarginProofRejected()',
  'error MarkOutOfRange(uint256 mark)',
  'error MarkProofRejected()',
  'error NoCode(bytes32 what, address account)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotAnAccountCircuit(uint256 circuitId)',
  'error NotLatestEpoch(uint256 venueId, uint256 got, uint256 latest)',
  'error OutOfGas()',
  'error SignerProofRejected()',
  'error StringsInsufficientHexLength(uint256 value, uint256 length)',
  'error TableTooOld(uint256 age, uint256 maxAge)',
  'error UnknownTable(uint256 venueId, uint256 marketCommitment)',
  // The registry's, which the gate asks for the verifier.
  'error CircuitIsRetired(uint256 circuitId)',
  'error WrongCircuit(uint256 circuitId, uint8 got, uint8 expected)',
  'error WrongMarginLevel(uint8 got, uint8 wanted)',
];

export const GATE_INTERFACE = new Interface(GATE_ABI);
