import { divide } from '../../fixed-point/decimal.js';
import { PPM } from './parts-per-million.js';

export interface UpdateBounds {
  /** Most that a value rises or falls in one update, ppm of its former value. */
  readonly maxRisePpm: bigint;
  readonly maxFallPpm: bigint;
}

/** Highest value that one update may reach: rounded down, so the bound is never exceeded. */
export function highestAfter(former: bigint, { maxRisePpm }: UpdateBounds): bigint {
  return divide(former * (PPM + maxRisePpm), PPM, 'floor');
}

/** Lowest value that one update may reach: rounded up for the same reason. */
export function lowestAfter(former: bigint, { maxFallPpm }: UpdateBounds): bigint {
  return divide(former * (PPM - maxFallPpm), PPM, 'ceil');
}

/** `wanted`, or the nearest value that one update may reach. */
export function boundedUpdate(former: bigint, wanted: bigint, bounds: UpdateBounds): bigint {
  return clamp(wanted, lowestAfter(former, bounds), highestAfter(former, bounds));
}

export function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}
