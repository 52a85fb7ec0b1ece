import type { SeriesOption } from 'echarts';
import { drawn } from '../backtest/charts.js';
import { RATIO_BINS, type StressOutcome, type StressReport } from './stress-figures.js';

const INK = '#24292f';
const LINE = '#e6e9ec';
const SHORTFALL = '#e4b7ba';
const BAD_DEBT = '#c01c28';
const FUND = '#1a5fb4';
/** From red for what is under water to green for what is far above. */
const BIN_COLOURS = ['#8b1a22', '#c01c28', '#e07a5f', '#f0c674', '#d8dca0', '#a9cfa4', '#7fbf8e', '#4e9f6f', '#2e7d4f', '#c9d0d6'] as const;
const ROW = 26;
/** A fund has a line in the chart up to so many times the largest loss. */
const FUND_IN_SIGHT = 3n;

/** Shortfall and bad debt of every scenario, with the fund as a line. */
export function lossChart(report: StressReport): string {
  const rows = [...report.outcomes].reverse();
  const amount = (units: bigint): number => Number(units) / 10 ** report.valueScale;
  const most = rows.reduce((found, { figures }) => (figures.shortfall > found ? figures.shortfall : found), 0n);
  // A fund far beyond every loss would squeeze the bars against the axis: then it has no line.
  const fund = report.fund !== undefined && report.fund <= FUND_IN_SIGHT * most ? report.fund : undefined;
  const bar = (name: string, color: string, of: (one: StressOutcome) => bigint, fund?: bigint): SeriesOption => ({
    name, type: 'bar', barWidth: 9, silent: true, itemStyle: { color }, data: rows.map((one) => amount(of(one))),
    ...(fund === undefined ? {} : {
      markLine: {
        silent: true, symbol: 'none', lineStyle: { color: FUND, type: 'dashed' as const, width: 1.5 },
        label: { formatter: 'fund', position: 'insideEndTop' as const, color: FUND, fontSize: 11 }, data: [{ xAxis: amount(fund) }],
      },
    }),
  });
  return drawn({
    ...frame(rows), legend: { top: 8, left: 200, itemWidth: 18, itemHeight: 10, textStyle: { color: INK, fontSize: 12 } },
    xAxis: { type: 'value', ...(fund !== undefined && fund > most ? { max: amount(fund) * 1.05 } : {}), name: report.currency, nameLocation: 'middle', nameGap: 30, axisLabel: { color: INK, formatter: short }, splitLine: { lineStyle: { color: LINE } } },
    series: [
      bar('Bad debt: equity below 0', BAD_DEBT, ({ figures }) => figures.badDebt, fund),
      bar('Shortfall: equity below charges', SHORTFALL, ({ figures }) => figures.shortfall),
    ],
  }, 110 + ROW * rows.length);
}

/** How accounts stand in every scenario: shares of equity over requirement. */
export function distributionChart(report: StressReport): string {
  const now = { scenario: 'no shock', figures: report.now };
  const rows = [now, ...report.outcomes].reverse();
  return drawn({
    ...frame(rows), legend: { top: 8, left: 56, itemWidth: 14, itemHeight: 10, itemGap: 8, textStyle: { color: INK, fontSize: 11 } },
    xAxis: { type: 'value', min: 0, max: 100, name: 'of accounts', nameLocation: 'middle', nameGap: 30, axisLabel: { color: INK, formatter: '{value} %' }, splitLine: { lineStyle: { color: LINE } } },
    series: RATIO_BINS.map((name, bin): SeriesOption => ({
      name, type: 'bar', stack: 'all', barWidth: 16, silent: true, itemStyle: { color: BIN_COLOURS[bin] ?? INK },
      data: rows.map(({ figures }) => Number(((100 * (figures.distribution[bin] ?? 0)) / Math.max(1, figures.accounts)).toFixed(3))),
    })),
  }, 110 + ROW * rows.length);
}

function frame(rows: readonly { readonly scenario: string }[]) {
  return {
    grid: { left: 150, right: 40, top: 52, bottom: 52 },
    yAxis: { type: 'category' as const, data: rows.map(({ scenario }) => scenario), axisTick: { show: false }, axisLabel: { color: INK, fontSize: 12 } },
  };
}

/** 12,300,000 as "12.3 M": an axis has little room. */
function short(value: number): string {
  for (const [size, unit] of [[1e12, ' T'], [1e9, ' G'], [1e6, ' M'], [1e3, ' k']] as const) {
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(Number(value.toPrecision(3)));
}
