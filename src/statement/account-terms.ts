import { ClearproofError } from '../error/clearproof-error.js';

/** Terms that do not fit in their word. */
export class TermsRangeError extends ClearproofError {
  readonly code = 'TERMS_RANGE';
}

/** What leaves an account: quanta of a cash or spot row. */
export interface Withdrawal {
  readonly row: number;
  /** 0 < amount < 2^64. */
  readonly amount: bigint;
}

/** "It is mine and meets the table", "it is mine", "it meets the table", or "it does not": the last two need no secret. */
export type Verdict = 'healthy' | 'held' | 'watched' | 'unhealthy';

/** What an `account-margin` proof says besides where the account is. */
export interface AccountTerms {
  readonly verdict: Verdict;
  /** By the owner of a healthy account only; the verdict is of what is left. Undefined: nothing is withdrawn. */
  readonly withdrawal?: Withdrawal;
  /** All holdings are cash and spot, none of them borrowed. */
  readonly unmargined: boolean;
  /** Of the nullifiers, below 2^80. 0 of a withdrawal and of a verdict without the owner. */
  readonly scope: bigint;
  /** What the proof is for, below 2^128. */
  readonly context: bigint;
}

const ROW_BITS = 16n;
const AMOUNT_BITS = 64n;
const CONTEXT_BITS = 128n;
const PAYLOAD_PLACE = 4n;
const WATCHED_PLACE = 84n;
const CONTEXT_PLACE = 96n;

/** The parts of a word of terms, as circuit and contract take it apart. */
export interface TermsParts {
  readonly healthy: bigint;
  readonly held: bigint;
  readonly withdraws: bigint;
  readonly unmargined: bigint;
  readonly watched: bigint;
  readonly row: bigint;
  readonly amount: bigint;
  readonly context: bigint;
}

/** @throws TermsRangeError for a part that is out of range, or that the verdict rules out */
export function termsParts({ verdict, withdrawal, unmargined, scope, context }: AccountTerms): TermsParts {
  requireBelow(scope, ROW_BITS + AMOUNT_BITS, 'the scope');
  requireBelow(context, CONTEXT_BITS, 'the context');
  if (withdrawal !== undefined) requireWithdrawal(withdrawal, verdict, scope);
  const watched = verdict === 'watched';
  if ((watched || verdict === 'unhealthy') && scope !== 0n) throw new TermsRangeError('a verdict without the owner has no nullifier: its scope is 0');
  const payload = withdrawal === undefined ? scope : BigInt(withdrawal.row) + (withdrawal.amount << ROW_BITS);
  return {
    healthy: watched || verdict === 'healthy' ? 1n : 0n, held: verdict === 'held' ? 1n : 0n, withdraws: withdrawal === undefined ? 0n : 1n,
    unmargined: unmargined ? 1n : 0n, watched: watched ? 1n : 0n,
    row: payload & ((1n << ROW_BITS) - 1n), amount: payload >> ROW_BITS, context,
  };
}

/** The word: healthy + 2 held + 4 withdraws + 8 unmargined + 16 payload + 2^84 watched + 2^96 context. @throws TermsRangeError */
export function packTerms(terms: AccountTerms): bigint {
  const { healthy, held, withdraws, unmargined, watched, row, amount, context } = termsParts(terms);
  const payload = row + (amount << ROW_BITS);
  return healthy + 2n * held + 4n * withdraws + 8n * unmargined + (payload << PAYLOAD_PLACE) + (watched << WATCHED_PLACE) + (context << CONTEXT_PLACE);
}

function requireWithdrawal({ row, amount }: Withdrawal, verdict: Verdict, scope: bigint): void {
  if (!Number.isSafeInteger(row)) throw new TermsRangeError(`row ${row} is no row`);
  requireBelow(BigInt(row), ROW_BITS, 'the row of a withdrawal');
  requireBelow(amount, AMOUNT_BITS, 'the amount of a withdrawal');
  if (amount === 0n) throw new TermsRangeError('the amount of a withdrawal is 0: withdraw nothing by leaving it out');
  if (verdict !== 'healthy') throw new TermsRangeError('only a healthy account withdraws, and only by its owner');
  if (scope !== 0n) throw new TermsRangeError('nullifiers of a withdrawal have scope 0');
}

function requireBelow(value: bigint, bits: bigint, what: string): void {
  if (value < 0n || value >= 1n << bits) throw new TermsRangeError(`${what} must lie in [0, 2^${bits})`);
}
