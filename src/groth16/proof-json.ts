import { ClearproofError } from '../error/clearproof-error.js';
import { BASE_FIELD_MODULUS } from './curve-points.js';
import type { Groth16Proof } from './proof.js';

/** A proof in a JSON value or file is not in the one form it may have. */
export class ProofFormatError extends ClearproofError {
  readonly code = 'PROOF_FORMAT';
}

/** A proof in this project's JSON: canonical decimal strings below q. */
export interface ProofJson {
  readonly a: readonly [string, string];
  readonly b: readonly [readonly [string, string], readonly [string, string]];
  readonly c: readonly [string, string];
}

/** A proof as snarkjs and rapidsnark write it: projective, with last coordinates 1. */
export interface SnarkjsProofJson {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
  readonly protocol: string;
  readonly curve?: string;
}

const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;

export function proofToJson({ a, b, c }: Groth16Proof): ProofJson {
  return { a: [`${a[0]}`, `${a[1]}`], b: [[`${b[0][0]}`, `${b[0][1]}`], [`${b[1][0]}`, `${b[1][1]}`]], c: [`${c[0]}`, `${c[1]}`] };
}

/** Strict: exactly a, b and c, canonical decimals below q. Whether the points lie on the curve is verifyProof's question. */
export function proofFromJson(value: unknown): Groth16Proof {
  const { a, b, c } = members(value, ['a', 'b', 'c']);
  const [b0, b1] = items(b, 2, 'b');
  return { a: coordinates(a, 'a'), b: [coordinates(b0, 'b[0]'), coordinates(b1, 'b[1]')], c: coordinates(c, 'c') };
}

export function proofToSnarkjs({ a, b, c }: Groth16Proof): SnarkjsProofJson {
  const affine = (point: readonly [bigint, bigint]): string[] => [...point.map(String), '1'];
  return { pi_a: affine(a), pi_b: [b[0].map(String), b[1].map(String), ['1', '0']], pi_c: affine(c), protocol: 'groth16', curve: 'bn128' };
}

/** Takes a proof that snarkjs or a program like rapidsnark wrote; further members are ignored. */
export function proofFromSnarkjs(value: unknown): Groth16Proof {
  const { pi_a, pi_b, pi_c, protocol, curve } = members(value);
  if (protocol !== undefined && protocol !== 'groth16') throw new ProofFormatError('the proof is of another protocol: Groth16 is needed');
  if (curve !== undefined && curve !== 'bn128' && curve !== 'bn254') throw new ProofFormatError('the proof is over another curve: bn128 is needed');
  const [b0, b1, b2] = items(pi_b, 3, 'pi_b');
  const [one, zero] = items(b2, 2, 'pi_b[2]');
  if (one !== '1' || zero !== '0') throw new ProofFormatError('pi_b is not affine: its third coordinate must be 1');
  return { a: affinePoint(pi_a, 'pi_a'), b: [coordinates(b0, 'pi_b[0]'), coordinates(b1, 'pi_b[1]')], c: affinePoint(pi_c, 'pi_c') };
}

function affinePoint(value: unknown, place: string): readonly [bigint, bigint] {
  const [x, y, z] = items(value, 3, place);
  if (z !== '1') throw new ProofFormatError(`${place} is not affine: its third coordinate must be 1`);
  return [coordinate(x, place), coordinate(y, place)];
}

function coordinates(value: unknown, place: string): readonly [bigint, bigint] {
  const [first, second] = items(value, 2, place);
  return [coordinate(first, place), coordinate(second, place)];
}

/** A canonical element of the base field in decimal, or ProofFormatError naming `place`. */
function coordinate(value: unknown, place: string): bigint {
  if (typeof value !== 'string' || !DECIMAL.test(value)) throw new ProofFormatError(`${place} holds something that is not a plain decimal string`, { place });
  const parsed = BigInt(value);
  if (parsed >= BASE_FIELD_MODULUS) throw new ProofFormatError(`${place} holds a coordinate that is not below the base field's order`, { place });
  return parsed;
}

function items(value: unknown, count: number, place: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== count) throw new ProofFormatError(`${place} must be an array of ${count}`, { place });
  return value;
}

function members(value: unknown, names?: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofFormatError('a proof must be an object');
  const surplus = names && Object.keys(value).find((name) => !names.includes(name));
  if (surplus !== undefined) throw new ProofFormatError(`a proof has no member "${surplus}"`, { member: surplus });
  return value as Readonly<Record<string, unknown>>;
}
