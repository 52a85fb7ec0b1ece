import { ClearproofError } from '../error/clearproof-error.js';

/** The audit was stopped before its end. What is verified is kept; run it again to go on. */
export class AuditInterruptedError extends ClearproofError {
  readonly code = 'AUDIT_INTERRUPTED';
}

/** A process that verifies an epoch died. `details.epoch`. */
export class AuditWorkerError extends ClearproofError {
  readonly code = 'AUDIT_WORKER';
}

/** A source of bundles is neither a folder nor an http(s) URL, or a folder cannot be read. */
export class BundleSourceError extends ClearproofError {
  readonly code = 'BUNDLE_SOURCE';
}

/** Epochs to audit that the venue does not have. */
export class EpochRangeError extends ClearproofError {
  readonly code = 'EPOCH_RANGE';
}
