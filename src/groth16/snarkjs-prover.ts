import { groth16 } from 'snarkjs';
import { requireCurve } from './curves.js';
import { CheckingProver, type ProofBackend } from './checking-prover.js';
import { proofFromSnarkjs } from './proof-json.js';
import type { Prover } from './prover.js';
import { loadProvingKey, type ProvingKey } from './proving-key.js';
import { witnessFile } from './witness-calculator.js';

/** snarkjs in this process: key and witness are in memory and on no disk. */
const backend: ProofBackend<ProvingKey> = {
  load: loadProvingKey,
  async prove(key, wires) {
    await requireCurve();
    const { proof } = await groth16.prove({ type: 'mem', data: key.zkey }, { type: 'mem', data: witnessFile(wires) });
    return proofFromSnarkjs(proof);
  },
};

/** Proves in this process with snarkjs over all cores. Its threads stay until `releaseCurves` is called. */
export function snarkjsProver(keysDirectory: string): Prover {
  return new CheckingProver(keysDirectory, backend);
}
