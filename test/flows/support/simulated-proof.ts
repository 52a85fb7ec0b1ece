import { FIELD_MODULUS } from '../../../src/field/scalar-field.js';
import { developmentTrapdoor } from '../../../src/groth16/development-setup/trapdoor.js';
import { readKeyManifest, requireRecord } from '../../../src/groth16/key-manifest.js';
import type { Groth16Proof } from '../../../src/groth16/proof.js';
import { loadVerificationKey } from '../../../src/groth16/proving-key.js';
import { addPoints, G1, G2, Q, modulo, multiply, power, type Point } from '../../contracts/bn254.js';
import { KEYS } from '../../builders/on-chain-epoch.js';
import type { Prove } from '../../chain/mock-prover.js';

const P = FIELD_MODULUS;
const [A, B] = [3n, 5n];

/** Enough for a scalar. */
const BITS = 254;

/**
 * Makes proofs of any statement, true or not, that the circuit's generated verifier takes: the trapdoor of development keys is
 * public. Always the same proof for the same signals, so what the chain charges for it never varies. The first proof takes longest.
 */
export async function proofSimulator(circuit: string): Promise<Prove> {
  const { r1csSha256 } = requireRecord(await readKeyManifest(KEYS), KEYS, circuit);
  const { alpha, beta, delta } = developmentTrapdoor(r1csSha256);
  const key = await loadVerificationKey(KEYS, circuit);
  const share = power(delta, P - 2n, P);
  const [a, b] = [multiply(G1, A), multiply(G2, B)] as [NonNullable<Point>, NonNullable<Point>];
  // e(A, B) = e(alpha, beta) e(sum of IC, 1) e(C, delta), solved for C: a constant less a multiple of a fixed point for each signal.
  const [constant, ...perSignal] = key.ic.map(([x, y]): Point => ({ x: [x, 0n], y: [modulo(-y, Q), 0n] }));
  const start = multiply(addPoints(multiply(G1, modulo(A * B - alpha * beta, P)), constant), share);
  const doublings = new Map<number, readonly Point[]>();
  const multiple = (place: number, signal: bigint): Point => {
    const table = doublings.get(place) ?? doublingsOf(multiply(perSignal[place], share));
    doublings.set(place, table);
    return table.reduce<Point>((sum, point, bit) => ((signal >> BigInt(bit)) & 1n ? addPoints(sum, point) : sum), undefined);
  };
  return (signals): Groth16Proof => {
    const c = signals.reduce<Point>((sum, signal, place) => addPoints(sum, multiple(place, signal)), start) as NonNullable<Point>;
    return { a: [a.x[0], a.y[0]], b: [b.x, b.y], c: [c.x[0], c.y[0]] };
  };
}

function doublingsOf(point: Point): readonly Point[] {
  const found = [point];
  while (found.length < BITS) found.push(addPoints(found.at(-1), found.at(-1)));
  return found;
}
