import { integerRoot } from '../fixed-point/real.js';
import { PPM } from '../risk/model/parts-per-million.js';
import { tablesOf, type Round, type Tables } from './market.js';
import { followed, type Policy } from './policies.js';
import type { PricePath } from './price-path.js';

/** The world around a venue: oracle, chain, epochs. Times in seconds, rates in ppm. */
export interface SurroundingRules {
  /** A round follows a move this large, or this much time; it tells prices of this long ago. */
  readonly deviation: bigint;
  readonly heartbeat: number;
  readonly oracleDelay: number;
  /** Oldest prices that liquidations are allowed under. */
  readonly oracleMaxAge: number;
  /** Between two tables, and from a round to its table's acceptance (two proofs and a transaction). */
  readonly tableInterval: number;
  readonly tableDelay: number;
  /** Oldest table that anything is done under. */
  readonly tableMaxAge: number;
  /** Of epochs: between snapshots, from one to its acceptance, and until the gate turns. */
  readonly epochInterval: number;
  readonly epochDelay: number;
  readonly staleAfter: number;
  readonly haltAfter: number;
  /** Gas of a bid, which has four proofs; a gas price in calm, and what each percent that prices moved in ten minutes adds. */
  readonly bidGas: bigint;
  readonly calmGwei: bigint;
  readonly gweiPerPercent: bigint;
}

export const SURROUNDINGS: SurroundingRules = {
  deviation: 5_000n, heartbeat: 3_600, oracleDelay: 30, oracleMaxAge: 7_200, tableInterval: 300, tableDelay: 60, tableMaxAge: 5_400,
  epochInterval: 3_600, epochDelay: 900, staleAfter: 7_200, haltAfter: 21_600,
  bidGas: 1_500_000n, calmGwei: 15n, gweiPerPercent: 60n,
};

/** Seconds that a gas price, and a range that follows the day, look back. */
const RECENT_MOVE = 600;
const DAY_LOOK_BACK = 21_600;
const SAMPLE = 1_800;
const DAY = 86_400;
const PERCENT = 10_000n;

/** Moves of the first asset in the last ten minutes, ppm, at each step. */
export function recentMoves({ prices: [first = []], stepSeconds }: PricePath): readonly bigint[] {
  const back = Math.ceil(RECENT_MOVE / stepSeconds);
  return first.map((price, step) => {
    const before = first[Math.max(0, step - back)] ?? price;
    return ((price > before ? price - before : before - price) * PPM) / before;
  });
}

export function gweiAt(rules: SurroundingRules, recentMove: bigint): bigint {
  return rules.calmGwei + (recentMove * rules.gweiPerPercent) / PERCENT;
}

/** Cost of a bid in quanta of 10^-6 dollars, ether at `etherPrice` (10^-8). */
export function bidCost({ bidGas }: SurroundingRules, gwei: bigint, etherPrice: bigint): bigint {
  // gas * 10^-9 ether * price * 10^-8 dollars, in 10^-6.
  return (bidGas * gwei * etherPrice) / 10n ** 11n;
}

/** The oracle's rounds and the tables that follow from them. */
export class PriceFeed {
  tables: Tables;
  private round: Round;
  private roundAt = 0;
  private pending: { readonly round: Round; readonly pricedAt: number; readonly acceptedAt: number } | undefined;
  private readonly evening: readonly bigint[];

  constructor(private readonly path: PricePath, private readonly policy: Policy, private readonly rules: SurroundingRules) {
    this.evening = path.assets.map((asset, i) => policy.scanOf(asset, path.volatility[i] ?? { recent: 0n, longRun: 0n }));
    this.round = { prices: this.pricesAt(0), scans: this.evening };
    this.tables = tablesOf(path.assets, this.round, policy.initialPpm, { pricedAt: 0, acceptedAt: 0 });
  }

  /** Goes on to a step; true when a table was accepted. Congestion delays what is posted. */
  advance(step: number, gwei: bigint): boolean {
    const late = gwei > 4n * this.rules.calmGwei ? 2 : 1;
    const observed = this.pricesAt(Math.max(0, step - this.steps(this.rules.oracleDelay * late)));
    if (this.steps(this.rules.heartbeat) <= step - this.roundAt || observed.some((price, i) => this.strays(price, this.round.prices[i] ?? price))) {
      this.round = { prices: observed, scans: this.round.scans };
      this.roundAt = step;
    }
    const due = this.roundAt > this.tables.pricedAt && step >= this.tables.acceptedAt + this.steps(this.rules.tableInterval);
    if (this.pending === undefined && due) {
      this.round = { prices: this.round.prices, scans: this.scansAt(step) };
      this.pending = { round: this.round, pricedAt: this.roundAt, acceptedAt: step + this.steps(this.rules.tableDelay * late) };
    }
    if (this.pending === undefined || step < this.pending.acceptedAt) return false;
    const { round, ...at } = this.pending;
    this.tables = tablesOf(this.path.assets, round, this.policy.initialPpm, at);
    this.pending = undefined;
    return true;
  }

  /** Whether oracle guard and table's age let anybody challenge, freeze or sell. */
  allowsLiquidation(step: number): boolean {
    return step - this.roundAt <= this.steps(this.rules.oracleMaxAge) && step - this.tables.pricedAt <= this.steps(this.rules.tableMaxAge);
  }

  pricesAt(step: number): readonly bigint[] {
    return this.path.prices.map((list) => list[step] ?? 1n);
  }

  steps(seconds: number): number {
    return Math.ceil(seconds / this.path.stepSeconds);
  }

  private strays(price: bigint, told: bigint): boolean {
    return (price > told ? price - told : told - price) * PPM >= told * this.rules.deviation;
  }

  private scansAt(step: number): readonly bigint[] {
    if (!this.policy.followsTheDay) return this.evening;
    return this.path.prices.map((list, i) => followed(this.round.scans[i] ?? 0n, this.evening[i] ?? 0n, this.dailyVolatility(list, step)));
  }

  /** Of half-hourly moves in the last six hours, ppm a day. */
  private dailyVolatility(prices: readonly bigint[], step: number): bigint {
    const [sample, back] = [this.steps(SAMPLE), this.steps(DAY_LOOK_BACK)];
    let [squares, count] = [0n, 0n];
    for (let at = step; at - sample >= Math.max(0, step - back); at -= sample) {
      const [now, before] = [prices[at] ?? 1n, prices[at - sample] ?? 1n];
      const move = ((now - before) * PPM) / before;
      squares += move * move;
      count += 1n;
    }
    return count === 0n ? 0n : integerRoot((squares * BigInt(DAY)) / (count * BigInt(SAMPLE)));
  }
}
