import { init, type EChartsOption, type SeriesOption } from 'echarts';
import { ratioOf } from '../model/parts-per-million.js';
import { MODELS, type AssetTest, type ModelName } from './asset-test.js';
import { dateOf } from './calendar.js';
import { isExceedance, type ScoredDay } from './coverage.js';
import { recordOf } from './pooled.js';
import { COLOURS, percent, TITLES } from './words.js';

const WIDTH = 1040;
const ALARM = '#c01c28';
const INK = '#24292f';
// The library measures text as this family has it, and quotes would end the attribute it stands in.
const FONT = 'Arial, Helvetica, Liberation Sans, sans-serif';
const GRID = { left: 64, right: 24, top: 56, bottom: 36 };
const LEGEND = { top: 8, left: 56, itemWidth: 18, itemHeight: 10, itemGap: 18, textStyle: { color: INK, fontSize: 12 } };
/** Points a line may have: more cannot be told apart at this width. */
const MOST_POINTS = 700;
/** How many times the largest loss or adaptive margin a chart of margins reaches at most. */
const HEADROOM = 3n;

/** An option as a standing SVG image: no script, no animation. */
export function drawn(option: EChartsOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT, color: INK }, backgroundColor: '#ffffff', ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Price, the band that the margins of the evening before span around it, and days that left the band. */
export function priceChart(asset: AssetTest): string {
  const shown = thinned(asset.scanRange.days);
  const band = (i: number): readonly [number, number] => {
    const [move, ranges] = [asset.moves[i], asset.parameters[i]?.ranges];
    return move === undefined || ranges === undefined ? [0, 0] : [move.from * (1 - ratioOf(ranges.down.range)), move.from * (1 + ratioOf(ranges.up.range))];
  };
  const at = (i: number): string => dateOf(asset.moves[i]?.day ?? 0);
  const price = (i: number): number => asset.moves[i]?.to ?? 0;
  const left = asset.moves.flatMap((_, i) => (price(i) < band(i)[0] || price(i) > band(i)[1] ? [i] : []));
  return drawn({
    grid: GRID,
    legend: { ...LEGEND, data: ['Close', 'Adaptive range from the evening before', 'Close outside the range'] },
    xAxis: timeAxis(),
    yAxis: {
      ...valueAxis('USD, logarithmic'), type: 'log', min: 'dataMin', max: 'dataMax', minorSplitLine: { show: false },
      axisLabel: { color: INK, formatter: (value: number) => Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 8 }) },
    },
    series: [
      { type: 'line', stack: 'band', data: shown.map((i) => [at(i), band(i)[0]]), lineStyle: { opacity: 0 }, symbol: 'none', silent: true },
      {
        name: 'Adaptive range from the evening before', type: 'line', stack: 'band', data: shown.map((i) => [at(i), band(i)[1] - band(i)[0]]),
        lineStyle: { opacity: 0 }, itemStyle: { color: '#b9d3f0' }, areaStyle: { color: '#b9d3f0', opacity: 0.9 }, symbol: 'none', silent: true,
      },
      { name: 'Close', type: 'line', data: shown.map((i) => [at(i), price(i)]), itemStyle: { color: COLOURS.adaptive }, lineStyle: { width: 1.1 }, symbol: 'none', silent: true },
      { name: 'Close outside the range', type: 'scatter', data: left.map((i) => [at(i), price(i)]), symbolSize: 7, itemStyle: { color: ALARM }, silent: true },
    ],
  }, 340);
}

/** Falls against what each model asked for that day. */
export function marginChart(asset: AssetTest): string {
  const adaptive = recordOf(asset, 'adaptive')?.days ?? [];
  const shown = thinned(adaptive);
  // A published haircut many times anything that happened would flatten all the rest, as with a stablecoin.
  const ceiling = HEADROOM * adaptive.reduce((most, { margin, loss }) => [margin, loss].reduce((a, b) => (a > b ? a : b), most), 0n);
  const line = (model: ModelName): SeriesOption[] => {
    const days = recordOf(asset, model)?.days;
    if (days === undefined) return [];
    if (days.every((day) => day.margin > ceiling)) return [{ name: `${TITLES[model]} (${percent(days[0]?.margin ?? 0n, 0)}, above the chart)`, type: 'line', data: [], itemStyle: { color: COLOURS[model] } }];
    return [{
      name: TITLES[model], type: 'line', step: 'end', symbol: 'none', silent: true, data: shown.map((i) => point(days[i], 'margin')),
      itemStyle: { color: COLOURS[model] },
      lineStyle: { width: model === 'adaptive' ? 2 : 1.3, color: COLOURS[model], ...(model === 'binance' || model === 'aave' ? { type: 'dashed' as const } : {}) },
    }];
  };
  const weeks = shown.length < adaptive.length;
  const falls = weeks ? 'Falls, the worst of each interval' : 'Falls';
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: timeAxis(),
    yAxis: percentAxis('of the price'),
    series: [
      { name: falls, type: 'bar', barWidth: weeks ? 1 : 2, silent: true, data: shown.map((i) => point(adaptive[i], 'loss')), itemStyle: { color: '#b3bac1' } },
      ...MODELS.filter((model) => model !== 'adaptive').flatMap(line),
      ...line('adaptive'),
      { name: 'Fall beyond the adaptive margin', type: 'scatter', symbolSize: 7, silent: true, data: adaptive.filter(isExceedance).map((day) => point(day, 'loss')), itemStyle: { color: ALARM } },
    ],
  }, 360);
}

/** Share of each year's days whose fall exceeded the margin. */
export function yearChart(asset: AssetTest, rate: number): string {
  const years = asset.records[0]?.score.byYear.map((one) => String(one.year)) ?? [];
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: { type: 'category', data: years, axisLabel: { color: INK }, axisTick: { show: false } },
    yAxis: percentAxis('of the year\'s days'),
    series: asset.records.map(({ model, score }, i): SeriesOption => ({
      name: TITLES[model], type: 'bar', silent: true, barMaxWidth: 16, itemStyle: { color: COLOURS[model] },
      data: score.byYear.map((year) => Number(((100 * year.exceedances) / year.days).toFixed(3))),
      ...(i === 0 ? { markLine: targetLine('yAxis', rate) } : {}),
    })),
  }, 280);
}

/** What a model asks for against how often that was not enough: one point an asset. */
export function costChart(assets: readonly AssetTest[], rate: number): string {
  return drawn({
    grid: { ...GRID, bottom: 52 },
    legend: LEGEND,
    xAxis: { ...percentAxis('average margin, of the price'), nameLocation: 'middle', nameGap: 30 },
    yAxis: percentAxis('of days exceeded'),
    series: MODELS.map((model, i): SeriesOption => ({
      name: TITLES[model], type: 'scatter', symbolSize: 12, silent: true, itemStyle: { color: COLOURS[model], opacity: 0.85 },
      data: assets.flatMap((asset) => {
        const score = recordOf(asset, model)?.score;
        return score === undefined ? [] : [{ name: asset.asset, value: [100 * ratioOf(score.averageMargin), 100 * (1 - score.coverage)] }];
      }),
      label: { show: true, formatter: '{b}', position: model === 'forecast' ? 'top' : 'right', fontSize: 11, color: INK },
      labelLayout: { hideOverlap: true },
      ...(i === 0 ? { markLine: targetLine('yAxis', rate) } : {}),
    })),
  }, 360);
}

/** The worst day of each named crash against every model's margin of that day. */
export function crashChart(assets: readonly AssetTest[]): string {
  const rows = assets.flatMap((asset) => (recordOf(asset, 'adaptive')?.score.crashes ?? []).map((crash) => ({ asset, crash })))
    .sort((a, b) => (a.crash.date < b.crash.date ? 1 : -1));
  const label = ({ asset, crash }: (typeof rows)[number]): string => `${crash.date}  ${asset.asset}`;
  return drawn({
    grid: { ...GRID, left: 128, bottom: 40 },
    legend: LEGEND,
    xAxis: { ...percentAxis('of the price'), nameLocation: 'middle', nameGap: 26, splitLine: { lineStyle: { color: '#e6e9ec' } } },
    yAxis: { type: 'category', data: rows.map(label), axisTick: { show: false }, axisLabel: { color: INK, fontSize: 12 } },
    series: [
      { name: 'Fall of the worst day', type: 'bar', barWidth: 14, silent: true, data: rows.map(({ crash }) => 100 * ratioOf(crash.loss)), itemStyle: { color: '#e4b7ba' } },
      ...MODELS.map((model): SeriesOption => ({
        name: TITLES[model], type: 'scatter', symbol: 'rect', symbolSize: [4, 20], silent: true, itemStyle: { color: COLOURS[model] },
        data: rows.flatMap((row) => {
          const found = recordOf(row.asset, model)?.score.crashes.find((one) => one.crash === row.crash.crash);
          // Of a crash over several days the day is the same for all: the largest fall.
          return found === undefined ? [] : [[100 * ratioOf(found.margin), label(row)]];
        }),
      })),
    ],
  }, 100 + 26 * rows.length);
}

function point(day: ScoredDay | undefined, what: 'margin' | 'loss'): [string, number] {
  return [dateOf(day?.day ?? 0), Number((100 * ratioOf(day?.[what] ?? 0n)).toFixed(3))];
}

/** Places of the days to draw: all, or of each interval the one with the largest loss. */
function thinned(days: readonly ScoredDay[]): number[] {
  const width = Math.ceil(days.length / MOST_POINTS);
  return Array.from({ length: Math.ceil(days.length / width) }, (_, bucket) => {
    let worst = bucket * width;
    for (let i = worst; i < Math.min(days.length, (bucket + 1) * width); i += 1) {
      if ((days[i]?.loss ?? 0n) > (days[worst]?.loss ?? 0n)) worst = i;
    }
    return worst;
  });
}

function timeAxis(): NonNullable<EChartsOption['xAxis']> {
  const labels = { year: '{yyyy}', month: '{MMM}', day: '{d} {MMM}' };
  return { type: 'time', axisLabel: { color: INK, fontSize: 12, hideOverlap: true, formatter: labels }, axisTick: { show: false }, splitLine: { show: false } };
}

function valueAxis(name: string) {
  return { name, nameTextStyle: { color: INK, align: 'left' as const, padding: [0, 0, 0, -40] }, axisLine: { show: false }, splitLine: { lineStyle: { color: '#e6e9ec' } } };
}

function percentAxis(name: string) {
  return { ...valueAxis(name), type: 'value' as const, min: 0, axisLabel: { color: INK, formatter: '{value} %' } };
}

function targetLine(axis: 'yAxis' | 'xAxis', rate: number) {
  return {
    silent: true, symbol: 'none', lineStyle: { color: ALARM, type: 'dashed' as const, width: 1 },
    label: { formatter: 'expected', position: 'insideEndTop' as const, color: ALARM, fontSize: 11 }, data: [{ [axis]: Number((100 * rate).toFixed(4)) }],
  };
}
