import type { PromisedAmount } from '../../attestation/balance-receipt.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import type { MarketTable } from '../../risk/market-table.js';
import { rowAt, settlementRows, tiersOf } from '../../risk/tiers.js';
import type { Account } from '../../venue/account.js';
import { isSettlementKind } from '../../venue/instrument.js';

/** A promise that the venue could not keep, or that says nothing. */
export class PromiseError extends ClearproofError {
  readonly code = 'BALANCE_PROMISE';
}

/** A promise asked for in words, instead of what follows from the account. */
export interface AskedPromise {
  readonly instrument: string;
  readonly amount: string;
  /** The venue says that nothing but the owner's orders takes this off the account, margined though it is. */
  readonly evenMargined: boolean;
}

/** A promise of presence alone. */
export const PRESENCE = undefined;

/**
 * What can be promised of an account that nothing but its owner's orders takes from: each cash and spot holding, in whole. Of a
 * margined account, from which a liquidation may take at any time, presence alone; as of an account that holds nothing.
 *
 * @param account with whole quantities by instrument, as in a snapshot
 */
export function promisesOf(table: MarketTable, account: Account): readonly (PromisedAmount | undefined)[] {
  if (isMargined(table, account) || account.holdings.length === 0) return [PRESENCE];
  return account.holdings.map(({ index, quantity }) => promiseOf(table, index, quantity));
}

/** One amount of an account's. @throws PromiseError */
export function askedPromise(table: MarketTable, account: Account, { instrument, amount, evenMargined }: AskedPromise): PromisedAmount {
  const row = settlementRows(table).find(({ id }) => id === instrument);
  if (row === undefined) throw new PromiseError(`"${instrument}" is no cash or spot instrument of the table: promise one of ${settlementRows(table).map(({ id }) => id).join(', ')}`, { instrument });
  const quanta = quantaOf(amount, row.quantityDecimals, instrument);
  if (isMargined(table, account) && !evenMargined) {
    throw new PromiseError(
      'the account has debts or derivatives: a liquidation can take what you promise, and no order would show it. Promise presence (--presence), or say with --even-margined that nothing can',
      { instrument },
    );
  }
  const held = account.holdings.find(({ index }) => index === row.index)?.quantity ?? 0n;
  if (held < quanta) throw new PromiseError(`${formatDecimal(quanta, row.quantityDecimals)} ${instrument} are more than the account holds: promise no more than it has`, { instrument });
  return promiseOf(table, row.index, quanta);
}

/** Whether an account is more than cash and spot without debts. */
function isMargined(table: MarketTable, { holdings }: Pick<Account, 'holdings'>): boolean {
  return holdings.some(({ index, quantity }) => quantity < 0n || !isSettlementKind(rowAt(table, index).kind));
}

function promiseOf(table: MarketTable, index: number, amount: bigint): PromisedAmount {
  const tiers = tiersOf(table, index);
  const [first = rowAt(table, index)] = tiers;
  return { instrument: first.id, quantityDecimals: first.quantityDecimals, firstRow: first.index, lastRow: (tiers.at(-1) ?? first).index, amount };
}

function quantaOf(amount: string, decimals: number, instrument: string): bigint {
  let quanta: bigint;
  try {
    quanta = parseDecimal(amount, decimals);
  } catch (cause) {
    throw new PromiseError(`"${amount}" is no quantity of ${instrument}: write a plain decimal with at most ${decimals} decimals`, { amount }, { cause });
  }
  if (quanta > 0n) return quanta;
  throw new PromiseError(`${amount} of ${instrument} promises nothing: name more than 0, or promise presence with --presence`, { amount });
}
