import { groth16 } from 'snarkjs';
import { isFieldElement } from '../field/scalar-field.js';
import { isPointG1, isPointG2 } from './curve-points.js';
import { requireCurve } from './curves.js';
import type { Groth16Proof } from './proof.js';
import { proofToSnarkjs } from './proof-json.js';
import { verificationKeyToJson, type VerificationKey } from './verification-key.js';

/**
 * Whether `proof` proves the statement with these public signals. Runs in a browser.
 *
 * False, as on chain, for a signal that is not in [0, p) (p more would be another name of the same statement), for another number of signals,
 * and for points off the curve, outside their group or at infinity.
 */
export async function verifyProof(key: VerificationKey, publicSignals: readonly bigint[], proof: Groth16Proof): Promise<boolean> {
  // snarkjs itself takes missing signals as 0 and looks at no subgroup.
  if (publicSignals.length !== key.ic.length - 1 || !publicSignals.every(isFieldElement)) return false;
  if (!isPointG1(proof.a) || !isPointG2(proof.b) || !isPointG1(proof.c)) return false;
  await requireCurve();
  return groth16.verify(verificationKeyToJson(key), publicSignals.map(String), proofToSnarkjs(proof));
}
