import { NO_MOVE } from '../margin/explain.js';
import { evaluate, type Margin } from '../margin/margin.js';
import type { MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { BorrowsCashError, InsufficientMarginError, NotReducingError, OwnerNeededError, PostingRangeError } from './clearing-errors.js';
import type { TransitionWish } from './transition-plan.js';

/** An excess must lie in [-2^83, 2^83): the circuit's 84 bits. */
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
  const [before, now] = [evaluate(table, held), evaluate(table, after)];
  if ([...before.excess, ...now.excess].some((one) => one < -EXCESS_LIMIT || one >= EXCESS_LIMIT)) {
    throw new PostingRangeError('an excess of the account does not fit in 84 bits: split the account');
  }
  const takesOut = act.kind === 'collateral' && act.out !== undefined;
  if (owned && (act.kind === 'trade' || takesOut)) requireNoLoan(table, held, after);
  if (act.kind === 'trade') return tradeTest(table, { held, after, before, now }, wish);
  if (takesOut && !now.healthy) throw insufficient(table, now, 'take out less');
  return false;
}

interface Sides {
  readonly held: readonly Holding[];
  readonly after: readonly Holding[];
  readonly before: Margin;
  readonly now: Margin;
}

function tradeTest(table: MarketTable, { held, after, before, now }: Sides, { act, owned, reducing }: TransitionWish): boolean {
  const wanted = owned ? reducing : true;
  if (now.healthy && wanted !== true) return false;
  if (wanted === false) throw insufficient(table, now, 'trade less, or bring in collateral');
  if (!reducesRisk(before, now)) {
    // Nobody asked that it reduce risk: margin is what is wanting.
    if (wanted === undefined) throw insufficient(table, now, 'trade less, or bring in collateral; a trade that only reduces risk would be taken');
    throw new NotReducingError(
      'the trade does not only reduce risk: the requirement must not rise, and equity not fall by more than half of what the requirement falls', { owned },
    );
  }
  if (!owned && act.kind === 'trade') requireTowardsZero(table, held, after, act.trade.payRow);
  return true;
}

function requireNoLoan(table: MarketTable, held: readonly Holding[], after: readonly Holding[]): void {
  for (const { index, quantity } of after) {
    const row = rowAt(table, index);
    if (quantity >= 0n || !isSettlementKind(row.kind)) continue;
    const before = held.find((one) => one.index === index)?.quantity ?? 0n;
    if (quantity >= before) continue;
    throw new BorrowsCashError(`the account would owe ${-quantity} quanta of ${row.id}: the clearing house lends nothing, bring it in first`, { row: index, missing: -quantity });
  }
}

/** Without the owner a position only gets smaller; what is paid in may go either way. */
function requireTowardsZero(table: MarketTable, held: readonly Holding[], after: readonly Holding[], payRow: number): void {
  const { group } = rowAt(table, payRow);
  for (const index of new Set([...held, ...after].map((one) => one.index))) {
    const [before, now] = [held, after].map((side) => side.find((one) => one.index === index)?.quantity ?? 0n) as [bigint, bigint];
    const grows = before < 0n ? now < before || now > 0n : now > before || now < 0n;
    if (!grows || rowAt(table, index).group === group) continue;
    throw new OwnerNeededError(`a liquidation takes ${rowAt(table, index).id} from ${before} to ${now} quanta: only the owner may do that`, { row: index });
  }
}

function insufficient(table: MarketTable, { excess }: Margin, advice: string): InsufficientMarginError {
  const worst = excess.reduce((found, one, place) => (one < (excess[found] as bigint) ? place : found), 0);
  const [scenario, missing] = [table.scenarios[worst - 1] ?? NO_MOVE, -(excess[worst] as bigint)];
  return new InsufficientMarginError(
    `after it the account would not meet the ${table.level} table: in the scenario "${scenario}" it would lack ${missing} value units (scale ${table.valueScale}): ${advice}`,
    { scenario, missing },
  );
}
