import type { Groth16Proof } from '../../groth16/proof.js';
import { loadVerificationKey } from '../../groth16/proving-key.js';
import { verificationKeyToJson, type VerificationKey } from '../../groth16/verification-key.js';
import { verifyProof } from '../../groth16/verify.js';

/** The verification keys of a folder, each read and checked against the manifest once. */
export class VerificationKeys {
  private readonly keys = new Map<string, Promise<VerificationKey>>();

  constructor(private readonly directory: string) {}

  /** True when the proof is valid for these signals. @throws what loadVerificationKey throws */
  async verify(circuit: string, publicSignals: readonly bigint[], proof: Groth16Proof): Promise<boolean> {
    return verifyProof(await this.key(circuit), publicSignals, proof);
  }

  /** As an attestation carries it. */
  async json(circuit: string): Promise<unknown> {
    return verificationKeyToJson(await this.key(circuit));
  }

  private key(circuit: string): Promise<VerificationKey> {
    const known = this.keys.get(circuit);
    if (known !== undefined) return known;
    const loading = loadVerificationKey(this.directory, circuit);
    this.keys.set(circuit, loading);
    // A key that failed to load may be there next time.
    loading.catch(() => this.keys.delete(circuit));
    return loading;
  }
}
