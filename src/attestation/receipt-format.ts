import { ARITY, type MerklePath16 } from '../commitment/merkle-tree-16.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';
import { marketTableFromJson, marketTableToJson } from '../risk/market-table-json.js';
import type { MarketTable } from '../risk/market-table.js';
import { MAX_QUANTITY, MAX_SUB_ACCOUNT, MIN_QUANTITY, type Holding } from '../venue/account.js';
import { readUserId } from '../venue/cells.js';
import type { JsonNode, JsonObject } from '../venue/json-node.js';
import { FORMAT_VERSION } from './attestation.js';
import { canonicalText, type JsonObjectValue } from './canonical-json.js';
import { openEnvelope, readCircuitName, readDepth, readElement, readEpoch, readVenue, textsOf, venueToJson } from './format-fields.js';
import type { Receipt } from './receipt.js';

export const RECEIPT_FORMAT = 'clearproof-receipt';

const FIELDS = [
  'venue', 'epoch', 'circuit', 'slots', 'owner', 'userId', 'subAccount', 'holdings', 'salt', 'path', 'depth', 'market', 'attestation',
];
/** Most of it is the market table: 4,096 rows of 64 scenarios are below 6 million characters. */
const MAX_LENGTH = 2 ** 24;
const MAX_SLOTS = 1024;
const MAX_INDEX = 2 ** 16 - 1;
const SHA256 = /^[0-9a-f]{64}$/;
const LOCATION = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{0,1024}$/u;

export function receiptToJson(receipt: Receipt): JsonObjectValue {
  return { ...ownFields(receipt), market: { ...marketTableToJson(receipt.market) } as unknown as JsonObjectValue };
}

/** All but the market table. */
function ownFields(receipt: Omit<Receipt, 'market'>): JsonObjectValue {
  const { path, holdings, attestation } = receipt;
  return {
    format: RECEIPT_FORMAT,
    version: FORMAT_VERSION,
    venue: venueToJson(receipt.venue, { file: 'receipt' }),
    epoch: receipt.epoch.toString(),
    circuit: receipt.circuit,
    slots: receipt.slots.toString(),
    owner: receipt.owner.toString(),
    userId: receipt.userId,
    subAccount: receipt.subAccount.toString(),
    holdings: holdings.map(({ index, quantity }) => ({ index: index.toString(), quantity: quantity.toString() })),
    salt: receipt.salt.toString(),
    path: { position: path.position.toString(), siblings: path.siblings.map(textsOf) },
    depth: receipt.depth.toString(),
    attestation: { sha256: attestation.sha256, location: attestation.location },
  };
}

/** Canonical text of a receipt. @throws NotCanonicalError, AddressChecksumError */
export function serializeReceipt(receipt: Receipt): string {
  return receiptSerializer(receipt.market)(receipt);
}

/**
 * Writes receipts under one market table as `serializeReceipt` does, the table only once: it is most of a receipt's text.
 *
 * @throws NotCanonicalError; the result throws it too, and AddressChecksumError
 */
export function receiptSerializer(market: MarketTable): (receipt: Omit<Receipt, 'market'>) => string {
  const marketText = canonicalText({ ...marketTableToJson(market) } as unknown as JsonObjectValue, { file: 'receipt', field: 'market' });
  return (receipt) => {
    const members: Record<string, string> = { market: marketText };
    for (const [name, value] of Object.entries(ownFields(receipt))) members[name] = canonicalText(value, { file: 'receipt', field: name });
    // No name needs an escape, and sort() goes by code units.
    return `{${Object.keys(members).sort().map((name) => `"${name}":${members[name] as string}`).join(',')}}`;
  };
}

/**
 * Reads a receipt strictly: every error names the JSON path. White space and the order of keys are free, nothing else is.
 * Browser-safe. The values are in range, but not yet held against anything: that is verification's part.
 *
 * @param file name for messages
 * @throws WrongFormatError, FormatVersionError, JsonSizeError, JsonSyntaxError, JsonShapeError, AddressChecksumError, UserIdError,
 *   and the errors of risk/market-errors.ts for the table
 */
export function parseReceipt(text: string, file = 'receipt'): Receipt {
  const { fields, raw } = openEnvelope(text, { file }, RECEIPT_FORMAT, FIELDS, MAX_LENGTH);
  const depth = readDepth(fields.field('depth'));
  const slots = fields.field('slots').integer(1, MAX_SLOTS);
  const userId = fields.field('userId');
  const market = fields.field('market');
  return Object.freeze({
    venue: readVenue(fields.field('venue')),
    epoch: readEpoch(fields.field('epoch')),
    circuit: readCircuitName(fields.field('circuit')),
    slots,
    owner: fields.field('owner').bigInteger(1n, FIELD_MODULUS - 1n),
    userId: readUserId(userId.text(), userId.place),
    subAccount: fields.field('subAccount').integer(0, MAX_SUB_ACCOUNT),
    holdings: readHoldings(fields.field('holdings'), slots),
    salt: readElement(fields.field('salt')),
    path: readPath(fields.field('path'), depth),
    depth,
    market: marketTableFromJson(raw['market'], market.place),
    attestation: readReference(fields),
  });
}

function readHoldings(node: JsonNode, slots: number): readonly Holding[] {
  let previous = -1;
  const holdings = node.list({ atMost: slots }).map((entry): Holding => {
    const fields = entry.object(['index', 'quantity']);
    const index = fields.field('index').integer(0, MAX_INDEX);
    if (index <= previous) throw fields.field('index').refuse(`row ${index} follows row ${previous}: indices must strictly increase`);
    previous = index;
    const quantity = fields.field('quantity').bigInteger(MIN_QUANTITY, MAX_QUANTITY);
    if (quantity === 0n) throw fields.field('quantity').refuse('is 0: leave the holding out');
    return Object.freeze({ index, quantity });
  });
  return Object.freeze(holdings);
}

function readPath(node: JsonNode, depth: number): MerklePath16 {
  const fields = node.object(['position', 'siblings']);
  const levels = fields.field('siblings').list({ atLeast: depth, atMost: depth });
  const siblings = levels.map((level) => Object.freeze(level.list({ atLeast: ARITY - 1, atMost: ARITY - 1 }).map(readElement)));
  return Object.freeze({ position: fields.field('position').integer(0, ARITY ** depth - 1), siblings: Object.freeze(siblings) });
}

function readReference(receipt: JsonObject): Receipt['attestation'] {
  const node = receipt.field('attestation');
  const fields = node.object(['sha256', 'location']);
  return Object.freeze({
    sha256: fields.field('sha256').textLike(SHA256, '64 lower-case hex digits'),
    location: fields.field('location').textLike(LOCATION, 'at most 1024 characters without control characters'),
  });
}

