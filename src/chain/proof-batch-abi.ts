import { Interface } from 'ethers';

/**
 * ProofBatch, and every error it can raise. Written out, so that a browser needs no build artefact; test/chain/proof-batch.test.ts
 * compares it with the compiled contract.
 */
export const PROOF_BATCH_ABI: readonly string[] = [
  'function addKey(uint256[] words) returns (bytes32 keyHash)',
  'function signalsOf(bytes32 keyHash) view returns (uint256)',
  'function verify(bytes32 keyHash, tuple(uint256[2] a, uint256[2][2] b, uint256[2] c)[] proofs, uint256[][] signals) view returns (bool)',
  'event KeyAdded(bytes32 indexed keyHash, uint256 signals)',
  'error KeyLength(uint256 words)',
  'error NoProofs()',
  'error SignalCount(uint256 got, uint256 expected)',
  'error SignalSets(uint256 got, uint256 proofs)',
  'error UnknownKey(bytes32 keyHash)',
];

export const PROOF_BATCH_INTERFACE = new Interface(PROOF_BATCH_ABI);
