import { ClearproofError } from '../error/clearproof-error.js';

/** Circuits that cannot stand in one epoch, or cannot close its table. */
export class ShapeMismatchError extends ClearproofError {
  readonly code = 'SHAPE_MISMATCH';
}
