import { FIELD_MODULUS } from '../field/scalar-field.js';
import { BASE_FIELD_MODULUS } from '../groth16/curve-points.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { MAX_ROWS } from '../risk/table-rules.js';
import { JsonNode, type JsonObject } from '../venue/json-node.js';
import { quoted, type Place } from '../venue/place.js';
import { FORMAT_VERSION, type VenueLocation } from './attestation.js';
import type { JsonObjectValue, JsonValue } from './canonical-json.js';
import { checksumAddress } from './checksum-address.js';
import { AddressChecksumError, FormatVersionError, WrongFormatError } from './format-errors.js';
import { parseStrictJson } from './strict-json.js';

export const MAX_EPOCH = 2 ** 32 - 1;
/** 16^12 places is far above any venue, and positions stay exact as numbers. */
export const MAX_DEPTH = 12;
/** Registry words are below 2^128, two for each settlement asset. */
const WORD_LIMIT = 2n ** 128n;
const MAX_WORDS = 2 * MAX_ROWS;
const CIRCUIT_NAME = /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** A bundle whose kind and version are right. */
export interface Envelope {
  readonly fields: JsonObject;
  /** The parsed JSON, for parts that others read. */
  readonly raw: JsonObjectValue;
}

/** Parses a bundle and checks its head. @throws JsonSizeError, JsonSyntaxError, JsonShapeError, WrongFormatError, FormatVersionError */
export function openEnvelope(text: string, place: Place, format: string, known: readonly string[], maxLength: number): Envelope {
  const raw = parseStrictJson(text, place, maxLength);
  if (!isObject(raw)) throw JsonNode.of(raw, place).refuse(`expected an object, as a ${format} is`);
  if (raw['format'] !== format) {
    const found = typeof raw['format'] === 'string' ? quoted(raw['format']) : 'none';
    throw new WrongFormatError({ ...place, field: 'format' }, `expected "${format}", found ${found}: give the right file`);
  }
  if (raw['version'] !== FORMAT_VERSION) {
    const found = raw['version'] === undefined ? 'no version' : `version ${quoted(JSON.stringify(raw['version']))}`;
    throw new FormatVersionError({ ...place, field: 'version' }, `${found} of ${format}: this program reads version ${FORMAT_VERSION}, take one that knows it`);
  }
  return { fields: JsonNode.of(raw, place).object(['format', 'version', ...known]), raw };
}

export function isObject(value: JsonValue | undefined): value is JsonObjectValue {
  return typeof value === 'object' && !Array.isArray(value);
}

/** An integer in [0, p). */
export function readElement(node: JsonNode): bigint {
  return node.bigInteger(0n, FIELD_MODULUS - 1n);
}

export function readEpoch(node: JsonNode): number {
  return node.integer(1, MAX_EPOCH);
}

export function readDepth(node: JsonNode): number {
  return node.integer(1, MAX_DEPTH);
}

export function readVenue(node: JsonNode): VenueLocation {
  const fields = node.object(['chainId', 'registry', 'venueId']);
  return Object.freeze({
    chainId: fields.field('chainId').bigInteger(1n, FIELD_MODULUS - 1n),
    registry: readAddress(fields.field('registry')),
    venueId: readElement(fields.field('venueId')),
  });
}

export function venueToJson({ chainId, registry, venueId }: VenueLocation, place: Place): JsonObjectValue {
  requireChecksum(registry, { ...place, field: 'venue.registry' });
  return { chainId: chainId.toString(), registry, venueId: venueId.toString() };
}

/** Name of a circuit as in circuits.json. */
export function readCircuitName(node: JsonNode): string {
  return node.textLike(CIRCUIT_NAME, 'the name of a circuit: lower-case words joined by hyphens, at most 64 characters');
}

/** Deposits and loans in quanta: pairs, each word below 2^128. */
export function readWords(node: JsonNode): readonly bigint[] {
  const words = node.list({ atMost: MAX_WORDS }).map((word) => word.bigInteger(0n, WORD_LIMIT - 1n));
  if (words.length % 2 !== 0) throw node.refuse(`has ${words.length} words: deposits and loans come in pairs`);
  return Object.freeze(words);
}

export function textsOf(values: readonly bigint[]): string[] {
  return values.map((value) => value.toString());
}

/** Coordinates below the base field's order; whether the points lie on the curve is the verifier's business. */
export function readProof(node: JsonNode): Groth16Proof {
  const fields = node.object(['a', 'b', 'c']);
  const [x, y] = pairOf(fields.field('b'), (one) => pairOf(one, readCoordinate));
  return Object.freeze({ a: pairOf(fields.field('a'), readCoordinate), b: Object.freeze([x, y] as const), c: pairOf(fields.field('c'), readCoordinate) });
}

function pairOf<Value>(node: JsonNode, read: (one: JsonNode) => Value): readonly [Value, Value] {
  const [first, second] = node.list({ atLeast: 2, atMost: 2 });
  if (first === undefined || second === undefined) throw node.refuse('must have 2 entries');
  return Object.freeze([read(first), read(second)] as const);
}

function readCoordinate(node: JsonNode): bigint {
  return node.bigInteger(0n, BASE_FIELD_MODULUS - 1n);
}

/** A checksummed address. @throws AddressChecksumError */
export function readAddress(node: JsonNode): string {
  const address = node.textLike(ADDRESS, 'an address: 0x and 40 hex digits');
  requireChecksum(address, node.place);
  return address;
}

/** @throws AddressChecksumError */
export function requireChecksum(address: string, place: Place): void {
  if (ADDRESS.test(address) && checksumAddress(address) === address) return;
  throw new AddressChecksumError(place, `${quoted(address)} does not have its EIP-55 checksum: it may be mistyped, copy it from the source`);
}
