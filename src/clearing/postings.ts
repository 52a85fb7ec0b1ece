import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt, tiersOf } from '../risk/tiers.js';
import type { CollateralAmount, ExpiryAct, FundingAct, TradeAct, TransitionAct } from '../statement/transition.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { transitionPostings, type NamedPosting } from '../witness/transition-postings.js';
import { NothingToSettleError, PostingRangeError, PostingRowError } from './clearing-errors.js';

const AMOUNT_LIMIT = 2n ** 64n;

/**
 * What an act adds to an account, instrument by instrument, once its rows and amounts are such as it can have. Two may be of one instrument.
 *
 * @param held row-level holdings before
 * @throws PostingRowError, PostingRangeError, NothingToSettleError, UnknownInstrumentError
 */
export function postingsOf(table: MarketTable, held: readonly Holding[], act: TransitionAct): readonly NamedPosting[] {
  requirePostable(table, held, act);
  return transitionPostings(table, held, act).postings.filter((posting) => posting !== undefined);
}

/** What an account holds of an instrument over all its tiers. */
export function heldOf(table: MarketTable, held: readonly Holding[], row: number): bigint {
  const { group } = rowAt(table, row);
  return held.reduce((sum, { index, quantity }) => (quantity !== 0n && rowAt(table, index).group === group ? sum + quantity : sum), 0n);
}

function requirePostable(table: MarketTable, held: readonly Holding[], act: TransitionAct): void {
  switch (act.kind) {
    case 'collateral':
      [act.in, act.out].forEach((amount) => amount === undefined || requireCollateral(table, amount));
      break;
    case 'trade':
      requireTrade(table, act);
      break;
    case 'expiry':
      requireExpiry(table, held, act);
      break;
    case 'funding':
      requireFunding(table, act);
      break;
  }
}

function requireCollateral(table: MarketTable, { row, amount }: CollateralAmount): void {
  requireSettlement(table, row, 'collateral');
  requireAmount(amount, 1n, 'an amount of collateral');
}

function requireTrade(table: MarketTable, { trade: { row, payRow, quantity, payment } }: TradeAct): void {
  const [traded, paid] = [firstTier(table, row), firstTier(table, payRow)];
  requireAmount(quantity, 1n, 'the quantity of a trade');
  requireAmount(payment, 0n, 'the payment of a trade');
  if (!isSettlementKind(paid.kind) && paid.kind !== 'entry') throw new PostingRowError(`a trade is paid in cash, spot or entry, and ${paid.id} is none`, { row: payRow });
  if (paid.mark <= 0n) throw new PostingRowError(`${paid.id} has no mark: nothing can be priced in it`, { row: payRow });
  if (traded.group === paid.group) throw new PostingRowError(`${traded.id} cannot be paid in itself: name another row to pay in`, { row });
}

function requireExpiry(table: MarketTable, held: readonly Holding[], { row, payRow, deliverRow, unit, deliver }: ExpiryAct): void {
  const { id } = firstTier(table, row);
  firstTier(table, payRow);
  if (deliver !== 0n) firstTier(table, deliverRow);
  if (unit <= 0n) throw new PostingRangeError('the unit that an expiry pays in must be above 0', { row });
  if (heldOf(table, held, row) === 0n) throw new NothingToSettleError(`the account holds nothing of ${id}`, { row });
}

function requireFunding(table: MarketTable, { payRow }: FundingAct): void {
  firstTier(table, payRow);
}

/** The row, which must be the first of its instrument. */
function firstTier(table: MarketTable, index: number): MarketRow {
  const row = rowAt(table, index);
  if (row.predecessor === 0) return row;
  throw new PostingRowError(`row ${index}, ${row.id}, is a tier: name its instrument, row ${tiersOf(table, index)[0]?.index ?? 0}`, { row: index });
}

function requireSettlement(table: MarketTable, index: number, what: string): void {
  const row = firstTier(table, index);
  if (!isSettlementKind(row.kind)) throw new PostingRowError(`${what} is cash or spot, and row ${index}, ${row.id}, is neither`, { row: index });
}

function requireAmount(amount: bigint, least: bigint, what: string): void {
  if (amount < least || amount >= AMOUNT_LIMIT) throw new PostingRangeError(`${what} must lie in [${least}, 2^64)`);
}
