import { ClearproofError } from '../error/clearproof-error.js';

/** After the transition the account would not meet the table, nor is its risk less than before. */
export class InsufficientMarginError extends ClearproofError {
  readonly code = 'INSUFFICIENT_MARGIN';
}

/** A transition that must reduce risk does not. */
export class NotReducingError extends ClearproofError {
  readonly code = 'NOT_REDUCING';
}

/** A trade's price is further from the mark than the venue's band. */
export class PriceOutsideBandError extends ClearproofError {
  readonly code = 'PRICE_OUTSIDE_BAND';
}

/** A cash or spot row that pays would be left in debt: the clearing house lends nothing. */
export class BorrowsCashError extends ClearproofError {
  readonly code = 'BORROWS_CASH';
}

/** The account has no slot left for a row that it would hold. */
export class NoFreeSlotError extends ClearproofError {
  readonly code = 'NO_FREE_SLOT';
}

/** A row that is named for what its kind, or its place among the tiers, rules out. */
export class PostingRowError extends ClearproofError {
  readonly code = 'POSTING_ROW';
}

/** An amount, or an excess of the account, beyond the bits that it has in the circuit. */
export class PostingRangeError extends ClearproofError {
  readonly code = 'POSTING_RANGE';
}

/** The account holds a perpetual and has not paid the funding of all periods up to now. */
export class FundingUnsettledError extends ClearproofError {
  readonly code = 'FUNDING_UNSETTLED';
}

/** There is nothing for the transition to change. */
export class NothingToSettleError extends ClearproofError {
  readonly code = 'NOTHING_TO_SETTLE';
}

/** A transition that only the owner may make, without the owner; or one that takes a position the wrong way without the owner. */
export class OwnerNeededError extends ClearproofError {
  readonly code = 'OWNER_NEEDED';
}

/** What others would pay of an account's debt is more than it owes, or something is left in the account that could be sold. */
export class StillHoldsError extends ClearproofError {
  readonly code = 'STILL_HOLDS';
}

/** An account that is called unmargined holds a derivative or owes something. */
export class StillMarginedError extends ClearproofError {
  readonly code = 'STILL_MARGINED';
}

/** The account holds a row that expired, and would take risk or collateral out as if it had not. */
export class ExpiryUnsettledError extends ClearproofError {
  readonly code = 'EXPIRY_UNSETTLED';
}

/** Two orders that make no trade. */
export class OrdersDoNotMatchError extends ClearproofError {
  readonly code = 'ORDERS_DO_NOT_MATCH';
}

/** None of the openings known of a handle is of the commitment on the chain. */
export class OpeningUnknownError extends ClearproofError {
  readonly code = 'OPENING_UNKNOWN';
}
