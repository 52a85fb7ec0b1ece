import { dayOf, dateOf } from '../../src/risk/backtest/calendar.js';
import type { MoveSeries } from '../../src/risk/backtest/daily-moves.js';

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers from a seed (Box and Muller). */
export function normal(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Student-t numbers of unit variance. @param freedom whole, above 2 */
export function studentT(seed: number, freedom: number): () => number {
  const next = normal(seed);
  return () => {
    const chiSquared = Array.from({ length: freedom }, next).reduce((sum, one) => sum + one * one, 0);
    return next() / Math.sqrt(chiSquared / (freedom - 2));
  };
}

export interface Simulated {
  readonly seed: number;
  readonly count: number;
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
  readonly freedom: number;
}

/** Moves of a GARCH(1,1) with Student-t shocks, from its long-run variance on. */
export function garchMoves({ seed, count, omega, alpha, beta, freedom }: Simulated): number[] {
  const shock = studentT(seed, freedom);
  let variance = omega / (1 - alpha - beta);
  return Array.from({ length: count }, () => {
    const move = Math.sqrt(variance) * shock();
    variance = omega + alpha * move * move + beta * variance;
    return move;
  });
}

/** A coin's usual moves: 4 % a day, clustered, fat-tailed. */
export function coinMoves(seed: number, count: number): number[] {
  return garchMoves({ seed, count, omega: 0.00008, alpha: 0.1, beta: 0.85, freedom: 5 });
}

/** Moves as a series of prices from 100 on, day after day. */
export function seriesOf(asset: string, returns: readonly number[], first = '2019-01-02'): MoveSeries {
  const day = dayOf(first) ?? 0;
  let price = 100;
  const moves = returns.map((move, i) => {
    const from = price;
    price *= Math.exp(move);
    return { day: day + i, from, to: price, volume: 1e9 };
  });
  return { asset, moves, gaps: [] };
}

/** The same as the text of a daily CSV. */
export function dailyCsv(returns: readonly number[], first = '2019-01-01'): string {
  const day = dayOf(first) ?? 0;
  let price = 100;
  const rows = [0, ...returns].map((move, i) => {
    price *= Math.exp(move);
    return `${dateOf(day + i)} 00:00:00+00:00,1,1,1,${price.toFixed(9)},1000000000,0.0,0.0`;
  });
  return ['Date,Open,High,Low,Close,Volume,Dividends,Stock Splits', ...rows, ''].join('\n');
}
