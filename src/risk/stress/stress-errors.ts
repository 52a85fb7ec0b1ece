import { ClearproofError } from '../../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../../venue/place.js';

/** A stress set contradicts itself, or a table cannot be stressed by it. */
export class StressError extends ClearproofError {
  readonly code = 'STRESS';

  constructor(place: Place, sentence: string, options?: { cause?: unknown }) {
    super(at(place, sentence), detailsOf(place), options);
  }
}
