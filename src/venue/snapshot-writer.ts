import { formatDecimal } from '../fixed-point/decimal.js';
import type { Account, Holding } from './account.js';
import type { Instrument } from './instrument.js';
import { UnknownInstrumentError } from './unknown-instrument-error.js';

const NEEDS_QUOTES = /[",\r\n]/;

/**
 * Accounts in the long CSV format, a piece an account. An account without holdings gets a row with quantity 0.
 *
 * @param instruments what an account can hold, in any order
 * @throws UnknownInstrumentError
 */
export function* writeSnapshotCsv(accounts: Iterable<Account>, instruments: readonly Instrument[]): Generator<string> {
  yield 'user_id,sub_account,instrument,quantity,owner\n';
  const byIndex = indexed(instruments);
  const emptyRow: readonly Holding[] = [{ index: instruments[0]?.index ?? 0, quantity: 0n }];
  for (const account of accounts) {
    const user = NEEDS_QUOTES.test(account.userId) ? `"${account.userId.replaceAll('"', '""')}"` : account.userId;
    const holdings = account.holdings.length === 0 ? emptyRow : account.holdings;
    yield holdings
      .map(({ index, quantity }) => {
        const instrument = instrumentAt(byIndex, index);
        const amount = formatDecimal(quantity, instrument.quantityDecimals);
        return `${user},${account.subAccount},${instrument.id},${amount},${account.owner?.toString() ?? ''}\n`;
      })
      .join('');
  }
}

/** Accounts in the NDJSON format, a piece an account. Instruments and errors as for CSV. */
export function* writeSnapshotNdjson(accounts: Iterable<Account>, instruments: readonly Instrument[]): Generator<string> {
  const byIndex = indexed(instruments);
  for (const account of accounts) {
    const owner = account.owner === undefined ? '' : `,"owner":"${account.owner}"`;
    const holdings = account.holdings.map(({ index, quantity }) => {
      const instrument = instrumentAt(byIndex, index);
      return `${JSON.stringify(instrument.id)}:"${formatDecimal(quantity, instrument.quantityDecimals)}"`;
    });
    yield `{"user":${JSON.stringify(account.userId)},"subAccount":"${account.subAccount}"${owner},"holdings":{${holdings.join(',')}}}\n`;
  }
}

function indexed(instruments: readonly Instrument[]): ReadonlyMap<number, Instrument> {
  return new Map(instruments.map((one) => [one.index, one]));
}

function instrumentAt(instruments: ReadonlyMap<number, Instrument>, index: number): Instrument {
  const found = instruments.get(index);
  if (found === undefined) throw new UnknownInstrumentError(`row ${index} is not in the instrument list`, { index });
  return found;
}
