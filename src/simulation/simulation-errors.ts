import { ClearproofError } from '../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../venue/place.js';

/** A day's four prices cannot be those of one day: the message begins with file and row. */
export class DayRangeError extends ClearproofError {
  readonly code = 'DAY_RANGE';

  constructor(place: Place, sentence: string) {
    super(at(place, sentence), detailsOf(place));
  }
}

/** Prices within a day are not a series that a run can follow. */
export class PricePathError extends ClearproofError {
  readonly code = 'PRICE_PATH';

  constructor(place: Place, sentence: string, options?: { cause?: unknown }) {
    super(at(place, sentence), detailsOf(place), options);
  }
}

/** The prices hold no such day, or too little before it. */
export class SimulatedDayError extends ClearproofError {
  readonly code = 'SIMULATED_DAY';
}

/** A run cannot have the shape that was asked for. */
export class SimulationShapeError extends ClearproofError {
  readonly code = 'SIMULATION_SHAPE';
}

/** Money came from nowhere or went nowhere: a defect of the simulation, of which no figure may be believed then. */
export class SimulationBooksError extends ClearproofError {
  readonly code = 'SIMULATION_BOOKS';
}
