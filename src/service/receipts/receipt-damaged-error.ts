import { ClearproofError } from '../../error/clearproof-error.js';

/** A place's leaf is not in the attested tree. Its receipt would not verify, so it is not given out. */
export class ReceiptDamagedError extends ClearproofError {
  readonly code = 'RECEIPT_DAMAGED';
}
