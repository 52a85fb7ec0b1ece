import type { ClearproofError } from '../error/clearproof-error.js';
import { isSettlementKind } from '../venue/instrument.js';
import { fieldOf, type Place } from '../venue/place.js';
import { MarketCrossedError, MarketDuplicateError, MarketRangeError } from './market-errors.js';
import { VALUE_BITS, type MarketRow } from './market-table.js';

/** Most rows any table may have: places in the rows tree, 16^3. */
export const MAX_ROWS = 4096;
/** Most scenarios any table may have: far above the circuits', a bound on work. */
export const MAX_SCENARIOS = 64;
/** Values and charges lie below this in magnitude. */
export const VALUE_LIMIT = 1n << BigInt(VALUE_BITS);
/** Prices from feeds fit in 128 bits; the row's field element could hold more. */
export const MAX_ORACLE_PRICE = (1n << 128n) - 1n;
/** ppm a year: 4,294 times the price. */
export const MAX_VOLATILITY = (1n << 32n) - 1n;
/** Unix seconds, until the year 36812. */
export const MAX_UNIX_SECONDS = 2 ** 40 - 1;
export const MAX_EPOCH = 2 ** 32 - 1;
export const MAX_VALUE_SCALE = 18;
export const MAX_QUANTITY_DECIMALS = 18;

export const SYMBOL = /^[A-Za-z0-9._-]{1,32}$/;
export const SYMBOL_RULE = '1 to 32 characters of A-Z a-z 0-9 . _ -';
export const LABEL = /^[ -~]{1,64}$/;
export const LABEL_RULE = '1 to 64 printable ASCII characters';

/**
 * Checks what holds for a row by itself.
 *
 * @param charges where its charges stand, if elsewhere than the rest
 * @throws MarketRangeError, MarketCrossedError
 */
export function checkRow(row: MarketRow, place: Place, charges: Place = place): void {
  const signed: [string, bigint][] = [['mark', row.mark], ...row.pnl.map((one, s): [string, bigint] => [`pnl[${s}]`, one])];
  for (const [field, value] of signed) {
    if (value <= -VALUE_LIMIT || value >= VALUE_LIMIT) throw outOfRange(place, field, value);
  }
  for (const field of ['longCharge', 'shortCharge'] as const) {
    if (row[field] < 0n) throw new MarketRangeError(inside(charges, field), 'a charge is never negative: write 0 or more');
    if (row[field] >= VALUE_LIMIT) throw outOfRange(charges, field, row[field]);
  }
  if (row.kind === 'entry') checkEntry(row, place, charges);
  else if (isSettlementKind(row.kind) || row.kind === 'option') checkNeverNegative(row, place, charges);
}

/** Checks what holds between rows; the tiers of an instrument count once. @throws MarketDuplicateError */
export function checkDistinct(
  rows: readonly MarketRow[],
  scenarios: readonly string[],
  placeOf: (row: number, field: string) => Place,
  scenarioPlace: Place,
): void {
  const repeated = scenarios.find((name, place) => scenarios.indexOf(name) !== place);
  if (repeated !== undefined) throw new MarketDuplicateError(scenarioPlace, `the scenario "${repeated}" stands twice: give each its own name`);
  const ids = new Set<string>();
  const assets = new Set<string>();
  rows.forEach((row, place) => {
    if (ids.has(row.id)) throw new MarketDuplicateError(placeOf(place, 'id'), `the instrument ${row.id} stands twice: remove one`);
    ids.add(row.id);
    if (row.predecessor > 0) return;
    const family = isSettlementKind(row.kind) ? 'settlement' : row.kind;
    if (family !== 'settlement' && family !== 'entry') return;
    const asset = `${family} ${row.asset}`;
    if (assets.has(asset)) {
      throw new MarketDuplicateError(placeOf(place, 'asset'), `a second ${family} row for ${row.asset}: its reserves would count twice, remove one`);
    }
    assets.add(asset);
  });
}

/** An entry row is money owed between accounts: a charge on it, or a rounded mark, would charge the same position twice. */
function checkEntry(row: MarketRow, place: Place, charges: Place): void {
  for (const field of ['longCharge', 'shortCharge'] as const) {
    if (row[field] !== 0n) {
      throw new MarketCrossedError(inside(charges, field), 'an entry row has no charges: write 0, and a price and P&L that are exact in value units per quantum');
    }
  }
  if (row.mark < 0n) throw new MarketCrossedError(inside(place, 'mark'), 'the price of a currency is never negative: correct its sign');
}

/** Coins and options cannot be worth less than nothing, so a haircut cannot take more than their price. */
function checkNeverNegative(row: MarketRow, place: Place, charges: Place): void {
  if (row.mark < 0n) throw new MarketCrossedError(inside(place, 'mark'), `the price of a ${row.kind} is never negative: correct its sign`);
  if (row.longCharge > row.mark) {
    throw new MarketCrossedError(
      inside(charges, 'longCharge'),
      `the charge ${row.longCharge} exceeds the mark ${row.mark} (value units per quantum): a ${row.kind} held long cannot be a debt, lower it`,
    );
  }
  row.pnl.forEach((pnl, scenario) => {
    // Both were floored: together they may lie one value unit below an exact zero.
    if (row.mark + pnl < -1n) {
      throw new MarketCrossedError(
        inside(place, `pnl[${scenario}]`),
        `the loss ${-pnl} exceeds the mark ${row.mark} (value units per quantum): a ${row.kind} cannot fall below zero, raise it`,
      );
    }
  });
}

function outOfRange(place: Place, field: string, value: bigint): ClearproofError {
  return new MarketRangeError(
    inside(place, field),
    `${value} value units per quantum do not fit 47 bits: give the instrument more quantityDecimals or the table a lower valueScale`,
  );
}

function inside(place: Place, field: string): Place {
  return fieldOf(place, place.field === undefined ? field : `${place.field}.${field}`);
}
