import { canonicalText } from '../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../attestation/format-fields.js';
import { HOUSE_FIELDS, houseToJson, readHandle, readHouse } from '../clearing/file-fields.js';
import { openingToJson, readOpening } from '../clearing/opening-format.js';
import type { HouseLocation } from '../clearing/order.js';
import type { ClearedOpening } from '../commitment/cleared-account.js';

/** One opening of one account, without who owns it: what bidders are told. Secret until the account is sold: write it with SECRET_FILE. */
export interface DisclosedOpening extends HouseLocation {
  readonly handle: bigint;
  readonly opening: ClearedOpening;
}

export const DISCLOSED_OPENING_FORMAT = 'clearproof-disclosed-opening';
const FIELDS = [...HOUSE_FIELDS, 'handle', 'key', 'opening'];
/** 1,024 slots of the longest numbers. */
export const MAX_OPENING_LENGTH = 2 ** 17;

/** @throws AddressChecksumError */
export function serializeDisclosedOpening({ handle, opening: { key, ...rest }, ...house }: DisclosedOpening): string {
  return `${canonicalText({
    format: DISCLOSED_OPENING_FORMAT, version: 1, ...houseToJson(house, DISCLOSED_OPENING_FORMAT), handle: handle.toString(), key: key.toString(), opening: openingToJson(rest),
  })}\n`;
}

/** Reads an opening strictly; no error tells what stands in it beyond the field that is wrong. @throws the errors of bundles */
export function parseDisclosedOpening(text: string, file = 'opening'): DisclosedOpening {
  const { fields } = openEnvelope(text, { file }, DISCLOSED_OPENING_FORMAT, FIELDS, MAX_OPENING_LENGTH);
  return Object.freeze({
    ...readHouse(fields), handle: readHandle(fields.field('handle')),
    opening: Object.freeze({ key: readElement(fields.field('key')), ...readOpening(fields.field('opening')) }),
  });
}
