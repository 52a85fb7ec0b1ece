import { DecimalError, parseDecimal } from '../../fixed-point/decimal.js';
import { decodeUtf8, type ByteSource } from '../../venue/byte-source.js';
import { csvRows, type Columns, type CsvRow } from '../../venue/csv-rows.js';
import { fieldOf, quoted, type Place } from '../../venue/place.js';
import { dayOf } from './calendar.js';
import { SeriesDateError, SeriesOrderError, SeriesPriceError, SeriesVolumeError } from './series-errors.js';

/** The closing price of one day. */
export interface PricePoint {
  /** Days since 1970-01-01, UTC. */
  readonly day: number;
  readonly price: number;
  /** Traded value of the day in the price's currency, where the file has one above zero. */
  readonly volume: number | undefined;
  readonly place: Place;
}

interface PriceFormat {
  readonly columns: Columns;
  readonly delimiter: ',' | '\t';
  readonly date: string;
  readonly price: string;
  readonly volume?: string;
}

/** Yahoo's daily history; its volume of a coin is in the price's currency. */
const DAILY_CSV: PriceFormat = {
  columns: { required: ['Date', 'Close'], optional: ['Open', 'High', 'Low', 'Adj Close', 'Volume', 'Dividends', 'Stock Splits'] },
  delimiter: ',', date: 'Date', price: 'Close', volume: 'Volume',
};
/** CoinGecko as kept by sablier-labs/price-data. Its row of a day agrees with that day's close elsewhere. */
const COINGECKO_TSV: PriceFormat = { columns: { required: ['id', 'output'], optional: [] }, delimiter: '\t', date: 'id', price: 'output' };

/** Fractional digits a price may have. */
const PRICE_SCALE = 36;

/**
 * The days of a price file, a .csv or .tsv (or .gz of one), in order. Days may be missing.
 * @throws the CSV errors of import-errors.ts, SeriesDateError, SeriesOrderError, SeriesPriceError, SeriesVolumeError
 */
export async function readPriceFile(source: ByteSource): Promise<PricePoint[]> {
  const format = /\.tsv(\.gz)?$/.test(source.name) ? COINGECKO_TSV : DAILY_CSV;
  const points: PricePoint[] = [];
  for await (const row of csvRows(decodeUtf8(source), source.name, format.columns, format.delimiter)) {
    const point = pointOf(row, { file: source.name, row: row.row }, format);
    const before = points.at(-1);
    if (before !== undefined && point.day <= before.day) {
      const sentence = point.day === before.day ? 'the day stands twice: remove one' : 'the day is earlier than the one above: sort the file by date';
      throw new SeriesOrderError(fieldOf(point.place, format.date), sentence);
    }
    points.push(point);
  }
  return points;
}

function pointOf(row: CsvRow, place: Place, format: PriceFormat): PricePoint {
  const date = row.cell(format.date);
  const day = dayOf(date);
  if (day === undefined) throw new SeriesDateError(fieldOf(place, format.date), `${quoted(date)} is not a day: write it as in 2020-03-12`);
  return { day, price: priceOf(row, place, format), volume: format.volume === undefined ? undefined : volumeOf(row, place, format.volume), place };
}

function priceOf(row: CsvRow, place: Place, { price }: PriceFormat): number {
  const text = row.cell(price);
  if (signOf(text) === 1) return Number(text);
  throw new SeriesPriceError(fieldOf(place, price), `${quoted(text)} is not a price above zero: write a plain decimal, or leave the day out`);
}

function volumeOf(row: CsvRow, place: Place, field: string): number | undefined {
  const text = row.cell(field);
  if (text === '') return undefined;
  const sign = signOf(text);
  if (sign === 1) return Number(text);
  if (sign === 0) return undefined;
  throw new SeriesVolumeError(fieldOf(place, field), `${quoted(text)} is not a volume: write a plain decimal of at least 0`);
}

/** -1, 0, 1; undefined for what is no plain decimal. */
function signOf(text: string): number | undefined {
  try {
    const value = parseDecimal(text, PRICE_SCALE, 'floor');
    if (value > 0n) return 1;
    return value === 0n ? 0 : -1;
  } catch (cause) {
    if (cause instanceof DecimalError) return undefined;
    throw cause;
  }
}
