import { NO_MOVE } from '../margin/explain.js';
import { evaluate, type Margin } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import type { CollateralAmount, TransitionAct } from '../statement/transition.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { BorrowsCashError, InsufficientMarginError, NotReducingError, OwnerNeededError, PostingRangeError } from './clearing-errors.js';
import { heldOf } from './postings.js';
import { convertsEntry } from '../witness/account-transition-input.js';
import type { TransitionWish } from './transition-plan.js';

/** An excess above 0, or above the least one where risk is only reduced, lies below this: the circuit's 84 bits. */
const EXCESS_LIMIT = 2n ** 83n;

/** Requirement no higher than before, and equity down by at most half of what the requirement is less: what the exit of a position may cost. */
export function reducesRisk(before: Pick<Margin, 'equity' | 'requirement'>, after: Pick<Margin, 'equity' | 'requirement'>): boolean {
  const relief = before.requirement - after.requirement;
  return relief >= 0n && 2n * (after.equity - before.equity) + relief >= 0n;
}

/**
 * What a transition must leave behind. Row-level holdings.
 *
 * @returns whether it is proven as one that only reduces risk
 * @throws InsufficientMarginError, NotReducingError, BorrowsCashError, OwnerNeededError, PostingRangeError
 */
export function checkRisk(table: MarketTable, held: readonly Holding[], after: readonly Holding[], wish: TransitionWish): boolean {
  const { act, owned } = wish;
  const takesOut = act.kind === 'collateral' && act.out !== undefined;
  if (owned || takesOut) requireNoLoan(table, after, act);
  if (act.kind !== 'trade' && !takesOut) return false;
  const [before, now] = [evaluate(table, held), evaluate(table, after)];
  const reducing = act.kind === 'trade' && tradeTest(table, { held, after, before, now }, wish);
  if (!reducing && !now.healthy) throw insufficient(table, now, 'take out less');
  requireRange(now, reducing);
  return reducing;
}

function requireRange({ equity, requirement, excess }: Margin, reducing: boolean): void {
  const least = reducing ? equity - requirement : 0n;
  if (excess.some((one) => one - least >= EXCESS_LIMIT)) throw new PostingRangeError('an excess of the account does not fit in 84 bits: split the account');
}

interface Sides {
  readonly held: readonly Holding[];
  readonly after: readonly Holding[];
  readonly before: Margin;
  readonly now: Margin;
}

function tradeTest(table: MarketTable, { held, after, before, now }: Sides, { act, owned, reducing }: TransitionWish): boolean {
  const wanted = owned ? reducing : true;
  if (!owned && convertsEntry(table, after, act)) return towardsZero(table, held, after, act);
  if (now.healthy && wanted !== true) return false;
  if (wanted === false) throw insufficient(table, now, 'trade less, or bring in collateral');
  if (!reducesRisk(before, now)) {
    // Nobody asked that it reduce risk: margin is what is wanting.
    if (wanted === undefined) throw insufficient(table, now, 'trade less, or bring in collateral; a trade that only reduces risk would be taken');
    throw new NotReducingError(
      'the trade does not only reduce risk: the requirement must not rise, and equity not fall by more than half of what the requirement falls', { owned },
    );
  }
  return owned || towardsZero(table, held, after, act);
}

/** Of the row that pays no debt is left, if it pays anything: of cash and spot rows, for entries and derivatives are what is margined. */
function requireNoLoan(table: MarketTable, after: readonly Holding[], act: TransitionAct): void {
  const payer = payerOf(act);
  if (payer === undefined || payer.amount === 0n) return;
  const row = rowAt(table, payer.row);
  const left = heldOf(table, after, payer.row);
  if (left >= 0n || !isSettlementKind(row.kind)) return;
  throw new BorrowsCashError(`the account would owe ${-left} quanta of ${row.id}: the clearing house lends nothing, bring it in first`, { row: payer.row, missing: -left });
}

function payerOf(act: TransitionAct): CollateralAmount | undefined {
  if (act.kind === 'collateral') return act.out;
  if (act.kind !== 'trade') return undefined;
  const { row, payRow, quantity, payment } = act.trade;
  return act.seller ? { row, amount: quantity } : { row: payRow, amount: payment };
}

/** Without the owner what is traded only gets smaller; what is paid in may go either way. */
function towardsZero(table: MarketTable, held: readonly Holding[], after: readonly Holding[], act: TransitionAct): true {
  if (act.kind !== 'trade') return true;
  const { row } = act.trade;
  const [before, now] = [heldOf(table, held, row), heldOf(table, after, row)];
  if (before < 0n ? now >= before && now <= 0n : now <= before && now >= 0n) return true;
  const { id } = rowAt(table, row);
  throw new OwnerNeededError(`a liquidation takes ${id} away from zero, or across it: only the owner may do that`, { row });
}

function insufficient(table: MarketTable, { excess }: Margin, advice: string): InsufficientMarginError {
  const worst = excess.reduce((found, one, place) => (one < (excess[found] as bigint) ? place : found), 0);
  const [scenario, missing] = [table.scenarios[worst - 1] ?? NO_MOVE, -(excess[worst] as bigint)];
  return new InsufficientMarginError(
    `after it the account would not meet the ${table.level} table: in the scenario "${scenario}" it would lack ${missing} value units (scale ${table.valueScale}): ${advice}`,
    { scenario, missing },
  );
}
