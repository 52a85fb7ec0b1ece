import { blake2b } from '@noble/hashes/blake2b';
import { bytesToHex, concatBytes } from '@noble/hashes/utils';
import { ClearproofError } from '../error/clearproof-error.js';
import { littleEndian, readLittleEndian, viewOf } from './binary-file.js';
import { BASE_FIELD_MODULUS, type PointG1, type PointG2 } from './curve-points.js';
import { ELEMENT_BYTES } from './r1cs.js';
import { pointG1, pointG2 } from './zkey.js';

/** What a key says of its second phase is malformed, or does not hang together. */
export class ContributionError extends ClearproofError {
  readonly code = 'CONTRIBUTION';
}

/** A contributor's part in a key, or the beacon's. */
export interface Contribution {
  readonly kind: 'contribution' | 'beacon';
  /** As the key has it; no hash covers it, so whoever passes a key on could change it. */
  readonly name: string | undefined;
  /** blake2b-512 over the contribution's public key, hex, as snarkjs shows it. */
  readonly hash: string;
  readonly beacon?: { readonly value: string; readonly iterations: number };
}

/** A point and the bytes that hold it: affine, Montgomery form. */
export interface StoredPoint<Point> {
  readonly point: Point;
  readonly bytes: Uint8Array;
}

/** One entry of section 10. */
export interface ContributionEntry {
  readonly contribution: Contribution;
  /** The key's delta once this contribution is in. */
  readonly deltaAfter: StoredPoint<PointG1>;
  /** A point s, s times the contribution's secret, and the point hashed from `transcript` times that secret: proof of knowing it. */
  readonly s: StoredPoint<PointG1>;
  readonly sx: StoredPoint<PointG1>;
  readonly spx: StoredPoint<PointG2>;
  /** blake2b-512 over the circuit hash, all earlier public keys, s and sx. */
  readonly transcript: Uint8Array;
  /** What this contribution adds to the transcript of later ones. */
  readonly publicKey: Uint8Array;
}

export interface ContributionSection {
  /** blake2b-512 of the initial key, hex. */
  readonly circuitHash: string;
  readonly entries: readonly ContributionEntry[];
}

const HASH_BYTES = 64;
/** Longest a key can hold, in UTF-16 units: snarkjs cuts a name there. */
const MOST_NAME_UNITS = 64;
/** A ceremony's folders have four digits; a bound on the pairings that a hostile file causes. */
const MOST_CONTRIBUTIONS = 9999;
const CONTRIBUTION = 0;
const BEACON = 1;
/** Tags of parameters in section 10, in rising order. */
const NAME_TAG = 1;
const ITERATIONS_TAG = 2;
const VALUE_TAG = 3;

/** The name that a key keeps of a contributor's. */
export function nameInKey(contributor: string): string {
  // A cut through a surrogate pair leaves half a character, which UTF-8 replaces.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(contributor.slice(0, MOST_NAME_UNITS)));
}

/**
 * Reads section 10 of a key: the layout alone, down to the last byte.
 *
 * snarkjs takes any `type` but 1 for a contribution, parameters of a beacon under a contribution, and coordinates above the modulus,
 * so two files that differ could mean the same; here each has one form.
 *
 * @throws ContributionError
 */
export function parseContributionSection(section: Uint8Array, file: string): ContributionSection {
  const reader = new SectionReader(section, file);
  const circuitHash = bytesToHex(reader.take(HASH_BYTES));
  const count = reader.word();
  if (count > MOST_CONTRIBUTIONS) throw reader.wrong(`has ${count} contributions: at most ${MOST_CONTRIBUTIONS} are read`);
  const entries = Array.from({ length: count }, (_, index) => readEntry(reader, index + 1));
  reader.requireEnd('its last contribution');
  return { circuitHash, entries };
}

function readEntry(reader: SectionReader, number: number): ContributionEntry {
  const what = `contribution ${number}`;
  const [deltaAfter, s, sx, spx] = [reader.g1(what), reader.g1(what), reader.g1(what), reader.g2(what)];
  const transcript = reader.take(HASH_BYTES);
  const type = reader.word();
  if (type !== CONTRIBUTION && type !== BEACON) throw reader.wrong(`has ${what} of unknown type ${type}`);
  const parameters = readParameters(reader.inner(reader.word()), what);
  if ((parameters.beacon !== undefined) !== (type === BEACON)) throw reader.wrong(`has ${what} with ${type === BEACON ? 'no value or iterations for its beacon' : "a beacon's parameters"}`);
  const publicKey = concatBytes(uncompressedG1(deltaAfter.point), uncompressedG1(s.point), uncompressedG1(sx.point), uncompressedG2(spx.point), transcript);
  const hash = bytesToHex(blake2b(publicKey, { dkLen: HASH_BYTES }));
  const kind = type === BEACON ? 'beacon' : 'contribution';
  return { contribution: { kind, hash, ...parameters }, deltaAfter, s, sx, spx, transcript, publicKey };
}

function readParameters(reader: SectionReader, what: string): Pick<Contribution, 'name' | 'beacon'> {
  const found = new Map<number, Uint8Array>();
  let last = 0;
  while (!reader.atEnd()) {
    const tag = reader.byte();
    if (tag <= last || tag > VALUE_TAG) throw reader.wrong(`has ${what} with unknown parameters, or in another order`);
    found.set(tag, tag === ITERATIONS_TAG ? reader.take(1) : reader.take(reader.byte()));
    last = tag;
  }
  const [name, iterations, value] = [found.get(NAME_TAG), found.get(ITERATIONS_TAG), found.get(VALUE_TAG)];
  if ((iterations === undefined) !== (value === undefined) || value?.length === 0 || name?.length === 0) throw reader.wrong(`has ${what} with an empty name, or half of a beacon's parameters`);
  return {
    name: name === undefined ? undefined : reader.text(name, what),
    ...(iterations === undefined || value === undefined ? {} : { beacon: { value: bytesToHex(value), iterations: iterations[0] ?? 0 } }),
  };
}

/** x and y as 32-byte big-endian words: what snarkjs hashes. */
export function uncompressedG1(point: PointG1): Uint8Array {
  return concatBytes(...point.map(bigEndian));
}

/** As for G1; the coefficient of u comes first in each coordinate. */
export function uncompressedG2([x, y]: PointG2): Uint8Array {
  return concatBytes(...[x[1], x[0], y[1], y[0]].map(bigEndian));
}

function bigEndian(value: bigint): Uint8Array {
  return littleEndian(value, ELEMENT_BYTES).reverse();
}

/** Takes a section apart from front to back, and never reads past its end. */
class SectionReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array, private readonly file: string) {}

  wrong(problem: string, options?: { cause: unknown }): ContributionError {
    return new ContributionError(`${this.file}: section 10 ${problem}: take the key from its ceremony again`, { file: this.file, section: 10 }, options);
  }

  take(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw this.wrong('is cut short');
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  inner(length: number): SectionReader {
    return new SectionReader(this.take(length), this.file);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  word(): number {
    return viewOf(this.take(4)).getUint32(0, true);
  }

  g1(what: string): StoredPoint<PointG1> {
    const bytes = this.coordinates(2, what);
    return { point: pointG1(bytes, 0), bytes };
  }

  g2(what: string): StoredPoint<PointG2> {
    const bytes = this.coordinates(4, what);
    return { point: pointG2(bytes, 0), bytes };
  }

  text(bytes: Uint8Array, what: string): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw this.wrong(`has ${what} with a name that is no UTF-8`, { cause });
    }
  }

  atEnd(): boolean {
    return this.position === this.bytes.length;
  }

  requireEnd(after: string): void {
    if (!this.atEnd()) throw this.wrong(`has bytes after ${after}`);
  }

  private coordinates(count: number, what: string): Uint8Array {
    const bytes = this.take(count * ELEMENT_BYTES);
    if (!hasCanonicalCoordinates(bytes)) throw this.wrong(`has a coordinate above the field's modulus in ${what}`);
    // A copy: libraries below take whole buffers.
    return bytes.slice();
  }
}

/** Whether every 32-byte word is below the base field's modulus. */
export function hasCanonicalCoordinates(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ELEMENT_BYTES) {
    if (readLittleEndian(bytes.subarray(at, at + ELEMENT_BYTES)) >= BASE_FIELD_MODULUS) return false;
  }
  return true;
}
