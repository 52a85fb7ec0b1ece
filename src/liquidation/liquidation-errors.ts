import { ClearproofError } from '../error/clearproof-error.js';

/** The account meets maintenance level: nothing of it is sold. */
export class NotUnderWaterError extends ClearproofError {
  readonly code = 'NOT_UNDER_WATER';
}

/** What is named for sale cannot be: nothing of it is held on that side, or the rows make no sale. `details.row`. */
export class LotError extends ClearproofError {
  readonly code = 'LOT';
}

/** No quantity of a lot can be sold by the rules: each would go too far, or not reduce risk. `details.row`. */
export class NoSliceError extends ClearproofError {
  readonly code = 'NO_SLICE';
}

/** A bid that the auction does not take: its price, its subsidy or its numbers. `details.row`. */
export class BidPriceError extends ClearproofError {
  readonly code = 'BID_PRICE';
}

/** A bid whose parts do not belong together: handles, table or trade. `details.part`. */
export class BidPartsError extends ClearproofError {
  readonly code = 'BID_PARTS';
}

/** A posted opening that this key does not open, or that opens something else than the account on the chain. */
export class SealedOpeningError extends ClearproofError {
  readonly code = 'SEALED_OPENING';
}
