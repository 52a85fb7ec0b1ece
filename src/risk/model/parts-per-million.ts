import { ModelNumberError } from './model-errors.js';

/** The whole, in ppm. Risk parameters are integers of 10^-6. */
export const PPM = 1_000_000n;

/** Largest ratio that may cross: 10^9 ppm is a thousand times the price, far beyond any move that is charged. */
const MOST = 1e9;

/**
 * The one place where statistics become parameters. A charge or range is rounded up, so that no account looks healthier
 * for it. @throws ModelNumberError for NaN, an infinity or a negative number
 */
export function chargePpm(ratio: number): bigint {
  return BigInt(Math.ceil(scaled(ratio)));
}

/** As chargePpm for what is given to an account: rounded down. */
export function creditPpm(ratio: number): bigint {
  return BigInt(Math.floor(scaled(ratio)));
}

/** Back to a plain ratio, for statistics and charts only. */
export function ratioOf(ppm: bigint): number {
  return Number(ppm) / 1e6;
}

function scaled(ratio: number): number {
  const value = ratio * 1e6;
  if (!(value >= 0 && value <= MOST)) {
    throw new ModelNumberError(`the model arrived at ${ratio}, which is no ratio from 0 to 1000: look for wrong prices in the series`, { ratio });
  }
  return value;
}
