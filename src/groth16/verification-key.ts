import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import { ClearproofError } from '../error/clearproof-error.js';
import { GENERATOR_G2, equalG2, isPointG1, isPointG2, type PointG1, type PointG2 } from './curve-points.js';
import { isOverPublishedPowers } from './published-powers.js';

/** A verification key's JSON has the wrong form, or a value that no key can have. */
export class VerificationKeyError extends ClearproofError {
  readonly code = 'VERIFICATION_KEY';
}

/** A verification key anyone can forge with, because its set-up had no second phase. */
export class KeyWithoutContributionError extends ClearproofError {
  readonly code = 'KEY_WITHOUT_CONTRIBUTION';
}

/** The key that a circuit's proofs are verified with. Every point is on its curve, in its group, and not infinity. */
export interface VerificationKey {
  readonly alpha: PointG1;
  readonly beta: PointG2;
  readonly gamma: PointG2;
  readonly delta: PointG2;
  /** One point for the constant, then one for each public signal. */
  readonly ic: readonly PointG1[];
  /** What the set-up was, for people; not part of the hash. */
  readonly security: string;
}

/** What the label of every key starts with that somebody is known to be able to forge with, and no other. */
const INSECURE = 'INSECURE';

/** The label of keys of the development set-up. */
export const DEVELOPMENT_SECURITY = `${INSECURE} development key: its trapdoor is public and anyone can forge proofs with it`;

/** The label of keys that a ceremony made over a phase 1 which is not a published one. */
export const REHEARSAL_SECURITY = `${INSECURE} rehearsal key: its phase 1 is none that was published, and whoever made that can forge proofs with it`;

const MEMBERS: readonly string[] = ['protocol', 'curve', 'nPublic', 'vk_alpha_1', 'vk_beta_2', 'vk_gamma_2', 'vk_delta_2', 'vk_alphabeta_12', 'IC', 'security'];
const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;
/** More public signals than any circuit here has; a bound on the work a hostile file causes. */
const MOST_SIGNALS = 4096;

/** Somebody can forge with this key: it says so itself, or it is over another phase 1 than the published one, whatever it says. */
export function isInsecure(key: VerificationKey): boolean {
  return isLabelledInsecure(key) || !isOverPublishedPowers(key);
}

/** What the key says of itself; a text that whoever copies it can change. */
export function isLabelledInsecure({ security }: Pick<VerificationKey, 'security'>): boolean {
  return security.startsWith(INSECURE);
}

/**
 * Reads a verification key: snarkjs's JSON and the member `security`. Runs in a browser.
 *
 * @param what what the key is called in errors: a file or a circuit
 * @throws VerificationKeyError, KeyWithoutContributionError
 */
export function parseVerificationKey(value: unknown, what: string): VerificationKey {
  const wrong = (place: string, problem: string): VerificationKeyError =>
    new VerificationKeyError(`the verification key ${what}: ${place} ${problem}`, { key: what, field: place });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('it', 'must be a JSON object');
  const json = value as Readonly<Record<string, unknown>>;
  const surplus = Object.keys(json).find((name) => !MEMBERS.includes(name));
  if (surplus !== undefined) throw wrong(surplus, 'is no member of a verification key');
  if (json.protocol !== 'groth16') throw wrong('protocol', 'must be "groth16"');
  if (json.curve !== 'bn128') throw wrong('curve', 'must be "bn128"');
  if (typeof json.security !== 'string' || json.security.trim() === '') throw wrong('security', 'must say what the set-up was: make the key with this project\'s tools');
  if (!Array.isArray(json.IC) || json.IC.length < 2 || json.IC.length > MOST_SIGNALS) throw wrong('IC', 'must be an array of points, at least two');
  if (json.nPublic !== json.IC.length - 1) throw wrong('nPublic', `must be ${json.IC.length - 1}, one less than IC has points`);
  const key: VerificationKey = {
    alpha: pointG1(json.vk_alpha_1, 'vk_alpha_1', wrong),
    beta: pointG2(json.vk_beta_2, 'vk_beta_2', wrong),
    gamma: pointG2(json.vk_gamma_2, 'vk_gamma_2', wrong),
    delta: pointG2(json.vk_delta_2, 'vk_delta_2', wrong),
    ic: json.IC.map((point, index) => pointG1(point, `IC[${index}]`, wrong)),
    security: json.security,
  };
  if (new Set(key.ic.map(([x, y]) => `${x} ${y}`)).size !== key.ic.length) throw wrong('IC', 'has a point twice: two public signals could be swapped');
  requireContribution(key, what);
  return key;
}

/** Throws KeyWithoutContributionError for a key whose delta is public: nothing then keeps a prover from forging. */
export function requireContribution(key: Pick<VerificationKey, 'gamma' | 'delta'>, what: string): void {
  const [place, known] = equalG2(key.delta, GENERATOR_G2) ? ['the generator', true] : ['gamma', equalG2(key.delta, key.gamma)];
  if (!known) return;
  throw new KeyWithoutContributionError(
    `the key ${what} has delta equal to ${place}: its set-up had no second phase and anyone can forge with it; run a ceremony, or "make keys" for development`,
    { key: what },
  );
}

/**
 * keccak256 over the key's coordinates as 32-byte big-endian words: alpha.x, alpha.y, then beta, gamma and delta (each x.c0, x.c1, y.c0, y.c1),
 * then IC point by point. Hex with 0x. The contracts and the on-chain record name a key by it.
 */
export function verificationKeyHash(key: VerificationKey): string {
  return `0x${bytesToHex(keccak_256(hexToBytes(verificationKeyWords(key).map((value) => value.toString(16).padStart(64, '0')).join(''))))}`;
}

/** The coordinates in the order in which they are hashed. */
export function verificationKeyWords(key: VerificationKey): readonly bigint[] {
  return [...key.alpha, ...key.beta.flat(), ...key.gamma.flat(), ...key.delta.flat(), ...key.ic.flat()];
}

/** The JSON form that parseVerificationKey and snarkjs read. */
export function verificationKeyToJson(key: VerificationKey): Record<string, unknown> {
  const g1 = (point: PointG1): string[] => [...point.map(String), '1'];
  const g2 = ([x, y]: PointG2): string[][] => [x.map(String), y.map(String), ['1', '0']];
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: key.ic.length - 1,
    vk_alpha_1: g1(key.alpha),
    vk_beta_2: g2(key.beta),
    vk_gamma_2: g2(key.gamma),
    vk_delta_2: g2(key.delta),
    IC: key.ic.map(g1),
    security: key.security,
  };
}

/** The file NAME.vkey.json of a key, to the byte. */
export function verificationKeyText(key: VerificationKey): string {
  return `${JSON.stringify(verificationKeyToJson(key), undefined, 1)}\n`;
}

type Wrong = (place: string, problem: string) => VerificationKeyError;

function pointG1(value: unknown, place: string, wrong: Wrong): PointG1 {
  const [x, y, z] = array(value, 3, place, wrong).map((item) => integer(item, place, wrong)) as [bigint, bigint, bigint];
  if (z !== 1n || !isPointG1([x, y])) throw wrong(place, 'is not an affine point of the curve');
  return [x, y];
}

function pointG2(value: unknown, place: string, wrong: Wrong): PointG2 {
  const pairs = array(value, 3, place, wrong).map((pair) => array(pair, 2, place, wrong).map((item) => integer(item, place, wrong)));
  const [x, y, z] = pairs as [[bigint, bigint], [bigint, bigint], [bigint, bigint]];
  if (z[0] !== 1n || z[1] !== 0n || !isPointG2([x, y])) throw wrong(place, 'is not an affine point of the group');
  return [x, y];
}

function array(value: unknown, length: number, place: string, wrong: Wrong): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length) throw wrong(place, `must be an array of ${length}`);
  return value;
}

function integer(value: unknown, place: string, wrong: Wrong): bigint {
  if (typeof value !== 'string' || !DECIMAL.test(value)) throw wrong(place, 'must hold plain decimal strings');
  return BigInt(value);
}
