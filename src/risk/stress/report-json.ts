import { formatDecimal } from '../../fixed-point/decimal.js';
import { RATE_DECIMALS } from '../parameter-set/parameter-fields.js';
import { RATIO_BINS, type StressFigures, type StressOutcome, type StressReport } from './stress-figures.js';

/** A stress report as JSON: amounts are decimals of the currency, shares fractions of 1. */
export function stressReportToJson(report: StressReport): unknown {
  const { currency, parameterSet, level, snapshotTime, fund, valueScale, now, positions, outcomes, skipped } = report;
  const money = (units: bigint): string => formatDecimal(units, valueScale);
  return {
    format: 'clearproof-stress-report', version: 1, currency, parameterSet, level, snapshotTime: snapshotTime.toString(),
    ...(fund === undefined ? {} : { fund: money(fund) }),
    now: figuresToJson(now, money),
    positions: positions.map((one) => ({
      instrument: one.instrument, openInterest: formatDecimal(one.openInterest, one.quantityDecimals), holders: one.holders,
      largestShare: share(one.largest), herfindahl: share(one.herfindahl),
    })),
    scenarios: outcomes.map((one) => outcomeToJson(one, money)),
    skipped,
  };
}

function outcomeToJson({ set, version, scenario, title, sources, unmoved, figures, fund }: StressOutcome, money: (units: bigint) => string): unknown {
  return {
    set, setVersion: version, scenario, title, sources, ...(unmoved.length === 0 ? {} : { unmoved }), ...figuresToJson(figures, money),
    ...(fund === undefined ? {} : {
      fundPays: money(fund.paid), uncovered: money(fund.uncovered), ...(fund.coverage === undefined ? {} : { fundCoverage: share(fund.coverage) }),
    }),
  };
}

function figuresToJson({ accounts, unhealthy, underWater, shortfall, badDebt, concentration, distribution }: StressFigures, money: (units: bigint) => string): Record<string, unknown> {
  return {
    accounts, unhealthy, underWater, shortfall: money(shortfall), badDebt: money(badDebt),
    ...(concentration === undefined ? {} : { shortfallOfTopTen: share(concentration.topTen), shortfallHerfindahl: share(concentration.herfindahl) }),
    equityOverRequirement: Object.fromEntries(RATIO_BINS.map((bin, place) => [bin, distribution[place] ?? 0])),
  };
}

function share(ppm: bigint): string {
  return formatDecimal(ppm, RATE_DECIMALS);
}
