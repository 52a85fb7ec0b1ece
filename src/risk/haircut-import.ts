import { formatDecimal, parseDecimal } from '../fixed-point/decimal.js';
import type { ByteSource } from '../venue/byte-source.js';
import { FRACTION_SCALE, FULL_RATIO, readHaircutTable, type HaircutEntry, type RatioSchedule, type RatioTier } from './haircut-table.js';
import type { MarginLevel } from './market-table.js';
import { tieredFirst, type StaticCharges, type StaticInstrument, type StaticMarketFile } from './static-market.js';
import { chargesOfTiers, tiersOfBrackets } from './value-brackets.js';

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
  /** The schedule to take; portfolio margin by default. */
  readonly schedule?: RatioSchedule;
  /** One haircut for every size, the strictest of the schedule (default), or the schedule's own size tiers. */
  readonly sizes?: 'strictest' | 'tiers';
  /** Least short charge as a fraction of the mark; "0" by default. */
  readonly leastShortCharge?: string;
  /** What one borrowed unit of a coin without a price takes off margin, in the currency; "1" by default, so that such debt is never free. */
  readonly unpricedDebtCharge?: string;
}

/**
 * A market parameter file from a published table of prices and size-tiered collateral ratios.
 *
 * Bounds are values in the price's currency, and a ratio counts for the part of the value inside its tier; beyond the last
 * bound nothing counts (CalculateAssetValueViaTiersRatio in src/utils/utils.go of binance/zkmerkle-proof-of-solvency). So the
 * part inside a tier is charged 100 % minus the ratio, and what is beyond the last bound its whole price. With
 * `sizes: 'tiers'` the bounds become quantities at the table's price, rounded down, and instruments with tiers are listed
 * first. With `'strictest'` every size has the largest haircut that the schedule lists; sizes beyond the last bound are then
 * the venue's to forbid.
 *
 * Debt is charged the same fraction, or `leastShortCharge` if that is more. A symbol without ratios counts nothing as
 * collateral: full haircut on the table's price, on the given price, or on 0.
 *
 * @throws the CSV errors of import-errors.ts and HaircutTableError
 */
export async function marketFromHaircuts(source: ByteSource, options: HaircutMarketOptions): Promise<StaticMarketFile> {
  const symbols = new Set(options.instruments.map((one) => one.symbol.toLowerCase()));
  const entries = await readHaircutTable(source, options.schedule ?? 'portfolio-margin', symbols);
  return {
    formatVersion: '1',
    currency: options.currency,
    level: options.level,
    snapshotTime: options.snapshotTime.toString(),
    parameterSet: options.parameterSet,
    scenarios: (options.scenarios ?? []).map((move) => move.name),
    instruments: tieredFirst(options.instruments.map((one) => instrumentOf(one, entries.get(one.symbol.toLowerCase()), options))),
  };
}

function instrumentOf(listed: HaircutInstrument, entry: HaircutEntry | undefined, options: HaircutMarketOptions): StaticInstrument {
  const kind = listed.kind ?? 'spot';
  const mark = entry?.price ?? listed.price ?? '0';
  const moves = (options.scenarios ?? []).map((move) => (kind === 'cash' ? '0' : move.ofMark));
  const shared = { id: listed.id, kind, asset: listed.id, quantityDecimals: listed.quantityDecimals.toString(), mark, pnl: { ofMark: moves } };
  const tiers = entry?.tiers ?? [];
  const price = parseDecimal(mark, FRACTION_SCALE);
  if (price === 0n) {
    return { ...shared, longCharge: { ofMark: haircutOf(strictest(tiers)) }, shortCharge: options.unpricedDebtCharge ?? '1' };
  }
  if (options.sizes !== 'tiers') return { ...shared, ...chargesFor(strictest(tiers), options) };
  const brackets = withoutGap(tiers).map(({ upTo, ratio }) => ({
    upToValue: upTo === undefined ? undefined : upTo * 10n ** BigInt(FRACTION_SCALE), ...chargesFor(ratio, options),
  }));
  return { ...shared, ...chargesOfTiers(tiersOfBrackets(brackets, { price, quantityDecimals: listed.quantityDecimals })) };
}

/** The lowest ratio that any listed size gets; 0 without tiers. */
function strictest(tiers: readonly RatioTier[]): bigint {
  return tiers.at(-1)?.ratio ?? 0n;
}

/** Beyond the last bound nothing counts. */
function withoutGap(tiers: readonly RatioTier[]): readonly RatioTier[] {
  const last = tiers.at(-1);
  return last !== undefined && last.upTo === undefined ? tiers : [...tiers, { upTo: undefined, ratio: 0n }];
}

function chargesFor(ratio: bigint, options: HaircutMarketOptions): StaticCharges {
  const haircut = haircutOf(ratio);
  return { longCharge: { ofMark: haircut }, shortCharge: { ofMark: larger(haircut, options.leastShortCharge ?? '0') } };
}

function haircutOf(ratio: bigint): string {
  return formatDecimal(FULL_RATIO - ratio, 2);
}

function larger(a: string, b: string): string {
  return parseDecimal(a, FRACTION_SCALE) >= parseDecimal(b, FRACTION_SCALE) ? a : b;
}
