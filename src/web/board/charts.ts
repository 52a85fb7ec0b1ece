import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, type GridComponentOption, type LegendComponentOption, type MarkLineComponentOption } from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { make } from '../elements.js';

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

type ChartOption = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | MarkLineComponentOption>;

/** Colours of the page, light or dark. */
export type Palette = (name: 'text' | 'soft' | 'line' | 'link' | 'good' | 'bad' | 'chart-a' | 'chart-b') => string;

interface Shown {
  readonly chart: EChartsType;
  readonly option: (colour: Palette) => ChartOption;
}

const shown: Shown[] = [];
/** Points a chart draws at most, the newest: more cannot be told apart. */
export const MOST_POINTS = 120;

export interface BarsAndLine {
  readonly label: string;
  readonly names: readonly string[];
  readonly unit: string;
  readonly bars: { readonly name: string; readonly values: readonly (number | undefined)[] };
  /** Undefined for none. */
  readonly line: { readonly name: string; readonly values: readonly (number | undefined)[] } | undefined;
  /** A level across the whole chart. */
  readonly level?: { readonly name: string; readonly value: number };
}

/** Bars with a line over them, drawn once it is in the page. For screen readers a picture with a name. */
export function barsAndLine(picture: BarsAndLine): HTMLElement {
  const element = make('div', { class: 'chart', role: 'img', 'aria-label': picture.label });
  waiting.push({ element, option: (colour) => optionOf(picture, colour) });
  return element;
}

const waiting: { readonly element: HTMLElement; readonly option: Shown['option'] }[] = [];

/** Draws what was put into the page since the last time. */
export function drawCharts(): void {
  for (const { element, option } of waiting.splice(0)) {
    const chart = init(element, null, { renderer: 'svg' });
    chart.setOption(option(palette));
    shown.push({ chart, option });
  }
}

export function eraseCharts(): void {
  waiting.splice(0);
  for (const { chart } of shown.splice(0)) chart.dispose();
}

/** Pictures follow the window and the system's colours. */
export function followWindow(): void {
  window.addEventListener('resize', () => shown.forEach(({ chart }) => chart.resize()));
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => shown.forEach(({ chart, option }) => chart.setOption(option(palette))));
}

/** For drawing alone: a float is as good as a pixel. */
export function drawable(value: bigint, scale: number): number {
  return Number(formatDecimal(value, scale));
}

function palette(name: Parameters<Palette>[0]): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function optionOf({ names, unit, bars, line, level }: BarsAndLine, colour: Palette): ChartOption {
  const text = { color: colour('soft'), fontSize: 12 };
  return {
    animation: false,
    textStyle: { color: colour('text'), fontFamily: 'system-ui, sans-serif' },
    grid: { left: 8, right: 16, top: 58, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { top: 2, left: 0, itemWidth: 16, itemHeight: 10, textStyle: { ...text, color: colour('text') }, selectedMode: false },
    xAxis: { type: 'category', data: [...names], axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true, width: 120, overflow: 'truncate' }, axisLine: { lineStyle: { color: colour('line') } } },
    yAxis: { type: 'value', name: unit, nameTextStyle: { ...text, align: 'left' }, nameGap: 10, axisLabel: { ...text, hideOverlap: true, formatter: short }, splitLine: { lineStyle: { color: colour('line'), opacity: 0.6 } }, splitNumber: 4 },
    series: [
      {
        type: 'bar', name: bars.name, data: bars.values.map((value) => value ?? '-'), barMaxWidth: 28, itemStyle: { color: colour('chart-a') }, silent: true,
        ...(level === undefined ? {} : {
          markLine: {
            silent: true, symbol: 'none', lineStyle: { color: colour('bad'), type: 'dashed', width: 1.5 },
            label: { formatter: level.name, position: 'insideEndTop', color: colour('bad'), fontSize: 12 }, data: [{ yAxis: level.value }],
          },
        }),
      },
      ...(line === undefined ? [] : [{
        type: 'line' as const, name: line.name, data: line.values.map((value) => value ?? '-'), symbol: 'circle', symbolSize: 6, itemStyle: { color: colour('chart-b') },
        lineStyle: { color: colour('chart-b'), width: 2 }, silent: true,
      }]),
    ],
  };
}

/** 12,300,000 as "12.3 M": an axis has little room. */
function short(value: number): string {
  for (const [size, unit] of [[1e12, ' T'], [1e9, ' G'], [1e6, ' M'], [1e3, ' k']] as const) {
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(Number(value.toPrecision(3)));
}
