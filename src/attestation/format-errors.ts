import { ClearproofError } from '../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../venue/place.js';

/** Base of what makes a bundle unreadable as a whole. Wrong fields are JsonShapeError, wrong JSON is JsonSyntaxError. */
abstract class FormatError extends ClearproofError {
  constructor(place: Place, sentence: string) {
    super(at(place, sentence), detailsOf(place));
  }
}

/** The text is longer or nested deeper than any bundle of its kind. */
export class JsonSizeError extends FormatError {
  readonly code = 'JSON_SIZE';
}

/** The bundle is of another kind than expected: a receipt where an attestation should be. */
export class WrongFormatError extends FormatError {
  readonly code = 'WRONG_FORMAT';
}

/** The bundle has a version this program does not know. */
export class FormatVersionError extends FormatError {
  readonly code = 'FORMAT_VERSION';
}

/** The registry's address is not spelt with its checksum, so it may be mistyped. */
export class AddressChecksumError extends FormatError {
  readonly code = 'ADDRESS_CHECKSUM';
}

/** A value given to an encoder has no canonical JSON form. */
export class NotCanonicalError extends FormatError {
  readonly code = 'NOT_CANONICAL';
}
