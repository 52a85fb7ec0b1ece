import { Contract, type ContractRunner } from 'ethers';
import type { Groth16Proof } from '../groth16/proof.js';
import { verificationKeyHash, verificationKeyWords, type VerificationKey } from '../groth16/verification-key.js';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { toSolidityProof } from './epoch-submission.js';
import { PROOF_BATCH_INTERFACE } from './proof-batch-abi.js';

/** A proof with its public signals in the circuit's order. */
export interface ProofToBatch {
  readonly proof: Groth16Proof;
  readonly signals: readonly bigint[];
}

/** One ProofBatch: verifies many proofs under one key at once. Errors as SolvencyRegistryClient. */
export class ProofBatchClient {
  private readonly contract: Contract;

  /** @param runner a signer to send with, or a provider to read with */
  constructor(
    readonly proofBatch: string,
    runner: ContractRunner,
  ) {
    this.contract = new Contract(proofBatch, PROOF_BATCH_INTERFACE, runner);
  }

  /** Keeps a key; of one that is kept it costs a transaction and changes nothing. Anybody may. */
  addKey(key: VerificationKey): Promise<ChainReceipt> {
    return sendTransaction(this.contract, `adding the key ${verificationKeyHash(key)} to the batch verifier`, 'addKey', [verificationKeyWords(key)]);
  }

  /** Whether proofs under the key with this hash can be verified here. */
  async hasKey(keyHash: string): Promise<boolean> {
    return (await readContract(this.contract, `looking for the key ${keyHash} in the batch verifier`, 'signalsOf', [keyHash])) !== 0n;
  }

  /** Whether all proofs hold. Throws ContractRevertedError for a key that is not here, for none, and for another number of signals. */
  async verify(keyHash: string, proofs: readonly ProofToBatch[]): Promise<boolean> {
    const args = [keyHash, proofs.map(({ proof }) => toSolidityProof(proof)), proofs.map(({ signals }) => signals)];
    return (await readContract(this.contract, `verifying ${proofs.length} proofs at once`, 'verify', args)) as boolean;
  }
}
