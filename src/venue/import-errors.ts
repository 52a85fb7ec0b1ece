import { ClearproofError } from '../error/clearproof-error.js';
import { at, detailsOf, type Place } from './place.js';

/** Base of what an importer refuses: the message begins with the place, the details repeat it. */
abstract class ImportError extends ClearproofError {
  constructor(place: Place, sentence: string, options?: { cause?: unknown }) {
    super(at(place, sentence), detailsOf(place), options);
  }
}

/** The file cannot be opened, read or decompressed. */
export class SourceReadError extends ImportError {
  readonly code = 'SOURCE_READ';
}

/** The bytes are not UTF-8. */
export class EncodingError extends ImportError {
  readonly code = 'ENCODING';
}

/** A row or line is longer than any account needs. */
export class RowLengthError extends ImportError {
  readonly code = 'ROW_LENGTH';
}

/** The header of a CSV lacks a column, repeats one or has one nobody asked for. */
export class CsvHeaderError extends ImportError {
  readonly code = 'CSV_HEADER';
}

/** A CSV row has the wrong number of cells or broken quotes. */
export class CsvRowError extends ImportError {
  readonly code = 'CSV_ROW';
}

/** The text is not JSON, or an object repeats a key. */
export class JsonSyntaxError extends ImportError {
  readonly code = 'JSON_SYNTAX';
}

/** A JSON value has the wrong type, a missing field, an unknown field or lies outside its bounds. */
export class JsonShapeError extends ImportError {
  readonly code = 'JSON_SHAPE';
}

/** A column mapping contradicts itself or the instrument list. */
export class ColumnMappingError extends ImportError {
  readonly code = 'COLUMN_MAPPING';
}

/** A snapshot without a single account. */
export class EmptySnapshotError extends ImportError {
  readonly code = 'EMPTY_SNAPSHOT';
}

/** The same user and sub-account twice, whether or not the rows are neighbours. */
export class DuplicateAccountError extends ImportError {
  readonly code = 'DUPLICATE_ACCOUNT';
}

/** The same instrument twice in one account. */
export class DuplicateHoldingError extends ImportError {
  readonly code = 'DUPLICATE_HOLDING';
}

/** More instruments in one account than the circuit has slots. */
export class TooManyHoldingsError extends ImportError {
  readonly code = 'TOO_MANY_HOLDINGS';
}

/** A user id is empty, too long, or has characters that would make two ids look or hash alike. */
export class UserIdError extends ImportError {
  readonly code = 'USER_ID';
}

/** A sub-account number is not an integer in [0, 2^32). */
export class SubAccountError extends ImportError {
  readonly code = 'SUB_ACCOUNT';
}

/** An owner is not a field element in (0, p), or differs between the rows of one account. */
export class OwnerError extends ImportError {
  readonly code = 'OWNER';
}

/** A quantity is not a plain decimal: exponent, hex, white space, formula, minus zero. */
export class QuantityFormError extends ImportError {
  readonly code = 'QUANTITY_FORM';
}

/** A quantity has more decimals than its instrument. */
export class QuantityPrecisionError extends ImportError {
  readonly code = 'QUANTITY_PRECISION';
}

/** A quantity does not fit 64 bits and a sign. */
export class QuantityRangeError extends ImportError {
  readonly code = 'QUANTITY_RANGE';
}
