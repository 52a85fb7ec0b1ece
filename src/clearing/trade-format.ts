import { canonicalText } from '../attestation/canonical-json.js';
import { openEnvelope, readElement } from '../attestation/format-fields.js';
import type { TradeTerms } from '../commitment/trade-commitment.js';
import { HOUSE_FIELDS, houseToJson, readAmount, readHandle, readHouse, readRow, readTime } from './file-fields.js';
import type { HouseLocation } from './order.js';

/** A trade that two parties agreed on, in the open. Secret: with it the commitment on the chain can be opened. */
export interface TradeFile extends HouseLocation {
  readonly terms: TradeTerms;
}

export const TRADE_FORMAT = 'clearproof-trade';
const TERMS_FIELDS = ['buyer', 'seller', 'expiry', 'row', 'payRow', 'quantity', 'payment', 'nonce'];
const MAX_LENGTH = 16_384;

/** Text of a trade's file. @throws AddressChecksumError */
export function serializeTrade({ terms, ...house }: TradeFile): string {
  const members = Object.fromEntries(TERMS_FIELDS.map((name) => [name, terms[name as keyof TradeTerms].toString()]));
  return `${canonicalText({ format: TRADE_FORMAT, version: 1, ...houseToJson(house, TRADE_FORMAT), terms: members })}\n`;
}

/** Reads a trade strictly. @throws the errors of bundles */
export function parseTrade(text: string, file = 'trade'): TradeFile {
  const envelope = openEnvelope(text, { file }, TRADE_FORMAT, [...HOUSE_FIELDS, 'terms'], MAX_LENGTH).fields;
  const fields = envelope.field('terms').object(TERMS_FIELDS);
  const [buyer, seller] = [readHandle(fields.field('buyer')), readHandle(fields.field('seller'))];
  if (buyer === seller) throw fields.field('seller').refuse(`handle ${seller} is the buyer too: an account does not trade with itself`);
  return Object.freeze({
    ...readHouse(envelope),
    terms: Object.freeze({
      buyer, seller, expiry: readTime(fields.field('expiry')), row: readRow(fields.field('row')), payRow: readRow(fields.field('payRow')),
      quantity: readAmount(fields.field('quantity'), 1n), payment: readAmount(fields.field('payment'), 0n), nonce: readElement(fields.field('nonce')),
    }),
  });
}
