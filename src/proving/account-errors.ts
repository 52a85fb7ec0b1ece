import { ClearproofError } from '../error/clearproof-error.js';

/** The owner file is not the one the receipt's account was made for. */
export class OwnerMismatchError extends ClearproofError {
  readonly code = 'OWNER_MISMATCH';
}

/** The account does not meet the table, or not after the withdrawal. */
export class AccountNotHealthyError extends ClearproofError {
  readonly code = 'ACCOUNT_NOT_HEALTHY';
}

/** The account meets the table, so nobody can show that it does not. */
export class AccountHealthyError extends ClearproofError {
  readonly code = 'ACCOUNT_HEALTHY';
}

/** A withdrawal from a row that the account does not hold, or not as much of it, or that is no cash or spot. */
export class WithdrawalError extends ClearproofError {
  readonly code = 'WITHDRAWAL';
}

/** The account has debts or derivatives. */
export class MarginedAccountError extends ClearproofError {
  readonly code = 'MARGINED_ACCOUNT';
}

/** The account holds more of a row than the table's cap. */
export class CapExceededError extends ClearproofError {
  readonly code = 'CAP_EXCEEDED';
}

/** The row's mark is none a contract values anything at. */
export class MarkRangeError extends ClearproofError {
  readonly code = 'MARK_RANGE';
}

/** A balance receipt of one account is held against another. */
export class BalanceKeyError extends ClearproofError {
  readonly code = 'BALANCE_KEY';
}

/** An epoch has less of an account than a balance receipt promises. */
export class BalanceShortError extends ClearproofError {
  readonly code = 'BALANCE_SHORT';
}

/** An epoch's plan does not have the account. */
export class AccountOmittedError extends ClearproofError {
  readonly code = 'ACCOUNT_OMITTED';
}
