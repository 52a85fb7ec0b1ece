import { ClearproofError } from '../../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../../venue/place.js';

/** Base of what makes a parameter set, a price file or a surface unusable. */
abstract class ParameterError extends ClearproofError {
  constructor(place: Place, sentence: string, options?: { cause?: unknown }) {
    super(at(place, sentence), detailsOf(place), options);
  }
}

/** A rate, size or move is not a plain decimal or fraction, or lies outside its bounds. */
export class ParameterNumberError extends ParameterError {
  readonly code = 'PARAMETER_NUMBER';
}

/** Tiers, levels or rates contradict each other: a rate that falls with size, or is lower at initial than at maintenance. */
export class ParameterCrossedError extends ParameterError {
  readonly code = 'PARAMETER_CROSSED';
}

/** A feed, currency or instrument is named that the set does not have. */
export class ParameterUnknownError extends ParameterError {
  readonly code = 'PARAMETER_UNKNOWN';
}

/** An id or name stands twice. */
export class ParameterDuplicateError extends ParameterError {
  readonly code = 'PARAMETER_DUPLICATE';
}

/** Scenarios are out of order or do not come out in sixtieths. */
export class ScenarioError extends ParameterError {
  readonly code = 'PARAMETER_SCENARIOS';
}

/** A price is missing, not above 0, stale, or of a feed that the set does not have. */
export class PriceError extends ParameterError {
  readonly code = 'PRICE';
}

/** A volatility is missing or out of bounds, or a surface is not in order. */
export class SurfaceError extends ParameterError {
  readonly code = 'SURFACE';
}

/** A row that follows from valid parameters and prices does not fit the circuits, or breaks their bounds on options. */
export class RowBoundsError extends ParameterError {
  readonly code = 'ROW_BOUNDS';
}
