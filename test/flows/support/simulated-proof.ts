import { FIELD_MODULUS } from '../../../src/field/scalar-field.js';
import { developmentTrapdoor } from '../../../src/groth16/development-setup/trapdoor.js';
import { readKeyManifest, requireRecord } from '../../../src/groth16/key-manifest.js';
import type { Groth16Proof } from '../../../src/groth16/proof.js';
import { loadVerificationKey } from '../../../src/groth16/proving-key.js';
import { addPoints, G1, G2, modulo, multiply, power, type Point } from '../../contracts/bn254.js';
import { KEYS } from '../../builders/on-chain-epoch.js';
import type { Prove } from '../../chain/mock-prover.js';

const P = FIELD_MODULUS;
const [A, B] = [3n, 5n];

/**
 * Makes proofs of any statement, true or not, that the circuit's generated verifier takes: the trapdoor of development keys is
 * public. Always the same proof for the same signals, so what the chain charges for it never varies.
 */
export async function proofSimulator(circuit: string): Promise<Prove> {
  const { r1csSha256 } = requireRecord(await readKeyManifest(KEYS), KEYS, circuit);
  const { alpha, beta, delta } = developmentTrapdoor(r1csSha256);
  const key = await loadVerificationKey(KEYS, circuit);
  const [constant, ...perSignal] = key.ic.map(([x, y]): Point => ({ x: [x, 0n], y: [y, 0n] }));
  return (signals): Groth16Proof => {
    // e(A, B) = e(alpha, beta) e(sum of IC, 1) e(C, delta), solved for C.
    const weighted = signals.reduce<Point>((sum, signal, place) => addPoints(sum, multiply(perSignal[place], signal)), constant);
    const numerator = addPoints(multiply(G1, modulo(A * B - alpha * beta, P)), multiply(weighted, P - 1n));
    const c = multiply(numerator, power(delta, P - 2n, P)) as NonNullable<Point>;
    const [a, b] = [multiply(G1, A), multiply(G2, B)] as [NonNullable<Point>, NonNullable<Point>];
    return { a: [a.x[0], a.y[0]], b: [b.x, b.y], c: [c.x[0], c.y[0]] };
  };
}
