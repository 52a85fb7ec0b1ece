import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import type { Groth16Proof } from '../../src/groth16/proof.js';
import { G1, G2, modulo, multiply, power, type Point } from './bn254.js';

const P = FIELD_MODULUS;

/**
 * A Groth16 key whose trapdoor is known, so that a proof of any statement can be simulated: A = a, B = b and
 * C = (ab - alpha*beta - sum of signals) / delta. It tests verifier contracts with real pairings and no circuit.
 */
export class KnownTrapdoor {
  private readonly alpha = 1_234_567n;
  private readonly beta = 7_654_321n;
  private readonly delta = 1_111_111n;

  constructor(readonly signals: number) {}

  /** A proof the verifier takes for these signals. Other scalars give other proofs of the same statement. */
  prove(signals: readonly bigint[], a = 3n, b = 5n): Groth16Proof {
    const weighted = signals.reduce((sum, signal, place) => sum + signal * this.weight(place + 1), this.weight(0));
    const c = modulo((a * b - this.alpha * this.beta - weighted) * power(this.delta, P - 2n, P), P);
    return { a: g1(multiply(G1, a)), b: g2(multiply(G2, b)), c: g1(multiply(G1, c)) };
  }

  /**
   * What whoever has no scalar but that of C left to choose needs, with A and B of the default scalars:
   * C = (constant - sum of signal * weight) * deltaInverse * G1.
   */
  simulation(a = 3n, b = 5n): { readonly constant: bigint; readonly deltaInverse: bigint; readonly weights: readonly bigint[] } {
    return {
      constant: modulo(a * b - this.alpha * this.beta - this.weight(0), P),
      deltaInverse: power(this.delta, P - 2n, P),
      weights: Array.from({ length: this.signals }, (_, place) => this.weight(place + 1)),
    };
  }

  /** Re-randomises a proof without the trapdoor, as anybody can: (rA, B/r, C). */
  static rerandomise(a: bigint, b: bigint, proof: Groth16Proof, r: bigint): Groth16Proof {
    const inverse = power(r, P - 2n, P);
    return { a: g1(multiply(G1, modulo(a * r, P))), b: g2(multiply(G2, modulo(b * inverse, P))), c: proof.c };
  }

  /** The key in snarkjs' form. */
  verificationKey(): Record<string, unknown> {
    const point1 = (scalar: bigint): string[] => [...g1(multiply(G1, scalar)), 1n].map(String);
    const point2 = (scalar: bigint): string[][] => [...g2(multiply(G2, scalar)), [1n, 0n]].map((pair) => pair.map(String));
    return {
      protocol: 'groth16',
      curve: 'bn128',
      nPublic: this.signals,
      vk_alpha_1: point1(this.alpha),
      vk_beta_2: point2(this.beta),
      vk_gamma_2: point2(1n),
      vk_delta_2: point2(this.delta),
      IC: Array.from({ length: this.signals + 1 }, (_, place) => point1(this.weight(place))),
      security: 'INSECURE key of a test: its trapdoor stands in the source',
    };
  }

  private weight(place: number): bigint {
    return BigInt(1_000 + 7 * place);
  }
}

/** Solidity source of a key's verifier, by snarkjs' template. */
export function renderVerifier(verificationKey: Readonly<Record<string, unknown>>): string {
  const ofSnarkjs = createRequire(createRequire(import.meta.url).resolve('snarkjs'));
  const { render } = ofSnarkjs('ejs') as { readonly render: (template: string, values: object) => string };
  return render(readFileSync(join('node_modules', 'snarkjs', 'templates', 'verifier_groth16.sol.ejs'), 'utf8'), verificationKey);
}

function g1(point: Point): readonly [bigint, bigint] {
  return point === undefined ? [0n, 0n] : [point.x[0], point.y[0]];
}

function g2(point: Point): readonly [readonly [bigint, bigint], readonly [bigint, bigint]] {
  return point === undefined ? [[0n, 0n], [0n, 0n]] : [point.x, point.y];
}
