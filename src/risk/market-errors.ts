import { ClearproofError } from '../error/clearproof-error.js';
import { at, detailsOf, type Place } from '../venue/place.js';

/** Base of what makes a market file or table unusable. */
abstract class MarketError extends ClearproofError {
  constructor(place: Place, sentence: string, options?: { cause?: unknown }) {
    super(at(place, sentence), detailsOf(place), options);
  }
}

/** A price, charge or P&L is not a plain decimal with at most 36 decimals. */
export class MarketNumberError extends MarketError {
  readonly code = 'MARKET_NUMBER';
}

/** A value per quantum lies outside the 47 bits the circuits have. */
export class MarketRangeError extends MarketError {
  readonly code = 'MARKET_RANGE';
}

/** Values of a row contradict each other or its kind. */
export class MarketCrossedError extends MarketError {
  readonly code = 'MARKET_CROSSED';
}

/** An instrument id, scenario name or settlement asset stands twice. */
export class MarketDuplicateError extends MarketError {
  readonly code = 'MARKET_DUPLICATE';
}

/** Rows of one instrument do not make tiers that grow dearer with size. */
export class MarketTierError extends MarketError {
  readonly code = 'MARKET_TIERS';
}

/** A published risk table does not have the form it is documented to have. */
export class HaircutTableError extends MarketError {
  readonly code = 'HAIRCUT_TABLE';
}

/** A list of perpetuals with margin tables does not have the form it is documented to have. */
export class PerpetualListError extends MarketError {
  readonly code = 'PERPETUAL_LIST';
}

/** A published list does not have the form that its mapping describes, or says what a parameter set cannot hold. */
export class RiskImportError extends MarketError {
  readonly code = 'RISK_IMPORT';
}
