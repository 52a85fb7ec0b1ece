import { integerRoot } from '../fixed-point/real.js';
import { dateOf } from '../risk/backtest/calendar.js';
import { PPM } from '../risk/model/parts-per-million.js';
import type { DailyHistory, DayPrices } from './day-prices.js';
import { SimulatedDayError } from './simulation-errors.js';

/** What was known of an asset on the evening before. ppm of the price a day. */
export interface KnownVolatility {
  /** Root mean square of the last RECENT_DAYS daily moves. */
  readonly recent: bigint;
  /** The same of the last LONG_DAYS. */
  readonly longRun: bigint;
}

/** One asset in a crash: its days in order, and what was known before the first. */
export interface CrashAsset {
  readonly asset: string;
  readonly days: readonly DayPrices[];
  readonly volatility: KnownVolatility;
}

/** Consecutive days that are replayed; REFERENCE first where it is among the assets. */
export interface Crash {
  readonly name: string;
  readonly assets: readonly CrashAsset[];
}

/** The asset whose falls, moves and silence a run goes by. */
export const REFERENCE = 'BTC';
export const RECENT_DAYS = 30;
export const LONG_DAYS = 250;

/** How far a day fell below its open, ppm. */
export function fallOf({ open, low }: DayPrices): bigint {
  return ((open - low) * PPM) / open;
}

/**
 * The days on which an asset fell furthest below its open, the worst first; none within `apart` days of a worse one, so that
 * one crash counts once. Days without RECENT_DAYS before them are left out.
 */
export function worstDays(days: readonly DayPrices[], count: number, apart: number): number[] {
  const ranked = days.slice(RECENT_DAYS + 1).sort((a, b) => Number(fallOf(b) - fallOf(a)) || a.day - b.day);
  const chosen: number[] = [];
  for (const { day } of ranked) {
    if (chosen.length < count && chosen.every((one) => Math.abs(one - day) >= apart)) chosen.push(day);
  }
  return chosen;
}

/**
 * The crash that begins on a day, of all assets that have its days and enough before them.
 * @throws SimulatedDayError when none has
 */
export function crashAt(history: DailyHistory, day: number, span: number): Crash {
  const assets = [...history].sort(([a], [b]) => Number(b === REFERENCE) - Number(a === REFERENCE) || (a < b ? -1 : 1)).flatMap(([asset, days]): CrashAsset[] => {
    const first = days.findIndex((one) => one.day === day);
    const found = days.slice(first, first + span);
    if (first <= RECENT_DAYS || found.length < span || found.some((one, i) => one.day !== day + i)) return [];
    return [{ asset, days: found, volatility: volatilityBefore(days, first) }];
  });
  if (assets.length > 0) return { name: dateOf(day), assets };
  throw new SimulatedDayError(
    `no asset has ${dateOf(day)}, the ${span - 1} days after it and ${RECENT_DAYS + 1} before it: name another day or a shorter span`, { day: dateOf(day), span },
  );
}

function volatilityBefore(days: readonly DayPrices[], first: number): KnownVolatility {
  const moves = days.slice(Math.max(0, first - LONG_DAYS - 1), first).flatMap((one, i, all) => {
    const before = all[i - 1];
    return before === undefined ? [] : [((one.close - before.close) * PPM) / before.close];
  });
  return { recent: rootMeanSquare(moves.slice(-RECENT_DAYS)), longRun: rootMeanSquare(moves) };
}

/** 0 of none. */
export function rootMeanSquare(moves: readonly bigint[]): bigint {
  return moves.length === 0 ? 0n : integerRoot(moves.reduce((sum, one) => sum + one * one, 0n) / BigInt(moves.length));
}
