import { ClearproofError, type ErrorDetails } from '../../error/clearproof-error.js';

/** What the service refused: its own code, message and details, as if it had been called here. `details.status` is HTTP's. */
export class ServiceRefusedError extends ClearproofError {
  constructor(
    readonly code: string,
    message: string,
    details: ErrorDetails,
    readonly status: number,
  ) {
    super(message, { ...details, status });
  }
}

/** The service cannot be reached, or the connection broke. Worth another try: every operation may be repeated. */
export class ServiceUnreachableError extends ClearproofError {
  readonly code = 'SERVICE_UNREACHABLE';
}

/** What answered is not this service, or not of this version. */
export class ServiceAnswerError extends ClearproofError {
  readonly code = 'SERVICE_ANSWER';
}

/** The service's address is no http(s) URL, or would carry the token in the clear. */
export class ServiceUrlError extends ClearproofError {
  readonly code = 'SERVICE_URL';
}
