import { blake2b } from '@noble/hashes/blake2b';
import { concatBytes, hexToBytes } from '@noble/hashes/utils';
import { ChaCha, type Curve } from 'ffjavascript';
import { littleEndian, readSections, viewOf, writeSections } from '../../src/groth16/binary-file.js';
import { parseContributionSection, uncompressedG1, type ContributionEntry } from '../../src/groth16/contribution-section.js';
import { requireCurve } from '../../src/groth16/curves.js';
import { pointG1 } from '../../src/groth16/zkey.js';

/** Offsets in section 2 of a .zkey. */
export const DELTA_1_AT = 84 + 2 * 64 + 2 * 128;
export const DELTA_2_AT = DELTA_1_AT + 64;

/** A key with some sections put in the place of its own. */
export function withSections(zkey: Uint8Array, changes: Readonly<Record<number, Uint8Array>>): Uint8Array {
  return writeSections('zkey', 1, [...readSections(zkey, 'zkey', 'key')].map(([id, body]) => [id, changes[id] ?? body] as const));
}

export function sectionOf(zkey: Uint8Array, id: number): Uint8Array {
  return (readSections(zkey, 'zkey', 'key').get(id) ?? new Uint8Array(0)).slice();
}

/** The entries of section 10, each as its own bytes. */
export function entriesOf(zkey: Uint8Array): readonly Uint8Array[] {
  const section = sectionOf(zkey, 10);
  const entries: Uint8Array[] = [];
  let position = 68;
  while (position < section.length) {
    // Points, transcript, type; then a length and so many bytes of parameters.
    const end = position + 3 * 64 + 128 + 64 + 8 + viewOf(section).getUint32(position + 3 * 64 + 128 + 68, true);
    entries.push(section.slice(position, end));
    position = end;
  }
  return entries;
}

/** A key with these entries and nothing else changed. */
export function withEntries(zkey: Uint8Array, entries: readonly Uint8Array[]): Uint8Array {
  return withSections(zkey, { 10: concatBytes(sectionOf(zkey, 10).subarray(0, 64), littleEndian(BigInt(entries.length), 4), ...entries) });
}

export function parsedEntries(zkey: Uint8Array): readonly ContributionEntry[] {
  return parseContributionSection(sectionOf(zkey, 10), 'key').entries;
}

/** What snarkjs hashes a contribution to: its point in G2. */
export function hashedPoint(curve: Curve, transcript: Uint8Array): Uint8Array {
  return curve.G2.fromRng(new ChaCha(Array.from({ length: 8 }, (_, index) => viewOf(transcript).getUint32(4 * index, false))));
}

/**
 * A contribution whose secret we choose, made as snarkjs makes one: all of its equations hold. Points L and H are left as they are, so the key
 * is whole only for a secret of 1.
 */
export async function contributeSecret(zkey: Uint8Array, secret: bigint): Promise<Uint8Array> {
  const curve = await requireCurve();
  const scalar = littleEndian(secret, 32);
  const section = parseContributionSection(sectionOf(zkey, 10), 'key');
  const header = sectionOf(zkey, 2);
  const [delta1, delta2] = [header.slice(DELTA_1_AT, DELTA_2_AT), header.slice(DELTA_2_AT)];
  const times = (group: Curve['G1'], point: Uint8Array): Uint8Array => group.toAffine(group.timesScalar(point, scalar));
  const s = curve.G1.toAffine(curve.G1.fromRng(new ChaCha([1, 2, 3, 4, 5, 6, 7, 8])));
  const sx = times(curve.G1, s);
  const transcript = blake2b.create({ dkLen: 64 }).update(hexToBytes(section.circuitHash));
  section.entries.forEach(({ publicKey }) => transcript.update(publicKey));
  const hash = transcript.update(uncompressedG1(pointG1(s, 0))).update(uncompressedG1(pointG1(sx, 0))).digest();
  const [after1, after2] = [times(curve.G1, delta1), times(curve.G2, delta2)];
  header.set(after1, DELTA_1_AT);
  header.set(after2, DELTA_2_AT);
  const spx = times(curve.G2, hashedPoint(curve, hash));
  const entry = concatBytes(after1, s, sx, spx, hash, littleEndian(0n, 4), littleEndian(0n, 4));
  return withEntries(withSections(zkey, { 2: header }), [...entriesOf(zkey), entry]);
}
