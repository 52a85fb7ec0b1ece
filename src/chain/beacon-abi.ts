import { Interface } from 'ethers';

/**
 * SolvencyBeacon, and every error it can raise. Written out, so that a browser needs no build artefact;
 * test/chain/mirror-abi.test.ts compares it with the compiled contract.
 */
export const BEACON_ABI: readonly string[] = [
  'function GATE() view returns (address)',
  'function REGISTRY() view returns (address)',
  'function isMade(bytes32 payloadHash) view returns (bool)',
  'function makeEpoch(uint256 venueId) returns (bytes payload)',
  'function makeStanding(uint256 venueId) returns (bytes payload)',
  'function makeTable(uint256 venueId, uint256 marketCommitment) returns (bytes payload)',
  'function relay(bytes payload, address gateway, bytes recipient) payable returns (bytes32 sendId)',
  'function sequenceOf(uint256 venueId) view returns (uint64)',
  'event MessageMade(uint256 indexed venueId, uint64 indexed sequence, bytes32 indexed payloadHash, bytes payload)',
  'event MessageRelayed(bytes32 indexed payloadHash, address indexed gateway, bytes recipient, bytes32 sendId)',
  'error GateOfAnotherRegistry(address gate, address registry)',
  'error NoCode(bytes32 what, address account)',
  'error NotAFieldElement(bytes32 name, uint256 value)',
  'error NotMadeHere(bytes32 payloadHash)',
  'error NothingAccepted(uint256 venueId)',
  'error ReentrancyGuardReentrantCall()',
  'error TableNotAccepted(uint256 venueId, uint256 marketCommitment)',
];

export const BEACON_INTERFACE = new Interface(BEACON_ABI);
