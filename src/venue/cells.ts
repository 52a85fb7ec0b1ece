import { FIELD_MODULUS } from '../field/scalar-field.js';
import { DecimalError, formatDecimal, parseDecimal, parseInteger } from '../fixed-point/decimal.js';
import { MAX_QUANTITY, MAX_SUB_ACCOUNT, MIN_QUANTITY } from './account.js';
import {
  OwnerError, QuantityFormError, QuantityPrecisionError, QuantityRangeError, SubAccountError, UserIdError,
} from './import-errors.js';
import type { Instrument } from './instrument.js';
import { quoted, type Place } from './place.js';

const MAX_USER_ID = 128;
/** Control and format characters and lone surrogates: the last all become U+FFFD in UTF-8, so two ids would share a digest. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** What a spreadsheet takes for a formula when somebody opens a report. */
const FORMULA = /^[=+\-@]/;
const HEX_OWNER = /^0x[0-9a-fA-F]{1,64}$/;

/** A user id: 1 to 128 characters, no control characters, no space at the ends, no formula. @throws UserIdError */
export function readUserId(text: string, place: Place): string {
  if (text.length === 0 || text.length > MAX_USER_ID) {
    throw new UserIdError(place, `a user id has 1 to ${MAX_USER_ID} characters, this one ${text.length}`);
  }
  if (UNSAFE.test(text)) throw new UserIdError(place, 'the user id has control or unpaired characters: remove them');
  if (text.trim() !== text) throw new UserIdError(place, `the user id ${quoted(text)} begins or ends with a space: remove it`);
  if (FORMULA.test(text)) {
    throw new UserIdError(place, `the user id ${quoted(text)} begins with ${text.charAt(0)}, which a spreadsheet runs: put a letter or digit first`);
  }
  return text;
}

/** A sub-account number in [0, 2^32). @throws SubAccountError */
export function readSubAccount(text: string, place: Place): number {
  let value: bigint;
  try {
    value = parseInteger(text);
  } catch (cause) {
    throw new SubAccountError(place, `the sub-account ${quoted(text)} is not a number: write digits only, as in 0`, { cause });
  }
  if (value < 0n || value > BigInt(MAX_SUB_ACCOUNT)) throw new SubAccountError(place, `the sub-account ${text} is not in [0, 2^32)`);
  return Number(value);
}

/** An owner commitment, decimal or 0x hex, in (0, p). The text is not shown again. @throws OwnerError */
export function readOwner(text: string, place: Place): bigint {
  let value: bigint;
  try {
    value = HEX_OWNER.test(text) ? BigInt(text) : parseInteger(text);
  } catch (cause) {
    throw new OwnerError(place, 'the owner is neither a decimal nor a 0x number: take the one that the user\'s tool printed', { cause });
  }
  if (value <= 0n || value >= FIELD_MODULUS) {
    throw new OwnerError(place, 'the owner is not in (0, p): take the one that the user\'s tool printed');
  }
  return value;
}

/** A quantity in units of the instrument, as quanta. @throws QuantityFormError, QuantityPrecisionError, QuantityRangeError */
export function readQuantity(text: string, instrument: Instrument, place: Place): bigint {
  return inRange(parsePlaced(text, instrument.quantityDecimals, instrument, place), instrument, place);
}

/**
 * A quantity as an integer of 10^-decimals units, as quanta of the instrument.
 * @throws QuantityFormError, QuantityPrecisionError, QuantityRangeError
 */
export function readNativeQuantity(text: string, decimals: number, instrument: Instrument, place: Place): bigint {
  const native = parsePlaced(text, 0, instrument, place);
  const finer = instrument.quantityDecimals - decimals;
  if (finer >= 0) return inRange(native * 10n ** BigInt(finer), instrument, place);
  const step = 10n ** BigInt(-finer);
  if (native % step !== 0n) {
    throw new QuantityPrecisionError(
      place,
      `${formatDecimal(native, decimals)} ${instrument.id} has more than ${instrument.quantityDecimals} decimals: list the instrument with ${decimals}`,
    );
  }
  return inRange(native / step, instrument, place);
}

function parsePlaced(text: string, scale: number, instrument: Instrument, place: Place): bigint {
  try {
    return parseDecimal(text, scale);
  } catch (cause) {
    if (!(cause instanceof DecimalError)) throw cause;
    if (isPlainDecimal(text)) {
      throw new QuantityPrecisionError(place, `${quoted(text)} has more than ${scale} decimals, the most for ${instrument.id} here: round it in the ledger`, { cause });
    }
    throw new QuantityFormError(place, `${quoted(text)} is not a quantity of ${instrument.id}: write digits with at most one point, as in -1234.56`, { cause });
  }
}

/** Whether only the scale was the trouble. */
function isPlainDecimal(text: string): boolean {
  try {
    parseDecimal(text, 0, 'floor');
    return true;
  } catch (cause) {
    if (cause instanceof DecimalError) return false;
    throw cause;
  }
}

function inRange(quanta: bigint, instrument: Instrument, place: Place): bigint {
  if (quanta >= MIN_QUANTITY && quanta <= MAX_QUANTITY) return quanta;
  throw new QuantityRangeError(
    place,
    `${formatDecimal(quanta, instrument.quantityDecimals)} ${instrument.id} does not fit 64 bits and a sign: `
    + 'split it over sub-accounts or list the instrument with fewer decimals',
  );
}
