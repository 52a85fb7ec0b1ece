import { divide } from '../../fixed-point/decimal.js';
import { dateOf, yearOf } from './calendar.js';
import { CRASHES } from './crashes.js';
import { christoffersen, kupiec, type LikelihoodRatio } from './likelihood-ratio.js';
import { procyclicality, type Procyclicality } from './procyclicality.js';

/** A day's margin, set before it, and what the day then took. Both in ppm of the price the evening before. */
export interface ScoredDay {
  readonly day: number;
  readonly margin: bigint;
  readonly loss: bigint;
}

export interface YearScore {
  readonly year: number;
  readonly days: number;
  readonly exceedances: number;
}

/** The worst day of a crash. */
export interface CrashScore {
  readonly crash: string;
  readonly date: string;
  readonly loss: bigint;
  readonly margin: bigint;
  /** Days of the crash on which the loss exceeded the margin. */
  readonly exceedances: number;
}

export interface Score {
  readonly days: number;
  readonly exceedances: number;
  /** Share of days covered. */
  readonly coverage: number;
  /** Rounded up. */
  readonly averageMargin: bigint;
  /** Largest part of a loss that a day's margin left open. */
  readonly largestUncovered: bigint;
  readonly kupiec: LikelihoodRatio;
  readonly independence: LikelihoodRatio;
  readonly conditionalCoverage: LikelihoodRatio;
  readonly byYear: readonly YearScore[];
  readonly crashes: readonly CrashScore[];
  readonly procyclicality: Procyclicality;
}

/** A record of at least one day, oldest first. @param rate expected share of exceedances */
export function score(days: readonly ScoredDay[], rate: number): Score {
  const hits = days.map(isExceedance);
  const exceedances = hits.filter(Boolean).length;
  const { independence, conditionalCoverage } = christoffersen(hits, rate);
  return {
    days: days.length,
    exceedances,
    coverage: 1 - exceedances / days.length,
    averageMargin: divide(days.reduce((sum, one) => sum + one.margin, 0n), BigInt(days.length), 'ceil'),
    largestUncovered: days.reduce((most, one) => (one.loss - one.margin > most ? one.loss - one.margin : most), 0n),
    kupiec: kupiec(exceedances, days.length, rate),
    independence,
    conditionalCoverage,
    byYear: byYear(days),
    crashes: crashScores(days),
    procyclicality: procyclicality(days.map((one) => one.margin)),
  };
}

export function isExceedance({ margin, loss }: ScoredDay): boolean {
  return loss > margin;
}

function byYear(days: readonly ScoredDay[]): YearScore[] {
  return [...new Set(days.map((one) => yearOf(one.day)))].map((year) => {
    const those = days.filter((one) => yearOf(one.day) === year);
    return { year, days: those.length, exceedances: those.filter(isExceedance).length };
  });
}

function crashScores(days: readonly ScoredDay[]): CrashScore[] {
  return CRASHES.flatMap(({ name, first, last }) => {
    const those = days.filter((one) => one.day >= first && one.day <= last);
    const worst = those.reduce<ScoredDay | undefined>((most, one) => (most === undefined || one.loss > most.loss ? one : most), undefined);
    if (worst === undefined) return [];
    return [{ crash: name, date: dateOf(worst.day), loss: worst.loss, margin: worst.margin, exceedances: those.filter(isExceedance).length }];
  });
}
