import { DecimalError, formatDecimal, parseDecimal } from '../fixed-point/decimal.js';
import { decodeUtf8, type ByteSource } from '../venue/byte-source.js';
import { csvRows, type Columns, type CsvRow } from '../venue/csv-rows.js';
import { fieldOf, quoted, type Place } from '../venue/place.js';
import { HaircutTableError } from './market-errors.js';
import type { MarginLevel } from './market-table.js';
import type { StaticInstrument, StaticMarketFile } from './static-market.js';

/** An instrument to price from the table. */
export interface HaircutInstrument {
  readonly id: string;
  /** Symbol in the table, in any case. */
  readonly symbol: string;
  readonly kind?: 'cash' | 'spot';
  readonly quantityDecimals: number;
  /** Used for a symbol that the table does not have; without one its price is 0. Plain decimal. */
  readonly price?: string;
}

/** A market scenario in which every spot row moves by one fraction of its mark: "-0.15". Cash rows stay. */
export interface UniformMove {
  readonly name: string;
  readonly ofMark: string;
}

export interface HaircutMarketOptions {
  readonly currency: string;
  readonly level: MarginLevel;
  readonly snapshotTime: number;
  readonly parameterSet: string;
  readonly instruments: readonly HaircutInstrument[];
  /** S scenarios; none by default. */
  readonly scenarios?: readonly UniformMove[];
  /** Least short charge as a fraction of the mark; "0" by default. */
  readonly leastShortCharge?: string;
  /** What one borrowed unit of a coin without a price takes off margin, in the currency; "1" by default, so that such debt is never free. */
  readonly unpricedDebtCharge?: string;
}

interface HaircutEntry {
  readonly price: string;
  /** Collateral ratio of the lowest tier, percent. */
  readonly ratio: bigint;
}

const COLUMNS: Columns = {
  required: ['token', 'asset_usdt_price', 'collateral_portfolio_margin_ratio_tiers'],
  optional: ['collateral_vip_loan_ratio_tiers', 'collateral_margin_ratio_tiers'],
};
const TIER = /^\s*[0-9]+-[0-9]+:([0-9]{1,3})\s*$/;
const FULL = 100n;
const FRACTION_SCALE = 36;

/**
 * A market parameter file from a published table of prices and size-tiered collateral ratios.
 *
 * Without tiers a row has one haircut for every size, so it is the strictest of the table's portfolio-margin column:
 * 100 % minus the lowest ratio that any size gets. Debt is charged the same fraction, or `leastShortCharge` if that is more.
 * A symbol the table lacks counts nothing as collateral: full haircut on the given price, or on 0.
 *
 * @throws the CSV errors of import-errors.ts and HaircutTableError
 */
export async function marketFromHaircuts(source: ByteSource, options: HaircutMarketOptions): Promise<StaticMarketFile> {
  const entries = await readEntries(source, new Set(options.instruments.map((one) => one.symbol.toLowerCase())));
  return {
    formatVersion: '1',
    currency: options.currency,
    level: options.level,
    snapshotTime: options.snapshotTime.toString(),
    parameterSet: options.parameterSet,
    scenarios: (options.scenarios ?? []).map((move) => move.name),
    instruments: options.instruments.map((one) => instrumentOf(one, entries.get(one.symbol.toLowerCase()), options)),
  };
}

function instrumentOf(listed: HaircutInstrument, entry: HaircutEntry | undefined, options: HaircutMarketOptions): StaticInstrument {
  const kind = listed.kind ?? 'spot';
  const mark = entry?.price ?? listed.price ?? '0';
  const haircut = formatDecimal(FULL - (entry?.ratio ?? 0n), 2);
  const unpriced = parseDecimal(mark, FRACTION_SCALE) === 0n;
  const moves = (options.scenarios ?? []).map((move) => (kind === 'cash' ? '0' : move.ofMark));
  return {
    id: listed.id,
    kind,
    asset: listed.id,
    quantityDecimals: listed.quantityDecimals.toString(),
    mark,
    longCharge: { ofMark: haircut },
    shortCharge: unpriced ? (options.unpricedDebtCharge ?? '1') : { ofMark: larger(haircut, options.leastShortCharge ?? '0') },
    pnl: { ofMark: moves },
  };
}

async function readEntries(source: ByteSource, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, HaircutEntry>> {
  const entries = new Map<string, HaircutEntry>();
  for await (const row of csvRows(decodeUtf8(source), source.name, COLUMNS)) {
    const symbol = row.cell('token').toLowerCase();
    if (!wanted.has(symbol)) continue;
    const place: Place = { file: source.name, row: row.row };
    if (entries.has(symbol)) throw new HaircutTableError(fieldOf(place, 'token'), `${quoted(symbol)} stands twice: remove one`);
    entries.set(symbol, { price: readPrice(row, place), ratio: lowestRatio(row, place) });
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

function lowestRatio(row: CsvRow, place: Place): bigint {
  const field = 'collateral_portfolio_margin_ratio_tiers';
  const text = row.cell(field);
  const refuse = (): HaircutTableError =>
    new HaircutTableError(fieldOf(place, field), `${quoted(text)} is not a list of tiers: write [low-high:percent,…] with percents 0 to 100`);
  if (!text.startsWith('[') || !text.endsWith(']')) throw refuse();
  const ratios = text.slice(1, -1).split(',').map((tier) => {
    const percent = TIER.exec(tier)?.[1];
    if (percent === undefined || BigInt(percent) > FULL) throw refuse();
    return BigInt(percent);
  });
  return ratios.reduce((least, one) => (one < least ? one : least), FULL);
}

function larger(a: string, b: string): string {
  return parseDecimal(a, FRACTION_SCALE) >= parseDecimal(b, FRACTION_SCALE) ? a : b;
}
