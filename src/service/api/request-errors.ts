import { ClearproofError, type ErrorDetails } from '../../error/clearproof-error.js';

/** The request is not what its route takes: a field is missing, unknown or out of its bounds. Never repeats the value. */
export class RequestShapeError extends ClearproofError {
  readonly code = 'REQUEST_SHAPE';
}

/** The body is not JSON as this service reads it. */
export class RequestJsonError extends ClearproofError {
  readonly code = 'REQUEST_JSON';
}

/** The bytes are of a type, charset or encoding that the route does not take. */
export class MediaTypeError extends ClearproofError {
  readonly code = 'MEDIA_TYPE';
}

/** The body is not gzip, or ends in the middle. */
export class RequestCompressionError extends ClearproofError {
  readonly code = 'REQUEST_COMPRESSION';
}

/** A body where none belongs. */
export class UnexpectedBodyError extends ClearproofError {
  readonly code = 'UNEXPECTED_BODY';
}

/** The request came in too slowly. */
export class RequestTimeoutError extends ClearproofError {
  readonly code = 'REQUEST_TIMEOUT';
}

/** The connection ended in the middle of the body. */
export class RequestAbortedError extends ClearproofError {
  readonly code = 'REQUEST_ABORTED';
}

/** No token, or one that is unknown, expired or revoked: which of them is not said. */
export class UnauthenticatedError extends ClearproofError {
  readonly code = 'UNAUTHENTICATED';

  constructor() {
    super('this needs a valid access token: send "Authorization: Bearer cp_…"');
  }
}

/** The token is good, its role is not one of those that may do this. */
export class ForbiddenError extends ClearproofError {
  readonly code = 'FORBIDDEN';
}

/** Base of what asks the caller to come again later. */
export abstract class ComeAgainError extends ClearproofError {
  constructor(
    message: string,
    /** Seconds until another try makes sense, at least 1. */
    readonly retryAfter: number,
    details: ErrorDetails = {},
  ) {
    super(message, { ...details, retryAfter });
  }
}

/** More requests than the limit of this token or address. */
export class RateLimitedError extends ComeAgainError {
  readonly code = 'RATE_LIMITED';
}

/** As many progress streams are open as the service keeps. */
export class TooManyStreamsError extends ComeAgainError {
  readonly code = 'TOO_MANY_STREAMS';
}

/** An answer does not fit its own schema; it was not sent. A mistake of this program. */
export class AnswerShapeError extends ClearproofError {
  readonly code = 'ANSWER_SHAPE';
}
