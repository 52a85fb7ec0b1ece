import { invertInField, toField } from '../field/scalar-field.js';
import type { PointG1, PointG2 } from './curve-points.js';
import { curveGroups, GENERATOR_G1 } from './point-sums.js';
import type { Groth16Proof } from './proof.js';
import type { VerificationKey } from './verification-key.js';

/*
 * Proofs that nobody has a witness for. A verifier checks
 *
 *   e(A, B) = e(alpha, beta) e(L, gamma) e(C, delta),   L = IC[0] + sum of signal * IC,   gamma the generator of G2,
 *
 * and a set-up is sound because nobody knows how alpha, beta, gamma and delta hang together. Each forgery here is for one thing that is known.
 */

/** The points of a key; what it calls itself forges nothing. */
export type KeyPoints = Omit<VerificationKey, 'security'>;

/** delta = beta * ofBeta + gamma * ofGamma. Without a contribution delta is gamma: { ofBeta: 0, ofGamma: 1 }. */
export interface DeltaRelation {
  readonly ofBeta: number;
  readonly ofGamma: number;
}

/** What every key of snarkjs is before anybody contributed to it. */
export const WITHOUT_CONTRIBUTION: DeltaRelation = { ofBeta: 0, ofGamma: 1 };

/** All relations with factors of -1, 0 and 1: what a forger would try first. The commonest comes first. */
export const NEAR_RELATIONS: readonly DeltaRelation[] = [
  WITHOUT_CONTRIBUTION, { ofBeta: 0, ofGamma: -1 }, { ofBeta: 1, ofGamma: 0 }, { ofBeta: -1, ofGamma: 0 },
  { ofBeta: 1, ofGamma: 1 }, { ofBeta: 1, ofGamma: -1 }, { ofBeta: -1, ofGamma: 1 }, { ofBeta: -1, ofGamma: -1 },
];

/** Relations up to this factor are searched for: about 130 points, some 5 ms. */
const LARGEST_FACTOR = 32;

/** Signals that attempts are made with: 1, 2, 3, …. A forgery that holds for some holds for all, L being whatever they make it. */
export function attemptedSignals({ ic }: KeyPoints): readonly bigint[] {
  return ic.slice(1).map((_, place) => BigInt(place + 1));
}

/**
 * The proof of these signals that a key takes if, and only if, its delta has this relation. Nothing secret is needed.
 * Undefined where a point of it would be infinity, which no proof may have.
 */
export async function forgeByRelation(key: KeyPoints, signals: readonly bigint[], { ofBeta, ofGamma }: DeltaRelation): Promise<Groth16Proof | undefined> {
  const inputs = await weightedInputs(key, signals);
  if (inputs === undefined) return undefined;
  const { g1 } = await curveGroups();
  if (ofGamma === 0) {
    // e(L, gamma) is A's own pairing; C makes beta's part of delta cancel alpha's.
    return proofOf(inputs, key.gamma, g1.sum([[-inverse(BigInt(ofBeta)), key.alpha]]));
  }
  // C takes L off gamma's part of delta, A what that leaves on beta's.
  const share = -inverse(BigInt(ofGamma));
  return proofOf(g1.sum([[1n, key.alpha], [BigInt(ofBeta) * share, inputs]]), key.beta, g1.sum([[share, inputs]]));
}

/** The relation with the least factors, none above 32, that a key's delta has; undefined where there is none, as it must be. */
export async function relationOfDelta({ beta, gamma, delta }: KeyPoints): Promise<DeltaRelation | undefined> {
  const { g2 } = await curveGroups();
  const nameOf = (point: PointG2 | undefined): string => point?.flat().join() ?? 'infinity';
  const factors = [0, ...Array.from({ length: LARGEST_FACTOR }, (_, place) => [place + 1, -place - 1]).flat()];
  const ofGammas = new Map(factors.map((ofGamma) => [nameOf(ofGamma === 0 ? undefined : g2.sum([[BigInt(ofGamma), gamma]])), ofGamma]));
  for (const ofBeta of factors) {
    const ofGamma = ofGammas.get(nameOf(g2.sum([[1n, delta], [-BigInt(ofBeta), beta]])));
    if (ofGamma !== undefined) return { ofBeta, ofGamma };
  }
  return undefined;
}

/** The delta that has this relation: what a key of the same circuit and phase 1 has that takes the forgery. */
export async function deltaWithRelation({ beta, gamma }: KeyPoints, { ofBeta, ofGamma }: DeltaRelation): Promise<PointG2> {
  return required((await curveGroups()).g2.sum([[BigInt(ofBeta), beta], [BigInt(ofGamma), gamma]]));
}

/** The gamma under which the key's delta has this relation, for a factor of gamma that is not 0: the same weakness, put in from the other side. */
export async function gammaWithRelation({ beta, delta }: KeyPoints, { ofBeta, ofGamma }: DeltaRelation): Promise<PointG2> {
  const share = inverse(BigInt(ofGamma));
  return required((await curveGroups()).g2.sum([[share, delta], [-BigInt(ofBeta) * share, beta]]));
}

function required(point: PointG2 | undefined): PointG2 {
  if (point === undefined) throw new RangeError('beta, gamma and delta are multiples of one another: this is no key');
  return point;
}

/**
 * Forges with phase 2's secret alone: A = alpha, B = beta, C = -L/delta.
 * Undefined where L is infinity.
 */
export async function forgeWithDelta(key: KeyPoints, signals: readonly bigint[], delta: bigint): Promise<Groth16Proof | undefined> {
  const inputs = await weightedInputs(key, signals);
  if (inputs === undefined) return undefined;
  return proofOf(key.alpha, key.beta, (await curveGroups()).g1.sum([[-inverse(delta), inputs]]));
}

/**
 * Forges with two secrets of phase 1 alone, whoever contributed to phase 2, and from the verification key alone:
 * A = C = L + alpha*beta*G1, B = gamma + delta. Undefined where a point is infinity.
 */
export async function forgeWithPhaseOne(
  key: KeyPoints, signals: readonly bigint[], { alpha, beta }: { readonly alpha: bigint; readonly beta: bigint },
): Promise<Groth16Proof | undefined> {
  const inputs = await weightedInputs(key, signals);
  if (inputs === undefined) return undefined;
  const { g1, g2 } = await curveGroups();
  const both = g1.sum([[1n, inputs], [alpha * beta, GENERATOR_G1]]);
  return proofOf(both, g2.sum([[1n, key.gamma], [1n, key.delta]]), both);
}

/** L, or undefined at infinity. */
async function weightedInputs({ ic }: KeyPoints, signals: readonly bigint[]): Promise<PointG1 | undefined> {
  if (signals.length !== ic.length - 1) throw new RangeError(`the key has ${ic.length - 1} public signals, not ${signals.length}`);
  return (await curveGroups()).g1.sum(ic.map((point, place) => [place === 0 ? 1n : signals[place - 1] ?? 0n, point]));
}

function proofOf(a: PointG1 | undefined, b: PointG2 | undefined, c: PointG1 | undefined): Groth16Proof | undefined {
  return a === undefined || b === undefined || c === undefined ? undefined : { a, b, c };
}

function inverse(value: bigint): bigint {
  return invertInField(toField(value));
}
