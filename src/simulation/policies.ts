import { PPM } from '../risk/model/parts-per-million.js';
import type { KnownVolatility } from './crash-days.js';
import { SimulationShapeError } from './simulation-errors.js';

/** Parameters of a venue for one run: margin rates of its board, and its rules for liquidations. Rates in ppm, times in seconds. */
export interface Policy {
  readonly name: string;
  readonly title: string;
  /** Maintenance scan range of each asset, for what was known on the evening before. */
  readonly scanOf: (asset: string, volatility: KnownVolatility) => bigint;
  /** Initial scan range over the maintenance one. */
  readonly initialPpm: bigint;
  /** Whether the range follows the day itself too, from table to table, up to twice the evening's. */
  readonly followsTheDay: boolean;
  /** Time to answer a challenge by gate mode, from OPEN to HALT. */
  readonly windows: readonly [number, number, number, number];
  /** In which the discount rises to its most, and then the subsidy. */
  readonly fall: (volatility: KnownVolatility) => number;
  readonly maxDiscount: bigint;
  readonly maxSubsidy: bigint;
  readonly penalty: bigint;
  /** What slices of perpetuals are paid in: in cash, for the whole value, or in the entry row, for the margin only. */
  readonly paidIn: 'cash' | 'entry';
}

/** Of the other assets in parts of BTC's range. */
const FIXED_BTC = 100_000n;
const FIXED_OTHERS = 130_000n;
/** Daily standard deviations that a maintenance range covers: 99 % of normal days. */
const DEVIATIONS = 2_330_000n;
/** Of the long run's range that the evening's is never below. */
const FLOOR_SHARE = 750_000n;
const [LEAST_SCAN, MOST_SCAN] = [40_000n, 300_000n];
const REFERENCE_VOLATILITY = 43_000n;
const REFERENCE_FALL = 1_200n;
const [LEAST_FALL, MOST_FALL] = [300n, 2_400n];

const FIXED: Policy = {
  name: 'fixed', title: 'Fixed', followsTheDay: false, initialPpm: 1_500_000n,
  scanOf: (asset) => (asset === 'BTC' ? FIXED_BTC : FIXED_OTHERS),
  windows: [1_800, 1_800, 1_800, 1_800], fall: () => Number(REFERENCE_FALL),
  maxDiscount: 50_000n, maxSubsidy: 8_000n, penalty: 10_000n, paidIn: 'cash',
};

const ADAPTIVE: Policy = {
  ...FIXED, name: 'adaptive', title: 'Adaptive',
  scanOf: (_, volatility) => coveringRange(volatility),
  windows: [1_800, 900, 300, 60],
  fall: ({ recent }) => Number(within(recent === 0n ? MOST_FALL : (REFERENCE_FALL * REFERENCE_VOLATILITY) / recent, LEAST_FALL, MOST_FALL)),
};

/** Sets that are compared side by side, in the order of the report. */
export const POLICIES: readonly Policy[] = [
  FIXED,
  ADAPTIVE,
  { ...ADAPTIVE, name: 'reactive', title: 'Adaptive, follows the day', followsTheDay: true },
  { ...ADAPTIVE, name: 'adaptive-entry', title: 'Adaptive, paid in entry', paidIn: 'entry' },
];

/** The sets of some names. @throws SimulationShapeError for an unknown or repeated name */
export function policiesNamed(names: readonly string[]): readonly Policy[] {
  return names.map((name, i) => {
    const found = POLICIES.find((one) => one.name === name);
    if (found !== undefined && names.indexOf(name) === i) return found;
    const known = POLICIES.map((one) => one.name).join(', ');
    throw new SimulationShapeError(`${JSON.stringify(name)} ${found === undefined ? 'is no parameter set' : 'stands twice'}: name some of ${known}, each once`, { name });
  });
}

/** The range that covers a day at the confidence, by the larger of recent and, in part, long-run volatility. */
export function coveringRange({ recent, longRun }: KnownVolatility): bigint {
  const floor = (longRun * FLOOR_SHARE) / PPM;
  return within(((recent > floor ? recent : floor) * DEVIATIONS) / PPM, LEAST_SCAN, MOST_SCAN);
}

/** How far a range that follows the day moves from one table to the next: towards `wanted`, never beyond twice the evening's. */
export function followed(now: bigint, evening: bigint, dailyVolatility: bigint): bigint {
  const wanted = within((dailyVolatility * DEVIATIONS) / PPM, evening, 2n * evening);
  return within(wanted, (now * 990_000n) / PPM, (now * 1_050_000n) / PPM);
}

function within(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}
