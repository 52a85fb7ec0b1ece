import { canonicalText, type JsonObjectValue } from '../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../attestation/format-fields.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';
import { MAX_QUANTITY, MAX_SUB_ACCOUNT, MIN_QUANTITY, type Holding } from '../venue/account.js';
import { readUserId } from '../venue/cells.js';
import type { JsonNode } from '../venue/json-node.js';
import { HOUSE_FIELDS, MAX_HANDLE, houseToJson, readHouse, readPeriod, readRow } from './file-fields.js';
import { KEPT_OPENINGS, type ClearedAccountFile } from './opening-file.js';

export const OPENING_FORMAT = 'clearproof-cleared-account';
const FIELDS = [...HOUSE_FIELDS, 'handle', 'owner', 'userId', 'subAccount', 'openings'];
const MAX_LENGTH = 2 ** 22;
const MAX_SLOTS = 1024;

/** All of an opening but its key. */
export type KeptOpening = ClearedAccountFile['openings'][number];

/** Text of an account's file: secret, write it with SECRET_FILE. @throws AddressChecksumError */
export function serializeClearedAccount({ handle, owner, userId, subAccount, openings, ...house }: ClearedAccountFile): string {
  return `${canonicalText({
    format: OPENING_FORMAT, version: 1, ...houseToJson(house, OPENING_FORMAT), handle: handle.toString(), owner: owner.toString(), userId,
    subAccount: subAccount.toString(), openings: openings.map(openingToJson),
  })}\n`;
}

/** Reads an account's file strictly; no error tells what stands in it beyond the field that is wrong. @throws the errors of bundles, UserIdError */
export function parseClearedAccount(text: string, file = 'account'): ClearedAccountFile {
  const { fields } = openEnvelope(text, { file }, OPENING_FORMAT, FIELDS, MAX_LENGTH);
  const userId = fields.field('userId');
  return Object.freeze({
    ...readHouse(fields), handle: fields.field('handle').bigInteger(0n, MAX_HANDLE), owner: fields.field('owner').bigInteger(1n, FIELD_MODULUS - 1n),
    userId: readUserId(userId.text(), userId.place), subAccount: fields.field('subAccount').integer(0, MAX_SUB_ACCOUNT),
    openings: Object.freeze(fields.field('openings').list({ atMost: KEPT_OPENINGS }).map(readOpening)),
  });
}

/** Members of one opening. */
export function openingToJson({ nonce, period, slots }: KeptOpening): JsonObjectValue {
  return {
    nonce: nonce.toString(), period: period.toString(), slots: slots.map(({ index, quantity }) => ({ index: index.toString(), quantity: quantity.toString() })),
  };
}

/** Reads the members of one opening strictly. */
export function readOpening(node: JsonNode): KeptOpening {
  const fields = node.object(['nonce', 'period', 'slots']);
  let previous = -1;
  const slots = fields.field('slots').list({ atLeast: 1, atMost: MAX_SLOTS }).map((entry): Holding => {
    const slot = entry.object(['index', 'quantity']);
    const index = readRow(slot.field('index'));
    if (index <= previous) throw slot.field('index').refuse('row indices must strictly increase');
    previous = index;
    return Object.freeze({ index, quantity: slot.field('quantity').bigInteger(MIN_QUANTITY, MAX_QUANTITY) });
  });
  return Object.freeze({ nonce: readElement(fields.field('nonce')), period: readPeriod(fields.field('period')), slots: Object.freeze(slots) });
}
