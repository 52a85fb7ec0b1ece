import type { Crash } from './crash-days.js';
import type { DayPrices } from './day-prices.js';

const UNIT = 100_000_000n;
const day = (number: number, open: bigint, high: bigint, low: bigint, close: bigint): DayPrices =>
  ({ day: number, open: open * UNIT, high: high * UNIT, low: low * UNIT, close: close * UNIT });

/** For those who have no prices: two assets and two days that never were. Its figures say how the simulation works and no more. */
export const INVENTED_CRASH: Crash = {
  name: 'invented',
  assets: [
    { asset: 'BTC', days: [day(0, 10_000n, 10_150n, 6_800n, 7_400n), day(1, 7_400n, 8_300n, 7_100n, 8_050n)], volatility: { recent: 30_000n, longRun: 35_000n } },
    { asset: 'ETH', days: [day(0, 500n, 512n, 310n, 345n), day(1, 345n, 401n, 330n, 388n)], volatility: { recent: 42_000n, longRun: 46_000n } },
  ],
};
