/** Rates are in ppm of a value per quantum: 10^6 is the whole of it. */
export const RATE_SCALE = 1_000_000n;
const RATE_BITS = 24;
/** Rates lie below this: almost 17 times the value. */
export const RATE_LIMIT = 1n << BigInt(RATE_BITS);
/** Multipliers lie below this. */
export const MULTIPLIER_LIMIT = 1n << 64n;
/** Scenario moves are multiples of a scan range or basis in these parts, at most `MAX_MOVE` of them. */
export const MOVE_PARTS = 60n;
export const MAX_MOVE = 255;

/** What of a value is charged, and how far it is scanned, at one margin level. ppm, each in [0, 2^24). */
export interface LevelRates {
  readonly longRate: bigint;
  readonly shortRate: bigint;
  readonly scanRate: bigint;
}

/** What a row's values are made from, beside its price: docs/decisions/0004. */
export interface RowTerms {
  /** Base value of one quantum is floor(oraclePrice * multiplier / 10^18) value units. In [0, 2^64). */
  readonly multiplier: bigint;
  readonly maintenance: LevelRates;
  readonly initial: LevelRates;
  /** ppm by which the price may stray from its index; for an option, by which its forward may. */
  readonly basisRate: bigint;
  /** The base value has no remainder: an entry row, whose marks must not round. */
  readonly exact: boolean;
  /** A put option; false in every other row. */
  readonly put: boolean;
  /** Base value of one quantum at an option's strike, below 2^47; 0 in every other row. */
  readonly strike: bigint;
}

/** One scenario: how far prices and spreads move, in sixtieths of scan range and basis, each in -255..255. */
export interface ScenarioMove {
  readonly price: number;
  readonly basis: number;
}

/** Seven rates of 24 bits, lowest first, then `exact` and `put`: 170 bits, as the board keeps them and the circuit takes them apart. */
export function packRates({ maintenance, initial, basisRate, exact, put }: RowTerms): bigint {
  const rates = [
    maintenance.longRate, maintenance.shortRate, initial.longRate, initial.shortRate, maintenance.scanRate, initial.scanRate, basisRate,
  ];
  const flags = (exact ? 1n : 0n) + (put ? 2n : 0n);
  return rates.reduce((word, rate, place) => word + (rate << BigInt(RATE_BITS * place)), flags << BigInt(RATE_BITS * rates.length));
}
