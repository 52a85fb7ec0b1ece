import type { JsonObjectValue } from '../attestation/canonical-json.js';
import { readAddress, readVenue, requireChecksum, venueToJson } from '../attestation/format-fields.js';
import { MAX_QUANTITY } from '../venue/account.js';
import type { JsonNode, JsonObject } from '../venue/json-node.js';
import type { HouseLocation } from './order.js';

/** Handles are numbers from 1, below 2^64; 0 is an account that is not open. */
export const MAX_HANDLE = 2n ** 64n - 1n;
export const MAX_ROW = 2 ** 16 - 1;
const MAX_TIME = 2 ** 40 - 1;
const MAX_PERIOD = 2 ** 32 - 1;
const BYTES32 = /^0x[0-9a-f]{64}$/;

export const HOUSE_FIELDS = ['venue', 'house'] as const;

export function houseToJson({ venue, house }: HouseLocation, file: string): JsonObjectValue {
  requireChecksum(house, { file, field: 'house' });
  return { venue: venueToJson(venue, { file }), house };
}

export function readHouse(fields: JsonObject): HouseLocation {
  return { venue: readVenue(fields.field('venue')), house: readAddress(fields.field('house')) };
}

export function readHandle(node: JsonNode): bigint {
  return node.bigInteger(1n, MAX_HANDLE);
}

export function readRow(node: JsonNode): number {
  return node.integer(0, MAX_ROW);
}

/** Quanta, below 2^64. */
export function readAmount(node: JsonNode, least: bigint): bigint {
  return node.bigInteger(least, MAX_QUANTITY);
}

export function readTime(node: JsonNode): number {
  return node.integer(0, MAX_TIME);
}

export function readPeriod(node: JsonNode): number {
  return node.integer(0, MAX_PERIOD);
}

/** JSON's own true or false. */
export function readFlag(node: JsonNode): boolean {
  const value = node.raw();
  if (typeof value !== 'boolean') throw node.refuse('expected true or false, without quotes');
  return value;
}

export function readBytes32(node: JsonNode): string {
  return node.textLike(BYTES32, '32 bytes in hex: 0x and 64 lower-case hex digits');
}
