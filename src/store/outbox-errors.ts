import { ClearproofError } from '../error/clearproof-error.js';

/** The lease on a row ran out or somebody else took it: what was about to be stored was not. */
export class OutboxLeaseLostError extends ClearproofError {
  readonly code = 'OUTBOX_LEASE_LOST';
}

/** Something else was put into the outbox for the same venue, epoch and kind before. `details.epoch`, `details.kind`. */
export class OutboxConflictError extends ClearproofError {
  readonly code = 'OUTBOX_CONFLICT';
}

/** There is no such entry, or it is not in a state for what was asked. */
export class OutboxEntryError extends ClearproofError {
  readonly code = 'OUTBOX_ENTRY';
}
