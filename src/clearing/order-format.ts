import { canonicalText } from '../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../attestation/format-fields.js';
import type { JsonNode } from '../venue/json-node.js';
import { HOUSE_FIELDS, houseToJson, readAmount, readFlag, readHandle, readHouse, readRow, readTime } from './file-fields.js';
import type { Order, SignedOrder } from './order.js';

export const ORDER_FORMAT = 'clearproof-order';
const ORDER_FIELDS = ['handle', 'seller', 'row', 'payRow', 'quantity', 'payment', 'partial', 'expiry', 'nonce'];
const MAX_LENGTH = 16_384;
/** A contract that controls an account may answer to a longer one than a key's 65 bytes. */
const SIGNATURE = /^0x([0-9a-f]{2}){1,1024}$/;

/** Text of an order's file. Show it to whom you want to trade with, nobody else. @throws AddressChecksumError */
export function serializeOrder({ order, signature, ...house }: SignedOrder): string {
  const { handle, seller, row, payRow, quantity, payment, partial, expiry, nonce } = order;
  return `${canonicalText({
    format: ORDER_FORMAT, version: 1, ...houseToJson(house, ORDER_FORMAT), signature,
    order: {
      handle: handle.toString(), seller, row: row.toString(), payRow: payRow.toString(), quantity: quantity.toString(), payment: payment.toString(),
      partial, expiry: expiry.toString(), nonce: nonce.toString(),
    },
  })}\n`;
}

/** Reads an order strictly; whose signature it has the chain knows. @throws the errors of bundles */
export function parseOrder(text: string, file = 'order'): SignedOrder {
  const { fields } = openEnvelope(text, { file }, ORDER_FORMAT, [...HOUSE_FIELDS, 'order', 'signature'], MAX_LENGTH);
  return Object.freeze({
    ...readHouse(fields), order: readOrder(fields.field('order')), signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and lower-case hex digits'),
  });
}

function readOrder(node: JsonNode): Order {
  const fields = node.object(ORDER_FIELDS);
  return Object.freeze({
    handle: readHandle(fields.field('handle')), seller: readFlag(fields.field('seller')), row: readRow(fields.field('row')), payRow: readRow(fields.field('payRow')),
    quantity: readAmount(fields.field('quantity'), 1n), payment: readAmount(fields.field('payment'), 0n), partial: readFlag(fields.field('partial')),
    expiry: readTime(fields.field('expiry')), nonce: readElement(fields.field('nonce')),
  });
}
