import { evaluate } from '../margin/margin.js';
import { NO_MOVE } from '../margin/explain.js';
import type { MarketTable } from '../risk/market-table.js';
import { capUsed, checkGreedySplit, rowAt } from '../risk/tiers.js';
import type { AccountTerms, Withdrawal } from '../statement/account-terms.js';
import type { Holding } from '../venue/account.js';
import { isSettlementKind } from '../venue/instrument.js';
import { AccountHealthyError, AccountNotHealthyError, CapExceededError, MarginedAccountError, WithdrawalError } from './account-errors.js';

/** Bits of an excess in the circuit. */
const EXCESS_BITS = 84n;

/**
 * Says of an untrue statement what is untrue of it, before a circuit only refuses a witness. Holdings are row-level.
 *
 * @throws WithdrawalError, AccountNotHealthyError, AccountHealthyError, MarginedAccountError, CapExceededError, GreedySplitError, UnknownInstrumentError
 */
export function checkTerms(table: MarketTable, holdings: readonly Holding[], { verdict, withdrawal, unmargined }: AccountTerms): void {
  const held = holdings.filter(({ quantity }) => quantity !== 0n);
  checkCaps(table, held);
  if (unmargined) checkUnmargined(table, held);
  const left = withdrawal === undefined ? held : afterWithdrawal(table, held, withdrawal);
  if (verdict === 'healthy' || verdict === 'watched') checkHealthy(table, left, withdrawal !== undefined);
  if (verdict === 'unhealthy') checkUnhealthy(table, left);
}

function checkCaps(table: MarketTable, held: readonly Holding[]): void {
  for (const { index, quantity } of held) {
    const row = rowAt(table, index);
    if (magnitude(quantity) <= capUsed(row)) continue;
    throw new CapExceededError(
      `the account holds ${magnitude(quantity)} quanta of ${row.id}, the table's cap is ${row.cap}: take the table the account was split for`, { row: index },
    );
  }
}

function checkUnmargined(table: MarketTable, held: readonly Holding[]): void {
  for (const { index, quantity } of held) {
    const row = rowAt(table, index);
    if (!isSettlementKind(row.kind)) throw new MarginedAccountError(`the account holds ${row.id}, which is neither cash nor spot: it is margined`, { row: index });
    if (quantity < 0n) throw new MarginedAccountError(`the account owes ${-quantity} quanta of ${row.id}: it is margined`, { row: index });
  }
}

function afterWithdrawal(table: MarketTable, held: readonly Holding[], { row: index, amount }: Withdrawal): readonly Holding[] {
  const row = rowAt(table, index);
  if (!isSettlementKind(row.kind)) throw new WithdrawalError(`row ${index}, ${row.id}, is neither cash nor spot: nothing can be withdrawn from it`, { row: index });
  const quantity = held.find((holding) => holding.index === index)?.quantity;
  if (quantity === undefined) throw new WithdrawalError(`the account holds nothing in row ${index}, ${row.id}: withdraw from a row it holds`, { row: index });
  if (quantity < amount) throw new WithdrawalError(`the account holds ${quantity} quanta of ${row.id}, ${amount - quantity} fewer than the withdrawal: withdraw less`, { row: index });
  return held.map((holding) => (holding.index === index ? { index, quantity: quantity - amount } : holding)).filter((holding) => holding.quantity !== 0n);
}

function checkHealthy(table: MarketTable, left: readonly Holding[], withdraws: boolean): void {
  const { excess, healthy } = evaluate(table, left);
  const worst = excess.reduce((found, one, place) => (one < (excess[found] as bigint) ? place : found), 0);
  if (!healthy) {
    const [scenario, missing] = [table.scenarios[worst - 1] ?? NO_MOVE, -(excess[worst] as bigint)];
    throw new AccountNotHealthyError(
      `the account does not meet the ${table.level} table${withdraws ? ' after this withdrawal' : ''}: in the scenario "${scenario}" it lacks ${missing} value units`
        + ` (scale ${table.valueScale})${withdraws ? ': withdraw less' : ''}`,
      { scenario, missing },
    );
  }
  if (excess.some((one) => one >= 1n << (EXCESS_BITS - 1n))) throw new AccountNotHealthyError(`an excess of the account does not fit in ${EXCESS_BITS} bits: split the account`);
}

function checkUnhealthy(table: MarketTable, held: readonly Holding[]): void {
  const { excess, healthy } = evaluate(table, held);
  if (healthy) throw new AccountHealthyError(`the account meets the ${table.level} table: it cannot be shown to be unhealthy`);
  const limit = 1n << (EXCESS_BITS - 1n);
  if (excess.some((one) => one < -limit || one >= limit)) throw new AccountHealthyError(`an excess of the account does not fit in ${EXCESS_BITS} bits: it has neither proof`);
  checkGreedySplit(table, held);
}

function magnitude(quantity: bigint): bigint {
  return quantity < 0n ? -quantity : quantity;
}
