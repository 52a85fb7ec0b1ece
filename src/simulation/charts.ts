import type { SeriesOption } from 'echarts';
import { drawn } from '../risk/backtest/charts.js';
import { ratioOf } from '../risk/model/parts-per-million.js';
import type { PooledFigures, Sample } from './figures.js';
import type { Policy } from './policies.js';
import type { Study } from './study.js';
import { colourOf } from './words.js';

const INK = '#24292f';
const GRID = { left: 72, right: 72, top: 56, bottom: 36 };
const LEGEND = { top: 8, left: 64, itemWidth: 18, itemHeight: 10, itemGap: 18, textStyle: { color: INK, fontSize: 12 } };
const HOUR = 3_600;
/** Gate modes worse than OPEN as bands behind a chart. */
const MODE_COLOURS = ['', '#fdf1d5', '#f9d9c0', '#f2c0c0'];

/** Of a crash: price of the first asset with gate modes, and by parameter set accounts under water and what others absorbed. */
export function crashChart(study: Study, crash: string): string {
  const shown = study.policies.map((policy) => ({ policy, samples: study.runs.find((run) => run.crash === crash && run.policy === policy.name)?.figures.samples ?? [] }));
  const path = study.firstPaths.get(crash);
  const hours = ({ step }: Sample): number => Number(((step * (path?.stepSeconds ?? 0)) / HOUR).toFixed(3));
  const line = (name: string, color: string, samples: readonly Sample[], of: (sample: Sample) => number, grid: number): SeriesOption =>
    ({ name, type: 'line', xAxisIndex: grid, yAxisIndex: grid, symbol: 'none', silent: true, itemStyle: { color }, lineStyle: { width: 1.4 }, data: samples.map((one) => [hours(one), of(one)]) });
  const [{ samples: first } = { samples: [] as readonly Sample[] }] = shown;
  const price = line(path?.assets[0] ?? 'Price', '#24292f', first, ({ price: at }) => Number(at) / 1e8, 0);
  return drawn({
    legend: { ...LEGEND, data: [path?.assets[0] ?? 'Price', ...shown.map(({ policy }) => policy.title)] },
    grid: [0, 1, 2].map((row) => ({ left: 72, right: 24, top: 56 + 200 * row, height: 150 })),
    xAxis: [0, 1, 2].map((gridIndex) => ({ gridIndex, type: 'value', min: 0, max: 'dataMax', axisLabel: { color: INK, formatter: '{value} h' }, splitLine: { show: false } })),
    yAxis: ['price; gate of the first set shaded', 'accounts under water', 'absorbed by others, thousand USD'].map((name, gridIndex) => ({ ...valueAxis(name), gridIndex, ...(gridIndex === 0 ? { scale: true } : {}) })),
    series: [
      { ...price, markArea: { silent: true, data: bands(first, hours) } },
      ...shown.map(({ policy, samples }, i) => line(policy.title, colourOf(i), samples, ({ underWater }) => underWater, 1)),
      ...shown.map(({ policy, samples }, i) => line(policy.title, colourOf(i), samples, ({ absorbed }) => Number(absorbed / 10_000_000n) / 100, 2)),
    ],
  }, 660);
}

/** Stretches of one mode worse than OPEN. */
function bands(samples: readonly Sample[], hours: (sample: Sample) => number) {
  const stretches: { mode: number; from: number; to: number }[] = [];
  samples.forEach((sample, i) => {
    const to = hours(samples[i + 1] ?? sample);
    const last = stretches.at(-1);
    if (last?.mode === sample.mode) last.to = to;
    else stretches.push({ mode: sample.mode, from: hours(sample), to });
  });
  return stretches.filter(({ mode }) => mode > 0).map(({ mode, from, to }): [{ xAxis: number; itemStyle: { color: string } }, { xAxis: number }] =>
    [{ xAxis: from, itemStyle: { color: MODE_COLOURS[mode] ?? '#f2c0c0' } }, { xAxis: to }]);
}

/** One bar a crash and parameter set. */
export function barChart({ crashes, policies, pooled }: Study, name: string, of: (figures: PooledFigures) => number): string {
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: { type: 'category', data: [...crashes], axisLabel: { color: INK }, axisTick: { show: false } },
    yAxis: { ...valueAxis(name), min: 0 },
    series: policies.map((policy, i): SeriesOption => ({
      name: policy.title, type: 'bar', silent: true, barMaxWidth: 18, itemStyle: { color: colourOf(i) },
      data: crashes.map((crash) => {
        const found = pooled.find((one) => one.crash === crash && one.policy === policy.name);
        return found === undefined ? 0 : Number(of(found).toFixed(4));
      }),
    })),
  }, 300);
}

/** What leverage a set let in against the bad debt that came of it: a point a run. */
export function leverageChart({ policies, runs }: Study): string {
  return drawn({
    grid: { ...GRID, bottom: 52 },
    legend: LEGEND,
    xAxis: { ...valueAxis('leverage of traders at the open'), scale: true, nameLocation: 'middle', nameGap: 30 },
    yAxis: { ...valueAxis('bad debt, % of open interest'), min: 0 },
    series: policies.map((policy: Policy, i): SeriesOption => ({
      name: policy.title, type: 'scatter', symbolSize: 9, silent: true, itemStyle: { color: colourOf(i), opacity: 0.8 },
      data: runs.filter((run) => run.policy === policy.name).map(({ figures: { leverage, badDebt, openInterest } }) =>
        [Number(ratioOf(leverage).toFixed(3)), openInterest === 0n ? 0 : Number((badDebt * 100_000_000_000n) / openInterest) / 1_000]),
    })),
  }, 340);
}

function valueAxis(name: string) {
  return {
    name, type: 'value' as const, nameTextStyle: { color: INK, align: 'left' as const, padding: [0, 0, 0, -40] },
    axisLine: { show: false }, axisLabel: { color: INK }, splitLine: { lineStyle: { color: '#e6e9ec' } },
  };
}
