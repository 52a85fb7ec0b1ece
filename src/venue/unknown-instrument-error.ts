import { ClearproofError } from '../error/clearproof-error.js';

/** A holding names an instrument, by symbol or by row index, that the list does not have. */
export class UnknownInstrumentError extends ClearproofError {
  readonly code = 'UNKNOWN_INSTRUMENT';
}
