import { ClearproofError } from '../error/clearproof-error.js';
import type { MarketTable } from '../risk/market-table.js';
import { RATE_SCALE } from '../risk/row-terms.js';
import {
  RATIO_BINS, RATIO_BOUNDS, type Concentration, type FundCoverage, type PositionConcentration, type StressFigures, type StressOutcome, type StressReport,
  type StressSkipped,
} from '../risk/stress/stress-figures.js';
import type { StressScenario, StressSet } from '../risk/stress/stress-set.js';
import { stressedTable, type OptionSources } from '../risk/stress/stressed-table.js';
import { instrumentsOf, splitIntoTiers } from '../risk/tiers.js';
import type { Account, Holding } from '../venue/account.js';
import { isMatchedKind } from '../venue/instrument.js';
import { evaluate, type Margin } from './margin.js';

export interface StressOptions {
  /** Insurance fund, value units. */
  readonly fund?: bigint;
  readonly options?: OptionSources;
  /** Told before each scenario. */
  readonly onScenario?: (name: string) => void;
}

/** Holdings of each account over tiers: splits once what every table of the same rows splits alike. */
type Books = readonly (readonly Holding[])[];

const TOP = 10;
const THOUSAND = 1_000n;
const NO_NEED = RATIO_BINS.length - 1;

/**
 * A snapshot under every scenario of some sets. A scenario that this table cannot be stressed by, as one that options lack a
 * surface for, is told with its reason and costs the others nothing.
 *
 * @param accounts instrument-level holdings, as a snapshot has them
 * @throws UnknownInstrumentError, TierCapacityError for an account that the table cannot hold
 */
export function stressSnapshot(accounts: readonly Account[], table: MarketTable, sets: readonly StressSet[], { fund, options, onScenario }: StressOptions = {}): StressReport {
  const books = accounts.map(({ holdings }) => splitIntoTiers(table, holdings));
  const outcomes: StressOutcome[] = [];
  const skipped: StressSkipped[] = [];
  for (const set of sets) {
    for (const scenario of set.scenarios) {
      onScenario?.(`${set.name}/${scenario.name}`);
      const made = attempt(table, set, scenario, options);
      if (typeof made === 'string') skipped.push({ set: set.name, scenario: scenario.name, reason: made });
      else outcomes.push(outcomeOf(set, scenario, made.unmoved, figuresOf(books, made.table), fund));
    }
  }
  const { currency, valueScale, parameterSet, level, snapshotTime } = table;
  return {
    currency, valueScale, parameterSet, level, snapshotTime, fund, now: figuresOf(books, table), positions: positionsOf(accounts, table), outcomes, skipped,
  };
}

/** Figures of row-level holdings under a table. */
export function figuresOf(books: Books, table: MarketTable): StressFigures {
  const shortfalls: bigint[] = [];
  const distribution = RATIO_BINS.map(() => 0);
  let [unhealthy, underWater, shortfall, badDebt] = [0, 0, 0n, 0n];
  for (const holdings of books) {
    const margin = evaluate(table, holdings);
    unhealthy += margin.healthy ? 0 : 1;
    underWater += margin.equity < 0n ? 1 : 0;
    shortfall += margin.shortfall;
    badDebt += margin.badDebt;
    if (margin.shortfall > 0n) shortfalls.push(margin.shortfall);
    const bin = binOf(margin);
    distribution[bin] = (distribution[bin] ?? 0) + 1;
  }
  return { accounts: books.length, unhealthy, underWater, shortfall, badDebt, concentration: concentrationOf(shortfalls), distribution };
}

/** What a fund pays of a bad debt. */
export function coverageOf(fund: bigint, badDebt: bigint): FundCoverage {
  const paid = fund < badDebt ? fund : badDebt;
  return { fund, paid, uncovered: badDebt - paid, coverage: badDebt === 0n ? undefined : (fund * RATE_SCALE) / badDebt };
}

/** Shares of the ten largest and Herfindahl index of amounts >= 0; undefined when they sum to 0. */
export function concentrationOf(amounts: readonly bigint[]): Concentration | undefined {
  const total = amounts.reduce((sum, one) => sum + one, 0n);
  if (total === 0n) return undefined;
  const largest = [...amounts].sort((a, b) => (a < b ? 1 : -Number(a > b))).slice(0, TOP).reduce((sum, one) => sum + one, 0n);
  return { topTen: (largest * RATE_SCALE) / total, herfindahl: (amounts.reduce((sum, one) => sum + one * one, 0n) * RATE_SCALE) / (total * total) };
}

function attempt(table: MarketTable, set: StressSet, scenario: StressScenario, options: OptionSources | undefined): ReturnType<typeof stressedTable> | string {
  try {
    return stressedTable(table, set, scenario, options);
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return thrown.message;
  }
}

function outcomeOf(set: StressSet, scenario: StressScenario, unmoved: readonly string[], figures: StressFigures, fund: bigint | undefined): StressOutcome {
  const { name, title, sources } = scenario;
  return {
    set: set.name, version: set.version, scenario: name, title, sources, unmoved, figures,
    fund: fund === undefined ? undefined : coverageOf(fund, figures.badDebt),
  };
}

function binOf({ equity, requirement }: Margin): number {
  if (equity < 0n) return 0;
  if (requirement === 0n) return NO_NEED;
  const bound = RATIO_BOUNDS.findIndex((one) => equity * THOUSAND < one * requirement);
  return bound < 0 ? RATIO_BOUNDS.length : bound;
}

function positionsOf(accounts: readonly Account[], table: MarketTable): PositionConcentration[] {
  const magnitudes = new Map<number, bigint[]>();
  for (const { holdings } of accounts) {
    for (const { index, quantity } of holdings) {
      const found = magnitudes.get(index) ?? [];
      found.push(quantity < 0n ? -quantity : quantity);
      magnitudes.set(index, found);
    }
  }
  return instrumentsOf(table).flatMap((row) => {
    const held = magnitudes.get(row.index);
    const spread = held === undefined ? undefined : concentrationOf(held);
    if (held === undefined || spread === undefined || row.kind === 'entry') return [];
    const gross = held.reduce((sum, one) => sum + one, 0n);
    const openInterest = isMatchedKind(row.kind) ? gross / 2n : gross;
    const most = held.reduce((largest, one) => (one > largest ? one : largest), 0n);
    return [{
      instrument: row.id, quantityDecimals: row.quantityDecimals, openInterest, holders: held.length,
      largest: openInterest === 0n ? 0n : (most * RATE_SCALE) / openInterest, herfindahl: spread.herfindahl,
    }];
  });
}
