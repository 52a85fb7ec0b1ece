import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { Place } from '../venue/place.js';
import { NotCanonicalError } from './format-errors.js';

/** What our bundles are made of. Integers are decimal strings; a JSON number is a version or a count in a verification key. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | JsonObjectValue;
export interface JsonObjectValue {
  readonly [name: string]: JsonValue;
}

/** Half of a surrogate pair: has no UTF-8 form, so two texts would share their bytes. */
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * The one text of a value: keys by UTF-16 code units, no white space, strings as ECMAScript's JSON.stringify writes them.
 * This is RFC 8785 without fractions, exponents, negative numbers and null.
 *
 * @throws NotCanonicalError with the JSON path for anything that has no canonical form
 */
export function canonicalText(value: JsonValue, place: Place = { file: 'value' }): string {
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw new NotCanonicalError(place, 'the text has an unpaired surrogate: remove it');
    return JSON.stringify(value);
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return countText(value, place);
  if (Array.isArray(value)) {
    return `[${(value as readonly JsonValue[]).map((entry, index) => canonicalText(entry, inList(place, index))).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) {
    throw new NotCanonicalError(place, `${value === null ? 'null' : typeof value} has no canonical form: write integers as strings`);
  }
  const members = Object.entries(value as JsonObjectValue).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalText(name, place)}:${canonicalText(member, inObject(place, name))}`).join(',')}}`;
}

/** SHA-256 of the UTF-8 bytes of the canonical text: 64 lower-case hex digits. */
export function canonicalSha256(value: JsonValue): string {
  return sha256OfText(canonicalText(value));
}

/** SHA-256 of a text's UTF-8 bytes: 64 lower-case hex digits. */
export function sha256OfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

export function inObject(place: Place, name: string): Place {
  return { ...place, field: place.field === undefined ? name : `${place.field}.${name}` };
}

export function inList(place: Place, index: number): Place {
  return { ...place, field: `${place.field ?? ''}[${index}]` };
}

function countText(value: number, place: Place): string {
  if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
    throw new NotCanonicalError(place, `the number ${value} has no canonical form: write integers as strings`);
  }
  return value.toString();
}
