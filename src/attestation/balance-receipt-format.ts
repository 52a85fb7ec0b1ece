import { FIELD_MODULUS } from '../field/scalar-field.js';
import { MAX_QUANTITY_DECIMALS, MAX_UNIX_SECONDS, SYMBOL, SYMBOL_RULE } from '../risk/table-rules.js';
import { MAX_SUB_ACCOUNT } from '../venue/account.js';
import { readUserId } from '../venue/cells.js';
import type { JsonNode } from '../venue/json-node.js';
import { FORMAT_VERSION } from './attestation.js';
import type { BalanceReceipt, PromisedAmount, PromiseOpening, SignedBalance } from './balance-receipt.js';
import { canonicalText, type JsonObjectValue } from './canonical-json.js';
import { openEnvelope, readAddress, readElement, readVenue, requireChecksum, venueToJson } from './format-fields.js';

const BALANCE_RECEIPT_FORMAT = 'clearproof-balance-receipt';

const FIELDS = ['venue', 'disputes', 'receipt', 'receiptSigner', 'signature', 'opening'];
const RECEIPT_FIELDS = ['balance', 'account', 'signer', 'sequence', 'issuedAt', 'validUntil'];
const OPENING_FIELDS = ['owner', 'userId', 'subAccount', 'blinding', 'promised'];
const PROMISED_FIELDS = ['instrument', 'quantityDecimals', 'firstRow', 'lastRow', 'amount'];
const MAX_LENGTH = 4_096;
/** As the contract takes it: r, s and 27 or 28. */
const SIGNATURE = /^0x[0-9a-f]{128}1[bc]$/;
const BYTES_32 = /^0x[0-9a-f]{64}$/;
const MAX_ROW = 2 ** 16 - 1;
const MAX_64 = 2n ** 64n - 1n;
/** A blinding of fewer bits would let somebody try out amounts. */
const MIN_BLINDING = 2n ** 96n;

/** @throws AddressChecksumError */
export function signedBalanceToJson({ venue, disputes, receipt, receiptSigner, signature, opening }: SignedBalance): JsonObjectValue {
  const { balance, account, signer, sequence, issuedAt, validUntil } = receipt;
  for (const [field, address] of Object.entries({ disputes, receiptSigner, 'receipt.signer': signer })) requireChecksum(address, { file: 'balance receipt', field });
  return {
    format: BALANCE_RECEIPT_FORMAT, version: FORMAT_VERSION, venue: venueToJson(venue, { file: 'balance receipt' }), disputes,
    receipt: { balance: balance.toString(), account, signer, sequence: sequence.toString(), issuedAt: issuedAt.toString(), validUntil: validUntil.toString() },
    receiptSigner, signature, opening: openingToJson(opening),
  };
}

function openingToJson({ owner, userId, subAccount, blinding, promised }: PromiseOpening): JsonObjectValue {
  return {
    owner: owner.toString(), userId, subAccount: subAccount.toString(), blinding: blinding.toString(),
    ...(promised === undefined ? {} : { promised: promisedToJson(promised) }),
  };
}

function promisedToJson({ instrument, quantityDecimals, firstRow, lastRow, amount }: PromisedAmount): JsonObjectValue {
  return { instrument, quantityDecimals: quantityDecimals.toString(), firstRow: firstRow.toString(), lastRow: lastRow.toString(), amount: amount.toString() };
}

/** Canonical text of a signed balance, on one line. @throws NotCanonicalError, AddressChecksumError */
export function serializeSignedBalance(signed: SignedBalance): string {
  return canonicalText(signedBalanceToJson(signed), { file: 'balance receipt' });
}

/**
 * Reads a signed balance strictly: every error names the JSON path. Browser-safe. The values are in range, but not yet held against
 * anything: `checkOpening` of the verification does that.
 *
 * @param file name for messages
 * @throws WrongFormatError, FormatVersionError, JsonSizeError, JsonSyntaxError, JsonShapeError, AddressChecksumError, UserIdError
 */
export function parseSignedBalance(text: string, file = 'balance receipt'): SignedBalance {
  const { fields } = openEnvelope(text, { file }, BALANCE_RECEIPT_FORMAT, FIELDS, MAX_LENGTH);
  const venue = readVenue(fields.field('venue'));
  return Object.freeze({
    venue,
    disputes: readAddress(fields.field('disputes')),
    receipt: readReceipt(fields.field('receipt'), venue.venueId),
    receiptSigner: readAddress(fields.field('receiptSigner')),
    signature: fields.field('signature').textLike(SIGNATURE, 'a signature: 0x and 130 lower-case hex digits that end in 1b or 1c'),
    opening: readOpening(fields.field('opening')),
  });
}

function readReceipt(node: JsonNode, venueId: bigint): BalanceReceipt {
  const fields = node.object(RECEIPT_FIELDS);
  const issuedAt = fields.field('issuedAt').integer(0, MAX_UNIX_SECONDS);
  return Object.freeze({
    venueId,
    balance: readElement(fields.field('balance')),
    account: fields.field('account').textLike(BYTES_32, '32 bytes: 0x and 64 lower-case hex digits'),
    signer: readAddress(fields.field('signer')),
    sequence: fields.field('sequence').bigInteger(0n, MAX_64),
    issuedAt,
    validUntil: fields.field('validUntil').integer(issuedAt, MAX_UNIX_SECONDS),
  });
}

function readOpening(node: JsonNode): PromiseOpening {
  const fields = node.object(OPENING_FIELDS);
  const userId = fields.field('userId');
  const promised = fields.optional('promised');
  return Object.freeze({
    owner: fields.field('owner').bigInteger(1n, FIELD_MODULUS - 1n),
    userId: readUserId(userId.text(), userId.place),
    subAccount: fields.field('subAccount').integer(0, MAX_SUB_ACCOUNT),
    blinding: fields.field('blinding').bigInteger(MIN_BLINDING, FIELD_MODULUS - 1n),
    promised: promised === undefined ? undefined : readPromised(promised),
  });
}

function readPromised(node: JsonNode): PromisedAmount {
  const fields = node.object(PROMISED_FIELDS);
  const firstRow = fields.field('firstRow').integer(0, MAX_ROW);
  return Object.freeze({
    instrument: fields.field('instrument').textLike(SYMBOL, SYMBOL_RULE),
    quantityDecimals: fields.field('quantityDecimals').integer(0, MAX_QUANTITY_DECIMALS),
    firstRow,
    lastRow: fields.field('lastRow').integer(firstRow, MAX_ROW),
    amount: fields.field('amount').bigInteger(1n, MAX_64),
  });
}
