import { createHash } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2b';
import { hexToBytes } from '@noble/hashes/utils';
import { ChaCha, type Curve } from 'ffjavascript';
import { readSections, requireSection, viewOf } from './binary-file.js';
import {
  ContributionError,
  hasCanonicalCoordinates,
  parseContributionSection,
  type Contribution,
  type ContributionEntry,
  type ContributionSection,
} from './contribution-section.js';
import { GENERATOR_G2, equalG2, isPointG1, isPointG2, type PointG1 } from './curve-points.js';
import { requireCurve } from './curves.js';
import { ELEMENT_BYTES } from './r1cs.js';
import { parseZkey } from './zkey.js';

export { ContributionError, nameInKey, type Contribution } from './contribution-section.js';

/** What a key says of its second phase. */
export interface Contributions {
  /** blake2b-512 of the initial key, hex: it stands for circuit and phase-1 file. */
  readonly circuitHash: string;
  readonly contributions: readonly Contribution[];
}

/** Fewest and most times, as powers of two, that a beacon's value is hashed. Below, snarkjs makes none; above, checking takes long (2^20: about a second). */
export const LEAST_BEACON_ITERATIONS = 10;
export const MOST_BEACON_ITERATIONS = 20;

const G1_BYTES = 2 * ELEMENT_BYTES;
const G2_BYTES = 4 * ELEMENT_BYTES;
/** Where delta starts in section 2: behind two moduli, three counts, alpha1, beta1, beta2 and gamma2. */
export const DELTA_AT = 2 * (4 + ELEMENT_BYTES) + 12 + 2 * G1_BYTES + 2 * G2_BYTES;
const HEADER_BYTES = DELTA_AT + G1_BYTES + G2_BYTES;
const SECTIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const GENERATOR_G1: PointG1 = [1n, 2n];

/**
 * What section 10 of a key says, without looking at whether it is true.
 *
 * @param file what the key is called in errors
 * @throws BinaryFileError, ContributionError
 */
export function readContributions(zkey: Uint8Array, file: string): Contributions {
  return summary(contributionSection(zkey, file));
}

/**
 * Checks that the contributions in a key hang together and end in the key's own delta: each public key is bound to all before it, proves that its
 * maker knew the secret, and changes delta by it; a beacon is drawn from its value and is last.
 *
 * This says nothing of alpha, beta and the circuit: a key of other secrets may carry contributions copied from a good one. Only `verifyAgainstInitial`
 * ties them together, and it needs the phase-1 file.
 *
 * `snarkjs zkey verify` has holes here, which are closed: it takes a key without any contribution (callers ask for a number: see `contributions`), one
 * whose contributions leave delta as it was, points outside of G2's subgroup, and a beacon anywhere or of any number of iterations (2^63 hashes never end).
 *
 * @throws BinaryFileError, ContributionError
 */
export async function verifyContributions(zkey: Uint8Array, file: string): Promise<Contributions> {
  const section = contributionSection(zkey, file);
  const header = requireSection(readSections(zkey, 'zkey', file), 2, HEADER_BYTES, file);
  if (header.length !== HEADER_BYTES || !hasCanonicalCoordinates(header.subarray(HEADER_BYTES - 3 * G1_BYTES - 3 * G2_BYTES))) {
    throw new ContributionError(`${file}: the header has another length, or a coordinate above the field's modulus: take the key from its ceremony again`, { file });
  }
  const key = parseZkey(zkey, file).verificationKey;
  if (!equalG2(key.gamma, GENERATOR_G2)) throw broken(file, 'the key', 'has a gamma that is not the generator');
  if (!isPointG2(key.delta)) throw broken(file, 'the key', 'has a delta that is no point of G2');
  const curve = await requireCurve();
  const delta = await followContributions(curve, section, file);
  const [delta1, delta2] = [header.slice(DELTA_AT, DELTA_AT + G1_BYTES), header.slice(DELTA_AT + G1_BYTES)];
  if (!sameBytes(delta1, delta)) throw broken(file, 'the key', 'has a delta in G1 that its contributions do not end in');
  if (!(await isSameRatio(curve, [curve.G1.g, delta], [curve.G2.g, delta2]))) throw broken(file, 'the key', 'has a delta in G2 that its contributions do not end in');
  return summary(section);
}

/** Goes from the generator, delta of every initial key, to the delta after the last contribution: its bytes. */
async function followContributions(curve: Curve, section: ContributionSection, file: string): Promise<Uint8Array> {
  const transcript = blake2b.create({ dkLen: 64 }).update(hexToBytes(section.circuitHash));
  // Of a point and its negative: a secret of 1 or -1, or one that undoes others, is no contribution.
  const seen = new Set([GENERATOR_G1[0]]);
  let delta: Uint8Array = curve.G1.toAffine(curve.G1.g);
  for (const [index, entry] of section.entries.entries()) {
    const what = `contribution ${index + 1}`;
    if (index + 1 < section.entries.length && entry.contribution.kind === 'beacon') throw broken(file, what, 'is a beacon and not the last one');
    for (const point of [entry.deltaAfter, entry.s, entry.sx]) {
      if (!isPointG1(point.point)) throw broken(file, what, 'has a point that is not on the curve');
    }
    // Outside of the subgroup a pairing's equation says nothing of secrets.
    if (!isPointG2(entry.spx.point)) throw broken(file, what, 'has a point that is not in the subgroup of G2');
    const expected = transcript.clone().update(entry.publicKey.subarray(G1_BYTES, 3 * G1_BYTES)).digest();
    if (!sameBytes(entry.transcript, expected)) throw broken(file, what, 'was made on another key or after other contributions: its transcript differs');
    await requireKnownSecret(curve, entry, delta, { file, what });
    if (seen.has(entry.deltaAfter.point[0])) throw broken(file, what, 'leaves delta as it was, or takes it back to an earlier one');
    seen.add(entry.deltaAfter.point[0]);
    if (entry.contribution.beacon !== undefined) requireDrawn(curve, entry, entry.contribution.beacon, { file, what });
    transcript.update(entry.publicKey);
    delta = entry.deltaAfter.bytes;
  }
  return delta;
}

interface Place {
  readonly file: string;
  readonly what: string;
}

/** The same secret takes s to sx, the hashed point to spx, and the delta before to the delta after. */
async function requireKnownSecret(curve: Curve, entry: ContributionEntry, delta: Uint8Array, { file, what }: Place): Promise<void> {
  const hashed = curve.G2.fromRng(generator(entry.transcript));
  if (!(await isSameRatio(curve, [entry.s.bytes, entry.sx.bytes], [hashed, entry.spx.bytes]))) {
    throw broken(file, what, 'does not prove that its maker knew a secret');
  }
  if (!(await isSameRatio(curve, [delta, entry.deltaAfter.bytes], [hashed, entry.spx.bytes]))) {
    throw broken(file, what, 'does not change delta by the secret it proves');
  }
}

/** Draws the beacon's secret and its point s as snarkjs does, and compares. */
function requireDrawn(curve: Curve, entry: ContributionEntry, beacon: NonNullable<Contribution['beacon']>, { file, what }: Place): void {
  if (beacon.iterations < LEAST_BEACON_ITERATIONS || beacon.iterations > MOST_BEACON_ITERATIONS) {
    throw broken(file, what, `has a beacon hashed 2^${beacon.iterations} times: ${LEAST_BEACON_ITERATIONS} to ${MOST_BEACON_ITERATIONS} is taken`);
  }
  let value: Uint8Array = hexToBytes(beacon.value);
  for (let round = 0; round < 2 ** beacon.iterations; round++) value = createHash('sha256').update(value).digest();
  const random = generator(value);
  const secret = curve.Fr.fromRng(random);
  const s = curve.G1.toAffine(curve.G1.fromRng(random));
  const sx = curve.G1.toAffine(curve.G1.timesFr(s, secret));
  if (!sameBytes(s, entry.s.bytes) || !sameBytes(sx, entry.sx.bytes)) throw broken(file, what, 'is not drawn from the value that it names');
}

/** snarkjs's generator, seeded with the first 32 bytes of a hash. */
function generator(hash: Uint8Array): ChaCha {
  return new ChaCha(Array.from({ length: 8 }, (_, index) => viewOf(hash).getUint32(4 * index, false)));
}

/** Whether one factor takes the first point to the second in both groups. False where one is infinity. */
export async function isSameRatio(curve: Curve, g1: readonly [Uint8Array, Uint8Array], g2: readonly [Uint8Array, Uint8Array]): Promise<boolean> {
  if (g1.some((point) => curve.G1.isZero(point)) || g2.some((point) => curve.G2.isZero(point))) return false;
  return curve.pairingEq(g1[0], g2[1], curve.G1.neg(g1[1]), g2[0]);
}

function contributionSection(zkey: Uint8Array, file: string): ContributionSection {
  const sections = readSections(zkey, 'zkey', file);
  // snarkjs passes over sections that it does not know: a place to hide what no check covers.
  const surplus = [...sections.keys()].find((id) => !SECTIONS.some((known) => known === id));
  if (surplus !== undefined) throw new ContributionError(`${file} has a section ${surplus}, which no key has: take the key from its ceremony again`, { file, section: surplus });
  return parseContributionSection(requireSection(sections, 10, 0, file), file);
}

function summary({ circuitHash, entries }: ContributionSection): Contributions {
  return { circuitHash, contributions: entries.map(({ contribution }) => contribution) };
}

function broken(file: string, what: string, problem: string): ContributionError {
  return new ContributionError(`${file}: ${what} ${problem}: do not use this key`, { file, part: what });
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
