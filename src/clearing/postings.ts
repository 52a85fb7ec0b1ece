import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt, tiersOf } from '../risk/tiers.js';
import type { CollateralAct, CollateralAmount, ExpiryAct, FundingAct, TradeAct, TransitionAct } from '../statement/transition.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { NothingToSettleError, PostingRangeError, PostingRowError } from './clearing-errors.js';

/** What a transition adds to an instrument over all its tiers, quanta; negative: takes off. */
export interface Posting {
  /** First tier of the instrument. */
  readonly row: number;
  readonly amount: bigint;
}

/** Rates are 10^-6 quanta of the pay row a quantum. */
const RATE_SCALE = 1_000_000n;
const AMOUNT_LIMIT = 2n ** 64n;

/**
 * What an act adds to an account, instrument by instrument; two may be of one instrument.
 *
 * @param held row-level holdings before
 * @throws PostingRowError, PostingRangeError, NothingToSettleError, UnknownInstrumentError
 */
export function postingsOf(table: MarketTable, held: readonly Holding[], act: TransitionAct): readonly Posting[] {
  switch (act.kind) {
    case 'collateral':
      return collateralPostings(table, act);
    case 'trade':
      return tradePostings(table, act);
    case 'expiry':
      return expiryPostings(table, held, act);
    case 'funding':
      return fundingPostings(table, held, act);
  }
}

/** What an account holds of an instrument over all its tiers. */
export function heldOf(table: MarketTable, held: readonly Holding[], row: number): bigint {
  const { group } = rowAt(table, row);
  return held.reduce((sum, { index, quantity }) => (quantity !== 0n && rowAt(table, index).group === group ? sum + quantity : sum), 0n);
}

function collateralPostings(table: MarketTable, { in: coming, out: leaving }: CollateralAct): Posting[] {
  const posting = ({ row, amount }: CollateralAmount, sign: bigint): Posting => {
    requireSettlement(table, row, 'collateral');
    requireAmount(amount, 1n, 'an amount of collateral');
    return { row, amount: sign * amount };
  };
  return [...(coming === undefined ? [] : [posting(coming, 1n)]), ...(leaving === undefined ? [] : [posting(leaving, -1n)])];
}

function tradePostings(table: MarketTable, { seller, trade: { row, payRow, quantity, payment } }: TradeAct): Posting[] {
  const [traded, paid] = [firstTier(table, row), firstTier(table, payRow)];
  requireAmount(quantity, 1n, 'the quantity of a trade');
  requireAmount(payment, 0n, 'the payment of a trade');
  if (paid.mark <= 0n) throw new PostingRowError(`${paid.id} has no mark: nothing can be priced in it`, { row: payRow });
  if (!isSettlementKind(paid.kind) && paid.kind !== 'entry') throw new PostingRowError(`a trade is paid in cash, spot or entry, and ${paid.id} is none`, { row: payRow });
  if (traded.group === paid.group) throw new PostingRowError(`${traded.id} cannot be paid in itself: name another row to pay in`, { row });
  const sign = seller ? -1n : 1n;
  return [{ row, amount: sign * quantity }, { row: payRow, amount: -sign * payment }];
}

function expiryPostings(table: MarketTable, held: readonly Holding[], { row, payRow, deliverRow, value, unit, deliver }: ExpiryAct): Posting[] {
  const expired = firstTier(table, row);
  requireSettlement(table, payRow, 'what an expired row pays');
  if (unit <= 0n) throw new PostingRangeError('the unit that an expiry pays in must be above 0', { row });
  const quantity = heldOf(table, held, row);
  if (quantity === 0n) throw new NothingToSettleError(`the account holds nothing of ${expired.id}`, { row });
  const delivered = deliver === 0n ? [] : [{ row: requireSettlement(table, deliverRow, 'what an expired row delivers').index, amount: quantity * deliver }];
  return [{ row, amount: -quantity }, { row: payRow, amount: floorDivision(quantity * value, unit) }, ...delivered];
}

/** A perpetual that is not listed owes nothing. */
function fundingPostings(table: MarketTable, held: readonly Holding[], { payRow, rates }: FundingAct): Posting[] {
  requireSettlement(table, payRow, 'what funding is paid in');
  let owed = 0n;
  for (const { index, quantity } of held) {
    const { group } = rowAt(table, index);
    owed += rates.reduce((sum, listed) => (listed.group === group ? sum + quantity * listed.rate : sum), 0n);
  }
  return [{ row: payRow, amount: floorDivision(-owed, RATE_SCALE) }];
}

/** The row, which must be the first of its instrument. */
function firstTier(table: MarketTable, index: number): MarketRow {
  const row = rowAt(table, index);
  if (row.predecessor === 0) return row;
  throw new PostingRowError(`row ${index}, ${row.id}, is a tier: name its instrument, row ${tiersOf(table, index)[0]?.index ?? 0}`, { row: index });
}

function requireSettlement(table: MarketTable, index: number, what: string): MarketRow {
  const row = firstTier(table, index);
  if (isSettlementKind(row.kind)) return row;
  throw new PostingRowError(`${what} is cash or spot, and row ${index}, ${row.id}, is neither`, { row: index });
}

function requireAmount(amount: bigint, least: bigint, what: string): void {
  if (amount < least || amount >= AMOUNT_LIMIT) throw new PostingRangeError(`${what} must lie in [${least}, 2^64)`);
}

/** Rounded towards minus infinity, so that whoever pays pays up. Requires divisor > 0. */
function floorDivision(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
