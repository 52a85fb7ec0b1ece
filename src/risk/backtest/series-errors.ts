import { ClearproofError } from '../../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../../venue/place.js';

/** Base of what makes a price series unusable: the message begins with file and row. */
abstract class SeriesError extends ClearproofError {
  constructor(place: Place, sentence: string, options?: { cause?: unknown }) {
    super(at(place, sentence), detailsOf(place), options);
  }
}

/** A date is no day of the calendar. */
export class SeriesDateError extends SeriesError {
  readonly code = 'SERIES_DATE';
}

/** A day stands before or beside one that is not earlier. */
export class SeriesOrderError extends SeriesError {
  readonly code = 'SERIES_ORDER';
}

/** Days are missing. */
export class SeriesGapError extends SeriesError {
  readonly code = 'SERIES_GAP';
}

/** A price is no plain decimal above zero. */
export class SeriesPriceError extends SeriesError {
  readonly code = 'SERIES_PRICE';
}

/** A traded volume is no plain decimal of at least zero. */
export class SeriesVolumeError extends SeriesError {
  readonly code = 'SERIES_VOLUME';
}

/** Two files of one asset tell different prices for the same day. */
export class SeriesDisagreementError extends SeriesError {
  readonly code = 'SERIES_DISAGREEMENT';
}

/** No file of the folders holds the asset that was asked for. */
export class UnknownAssetError extends ClearproofError {
  readonly code = 'UNKNOWN_ASSET';
}

/** A folder of prices cannot be listed, or holds none. */
export class PriceFolderError extends ClearproofError {
  readonly code = 'PRICE_FOLDER';
}
