import { ARITY } from '../commitment/merkle-tree-16.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { elementAt, ELEMENT_BYTES, packElements, unpackElements } from '../field/element-bytes.js';
import type { Receipt } from './receipt.js';
import type { ReceiptCommon } from './receipt-bucket.js';

/*
 * An account's part of a receipt: integers big-endian, unused bytes 0.
 *
 *   1  place of the circuit in common.circuits
 *   4  sub-account
 *   6  position
 *  32  owner
 *  32  salt
 *  15 * 32 * depth  siblings from the leaf upwards
 *   2  bytes of the user id, then 384 for it in UTF-8
 *   2  holdings, then 11 for each slot of the largest circuit: row (2), quantity (9, two's complement)
 */

/** The part of a receipt that is one account's. */
export type AccountPart = Pick<Receipt, 'circuit' | 'owner' | 'userId' | 'subAccount' | 'holdings' | 'salt' | 'path'>;

const SUB_ACCOUNT_AT = 1;
const POSITION_AT = 5;
const OWNER_AT = 11;
const SALT_AT = OWNER_AT + ELEMENT_BYTES;
const SIBLINGS_AT = SALT_AT + ELEMENT_BYTES;
/** 128 UTF-16 code units take three bytes each at most. */
const USER_ID_BYTES = 384;
const COUNT_BYTES = 2;
const ROW_BYTES = 2;
/** Bits -2^64 .. 2^64 - 1 needs, and whole bytes for them. */
const QUANTITY_BYTES = 9;
const HOLDING_BYTES = ROW_BYTES + QUANTITY_BYTES;
const LIMB = 2 ** 32;

/** An encoded part is damaged, or was written by another program. */
export class AccountPartError extends ClearproofError {
  readonly code = 'ACCOUNT_PART';
}

type Shape = Pick<ReceiptCommon, 'depth' | 'circuits'>;

/** Bytes of every part of an epoch, however much an account holds. */
export function accountPartBytes(shape: Shape): number {
  return holdingsAt(shape) + COUNT_BYTES + HOLDING_BYTES * mostSlots(shape);
}

/** @throws AccountPartError for a circuit that is not listed or more holdings than its slots */
export function encodeAccountPart(part: AccountPart, shape: Shape): Uint8Array {
  const bytes = new Uint8Array(accountPartBytes(shape));
  const view = new DataView(bytes.buffer);
  const circuit = shape.circuits.findIndex((one) => one.circuit === part.circuit);
  if (circuit < 0 || part.holdings.length > (shape.circuits[circuit]?.slots ?? 0)) throw new AccountPartError('the account does not fit the circuits of its epoch');
  view.setUint8(0, circuit);
  view.setUint32(SUB_ACCOUNT_AT, part.subAccount);
  view.setUint16(POSITION_AT, Math.floor(part.path.position / LIMB));
  view.setUint32(POSITION_AT + 2, part.path.position % LIMB);
  bytes.set(packElements([part.owner, part.salt]), OWNER_AT);
  bytes.set(packElements(part.path.siblings.flat()), SIBLINGS_AT);
  const userId = new TextEncoder().encode(part.userId);
  view.setUint16(userIdAt(shape), userId.length);
  bytes.set(userId, userIdAt(shape) + COUNT_BYTES);
  view.setUint16(holdingsAt(shape), part.holdings.length);
  part.holdings.forEach(({ index, quantity }, place) => {
    const at = holdingsAt(shape) + COUNT_BYTES + HOLDING_BYTES * place;
    view.setUint16(at, index);
    view.setInt8(at + ROW_BYTES, Number(quantity >> 64n));
    view.setBigUint64(at + ROW_BYTES + 1, BigInt.asUintN(64, quantity));
  });
  return bytes;
}

/**
 * Reads an encoded part; values are as the bytes have them, and whether they are in range is parseReceipt's business.
 *
 * @throws AccountPartError unless encoding what was read gives the very same bytes
 */
export function decodeAccountPart(bytes: Uint8Array, shape: Shape): AccountPart {
  if (bytes.length !== accountPartBytes(shape)) throw new AccountPartError('the part has another length than the epoch\'s circuits give');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const circuit = shape.circuits[view.getUint8(0)];
  const [userIdLength, count] = [view.getUint16(userIdAt(shape)), view.getUint16(holdingsAt(shape))];
  if (circuit === undefined || userIdLength > USER_ID_BYTES || count > circuit.slots) throw new AccountPartError('the part names a circuit, a length or a count that cannot be');
  const userIdStart = userIdAt(shape) + COUNT_BYTES;
  const elements = unpackElements(bytes.slice(SIBLINGS_AT, userIdAt(shape)));
  const part: AccountPart = {
    circuit: circuit.circuit,
    subAccount: view.getUint32(SUB_ACCOUNT_AT),
    owner: elementAt(bytes.slice(OWNER_AT, SALT_AT), 0),
    salt: elementAt(bytes.slice(SALT_AT, SIBLINGS_AT), 0),
    userId: new TextDecoder().decode(bytes.subarray(userIdStart, userIdStart + userIdLength)),
    path: {
      position: view.getUint16(POSITION_AT) * LIMB + view.getUint32(POSITION_AT + 2),
      siblings: Array.from({ length: shape.depth }, (_, level) => elements.slice((ARITY - 1) * level, (ARITY - 1) * (level + 1))),
    },
    holdings: Array.from({ length: count }, (_, place) => {
      const at = holdingsAt(shape) + COUNT_BYTES + HOLDING_BYTES * place;
      return { index: view.getUint16(at), quantity: (BigInt(view.getInt8(at + ROW_BYTES)) << 64n) | view.getBigUint64(at + ROW_BYTES + 1) };
    }),
  };
  // One text has one encoding: bytes behind a name or a list, and broken UTF-8, are refused.
  if (!sameBytes(encodeAccountPart(part, shape), bytes)) throw new AccountPartError('the part has bytes where there should be none');
  return part;
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function mostSlots({ circuits }: Shape): number {
  return Math.max(...circuits.map(({ slots }) => slots));
}

function userIdAt({ depth }: Shape): number {
  return SIBLINGS_AT + (ARITY - 1) * ELEMENT_BYTES * depth;
}

function holdingsAt(shape: Shape): number {
  return userIdAt(shape) + COUNT_BYTES + USER_ID_BYTES;
}
