import { decodeUtf8, type ByteSource } from '../venue/byte-source.js';
import { csvRows, type Columns } from '../venue/csv-rows.js';
import { fieldOf, quoted, type Place } from '../venue/place.js';
import type { KnownVolatility } from './crash-days.js';
import { priceOf } from './day-prices.js';
import type { PricePath } from './price-path.js';
import { PricePathError, SimulationShapeError } from './simulation-errors.js';

const COLUMNS: Columns = { required: ['time', 'asset', 'price'], optional: [] };
const TIME = /^(0|[1-9][0-9]{0,10})$/;
const ASSET = /^[A-Z0-9.]{1,16}$/;
/** A run holds every step in memory. */
const MOST_STEPS = 30_000;
/** What sets are told of an asset whose past a file does not have: a usual volatility. */
const USUAL: KnownVolatility = { recent: 43_000n, longRun: 43_000n };

interface Quote {
  readonly time: number;
  readonly price: bigint;
}

/**
 * A path from prices as they were traded: rows of time (Unix seconds), asset, price, by time. At every step the last price counts.
 * @throws the CSV errors of import-errors.ts, SeriesPriceError, PricePathError, SimulationShapeError
 */
export async function readPath(source: ByteSource, stepSeconds: number): Promise<PricePath> {
  if (!Number.isInteger(stepSeconds) || stepSeconds < 1 || stepSeconds > 600) throw new SimulationShapeError(`steps of ${stepSeconds} seconds: take a whole number up to 600`, { stepSeconds });
  const quotes = new Map<string, Quote[]>();
  let [first, last] = [0, -1];
  for await (const row of csvRows(decodeUtf8(source), source.name, COLUMNS)) {
    const place = { file: source.name, row: row.row };
    const [time, asset] = [timeOf(row.cell('time'), fieldOf(place, 'time')), row.cell('asset')];
    if (!ASSET.test(asset)) throw new PricePathError(fieldOf(place, 'asset'), `${quoted(asset)} is no asset: write 1 to 16 of A-Z, 0-9 and the point`);
    if (last < 0) first = time;
    if (time < last) throw new PricePathError(fieldOf(place, 'time'), 'is before the row above: sort the file by time');
    last = time;
    const list = quotes.get(asset) ?? [];
    if (list.length === 0 && time > first) throw new PricePathError(fieldOf(place, 'asset'), `${asset} has no price at ${first}, where the file begins: give one, or begin later`);
    if (list.at(-1)?.time === time) throw new PricePathError(fieldOf(place, 'time'), `${asset} has two prices at ${time}: keep one`);
    list.push({ time, price: priceOf(row.cell('price'), fieldOf(place, 'price')) });
    quotes.set(asset, list);
  }
  const steps = Math.floor((last - first) / stepSeconds) + 1;
  if (quotes.size === 0 || steps < 2) throw new PricePathError({ file: source.name }, 'holds less than two steps of prices: give a longer series or shorter steps');
  if (steps > MOST_STEPS) throw new PricePathError({ file: source.name }, `holds ${steps} steps: at most ${MOST_STEPS} are run, cut it or take longer steps`);
  return {
    name: source.name.split('/').at(-1) ?? source.name, stepSeconds, assets: [...quotes.keys()], volatility: [...quotes].map(() => USUAL),
    prices: [...quotes.values()].map((list) => sampled(list, first, steps, stepSeconds)),
  };
}

function timeOf(text: string, place: Place): number {
  if (!TIME.test(text)) throw new PricePathError(place, `${quoted(text)} is no time: write Unix seconds`);
  return Number(text);
}

function sampled(quotes: readonly Quote[], first: number, steps: number, stepSeconds: number): bigint[] {
  let at = 0;
  return Array.from({ length: steps }, (_, step) => {
    while ((quotes[at + 1]?.time ?? Infinity) <= first + step * stepSeconds) at += 1;
    return quotes[at]?.price ?? 1n;
  });
}
