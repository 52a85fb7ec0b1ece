import { DecimalError, parseDecimal } from '../fixed-point/decimal.js';
import { dayOf } from '../risk/backtest/calendar.js';
import { priceFiles } from '../risk/backtest/price-folders.js';
import { SeriesDateError, SeriesOrderError, SeriesPriceError } from '../risk/backtest/series-errors.js';
import { decodeUtf8, fileSource, type ByteSource } from '../venue/byte-source.js';
import { csvRows, type Columns, type CsvRow } from '../venue/csv-rows.js';
import { fieldOf, quoted, type Place } from '../venue/place.js';
import { DayRangeError } from './simulation-errors.js';

/** The four prices of a day, 10^-8 of the settlement currency, above 0: low <= open, close <= high. */
export interface DayPrices {
  /** Days since 1970-01-01, UTC. */
  readonly day: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
}

/** Days of each asset, oldest first; days may be missing. */
export type DailyHistory = ReadonlyMap<string, readonly DayPrices[]>;

/** Fractional digits of a price. What a file has beyond them is cut off: vendors write floats. */
const PRICE_SCALE = 8;
const COLUMNS: Columns = { required: ['Date', 'Open', 'High', 'Low', 'Close'], optional: ['Adj Close', 'Volume', 'Dividends', 'Stock Splits'] };

/** All price files of a folder, named like BTC-USD.csv. @throws PriceFolderError, and what readDays throws */
export async function readHistory(folder: string): Promise<DailyHistory> {
  const history = new Map<string, readonly DayPrices[]>();
  for (const [asset, paths] of await priceFiles([folder])) {
    for (const path of paths.filter((one) => /\.csv(\.gz)?$/.test(one))) history.set(asset, await readDays(fileSource(path)));
  }
  return history;
}

/** @throws the CSV errors of import-errors.ts, SeriesDateError, SeriesOrderError, SeriesPriceError, DayRangeError */
export async function readDays(source: ByteSource): Promise<DayPrices[]> {
  const days: DayPrices[] = [];
  for await (const row of csvRows(decodeUtf8(source), source.name, COLUMNS)) {
    const place = { file: source.name, row: row.row };
    const found = daysPrices(row, place);
    if (found.day <= (days.at(-1)?.day ?? -Infinity)) {
      throw new SeriesOrderError(fieldOf(place, 'Date'), 'the day is not later than the one above: sort the file by date, each day once');
    }
    days.push(found);
  }
  return days;
}

function daysPrices(row: CsvRow, place: Place): DayPrices {
  const date = row.cell('Date');
  const day = dayOf(date);
  if (day === undefined) throw new SeriesDateError(fieldOf(place, 'Date'), `${quoted(date)} is not a day: write it as in 2020-03-12`);
  const [open, high, low, close] = ['Open', 'High', 'Low', 'Close'].map((field) => priceOf(row.cell(field), fieldOf(place, field))) as [bigint, bigint, bigint, bigint];
  for (const [field, price] of [['Open', open], ['Close', close]] as const) {
    if (price < low || price > high) throw new DayRangeError(fieldOf(place, field), 'lies outside the day\'s low and high: correct the row or leave the day out');
  }
  return { day, open, high, low, close };
}

/** A price in 10^-8, above 0. @throws SeriesPriceError */
export function priceOf(text: string, place: Place): bigint {
  const refused = (cause?: unknown): SeriesPriceError =>
    new SeriesPriceError(place, `${quoted(text)} is not a price of at least 10^-8: write a plain decimal, or leave the row out`, { cause });
  try {
    const price = parseDecimal(text, PRICE_SCALE, 'floor');
    if (price > 0n) return price;
  } catch (cause) {
    if (!(cause instanceof DecimalError)) throw cause;
    throw refused(cause);
  }
  throw refused();
}
