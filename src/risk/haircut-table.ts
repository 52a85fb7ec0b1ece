import { DecimalError, formatDecimal, parseDecimal } from '../fixed-point/decimal.js';
import { decodeUtf8, type ByteSource } from '../venue/byte-source.js';
import { csvRows, type Columns, type CsvRow } from '../venue/csv-rows.js';
import { fieldOf, quoted, type Place } from '../venue/place.js';
import { HaircutTableError } from './market-errors.js';

/** Decimals of prices and fractions here. */
export const FRACTION_SCALE = 36;
export const FULL_RATIO = 100n;

/** Which of the table's three schedules of collateral ratios to take. */
export type RatioSchedule = 'portfolio-margin' | 'margin' | 'vip-loan';

/** A tier of collateral ratios: what of the part of a holding's value above the tier below counts as collateral. */
export interface RatioTier {
  /** Value in the price's currency up to which it goes, whole units; undefined: without end. */
  readonly upTo: bigint | undefined;
  /** Percent, 0 to 100. */
  readonly ratio: bigint;
}

/** One coin of the table. */
export interface HaircutEntry {
  /** Plain decimal, never negative. */
  readonly price: string;
  /** Lowest first, ratios not rising; none where the table has none: then nothing counts. */
  readonly tiers: readonly RatioTier[];
}

const COLUMN_OF: Readonly<Record<RatioSchedule, string>> = {
  'portfolio-margin': 'collateral_portfolio_margin_ratio_tiers',
  margin: 'collateral_margin_ratio_tiers',
  'vip-loan': 'collateral_vip_loan_ratio_tiers',
};
const TIER = /^\s*([0-9]{1,20})-([0-9]{1,20}):([0-9]{1,3})\s*$/;
/** How the table writes "without end": 2^64 - 1. */
const NO_END = 2n ** 64n - 1n;

/** The wanted coins of a published table, by symbol in lower case. @throws the CSV errors of import-errors.ts, HaircutTableError */
export async function readHaircutTable(
  source: ByteSource, schedule: RatioSchedule, wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, HaircutEntry>> {
  const column = COLUMN_OF[schedule];
  const columns: Columns = {
    required: ['token', 'asset_usdt_price', column],
    optional: Object.values(COLUMN_OF).filter((one) => one !== column),
  };
  const entries = new Map<string, HaircutEntry>();
  for await (const row of csvRows(decodeUtf8(source), source.name, columns)) {
    const symbol = row.cell('token').toLowerCase();
    if (!wanted.has(symbol)) continue;
    const place: Place = { file: source.name, row: row.row };
    if (entries.has(symbol)) throw new HaircutTableError(fieldOf(place, 'token'), `${quoted(symbol)} stands twice: remove one`);
    entries.set(symbol, { price: readPrice(row, place), tiers: readTiers(row.cell(column), fieldOf(place, column)) });
  }
  return entries;
}

function readPrice(row: CsvRow, place: Place): string {
  const text = row.cell('asset_usdt_price');
  try {
    const price = parseDecimal(text, FRACTION_SCALE);
    if (price >= 0n) return formatDecimal(price, FRACTION_SCALE);
  } catch (cause) {
    if (!(cause instanceof DecimalError)) throw cause;
    throw new HaircutTableError(fieldOf(place, 'asset_usdt_price'), `${quoted(text)} is not a price: write a plain decimal`, { cause });
  }
  throw new HaircutTableError(fieldOf(place, 'asset_usdt_price'), `the price ${quoted(text)} is negative: correct its sign`);
}

function readTiers(text: string, place: Place): RatioTier[] {
  if (text === '') return [];
  if (!text.startsWith('[') || !text.endsWith(']')) throw malformed(text, place);
  const tiers: RatioTier[] = [];
  for (const one of text.slice(1, -1).split(',')) {
    const [, low, high, percent] = TIER.exec(one) ?? [];
    if (low === undefined || high === undefined || percent === undefined || BigInt(percent) > FULL_RATIO) throw malformed(text, place);
    const below = tiers.at(-1);
    const start = below === undefined ? 0n : below.upTo;
    if (BigInt(low) !== start || BigInt(high) <= start) {
      throw new HaircutTableError(place, `the tier ${quoted(one)} does not go on where the one below ends: begin at 0 and leave no gap`);
    }
    if (below !== undefined && BigInt(percent) > below.ratio) {
      throw new HaircutTableError(place, `the tier ${quoted(one)} counts more than the one below: ratios must not rise with size`);
    }
    tiers.push({ upTo: BigInt(high) === NO_END ? undefined : BigInt(high), ratio: BigInt(percent) });
  }
  return tiers;
}

function malformed(text: string, place: Place): HaircutTableError {
  return new HaircutTableError(place, `${quoted(text)} is not a list of tiers: write [low-high:percent,…] with percents 0 to 100`);
}
