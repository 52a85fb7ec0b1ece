import { ClearproofError } from '../error/clearproof-error.js';

/** No such thing, or none the caller may know of: the two answers are one. `details.what` says what was asked for. */
export class NotFoundError extends ClearproofError {
  readonly code = 'NOT_FOUND';
}

/** What was asked for contradicts the state of things, say a retry of a step that is not dead. */
export class StateConflictError extends ClearproofError {
  readonly code = 'STATE_CONFLICT';
}

/** The snapshot has findings: an epoch of it cannot be proven. */
export class SnapshotNotProvableError extends ClearproofError {
  readonly code = 'SNAPSHOT_NOT_PROVABLE';
}

/** More bytes than the service takes, as sent or once decompressed. */
export class TooLargeError extends ClearproofError {
  readonly code = 'TOO_LARGE';
}

/** A proof that only the owner of an account can make. */
export class OwnerSecretError extends ClearproofError {
  readonly code = 'OWNER_SECRET';
}
