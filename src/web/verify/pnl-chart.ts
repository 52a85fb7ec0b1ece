import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption } from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { byId } from '../elements.js';

use([BarChart, GridComponent, SVGRenderer]);

type PnlOption = ComposeOption<BarSeriesOption | GridComponentOption>;

export interface PnlPicture {
  readonly scenarios: readonly string[];
  /** Value units, scenario by scenario. */
  readonly pnl: readonly bigint[];
  readonly valueScale: number;
  readonly currency: string;
  /** Place of the worst scenario; -1 where that is no move at all. */
  readonly worst: number;
}

let shown: { readonly chart: EChartsType; readonly picture: PnlPicture } | undefined;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Draws gain and loss scenario by scenario, after everything else is to be seen. The table beside it has the exact figures. */
export function drawPnl(picture: PnlPicture): void {
  erasePnl();
  waiting = setTimeout(() => {
    const chart = init(byId('pnl-chart', HTMLDivElement), null, { renderer: 'svg' });
    shown = { chart, picture };
    chart.setOption(optionOf(picture));
  });
}

export function erasePnl(): void {
  clearTimeout(waiting);
  shown?.chart.dispose();
  shown = undefined;
}

/** The picture follows the window and the system's colours. */
export function followWindow(): void {
  window.addEventListener('resize', () => shown?.chart.resize());
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => shown?.chart.setOption(optionOf(shown.picture)));
}

function optionOf({ scenarios, pnl, valueScale, currency, worst }: PnlPicture): PnlOption {
  const colours = getComputedStyle(document.documentElement);
  const colour = (name: string): string => colours.getPropertyValue(`--${name}`).trim();
  const text = { color: colour('text') };
  return {
    animation: false,
    textStyle: { color: colour('text'), fontFamily: 'system-ui, sans-serif' },
    grid: { left: 8, right: 8, top: 32, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'category', data: [...scenarios], axisLabel: { ...text, interval: 'auto', rotate: scenarios.length > 4 ? 60 : 0, width: 110, overflow: 'truncate' }, axisLine: { lineStyle: { color: colour('line') } } },
    yAxis: { type: 'value', name: currency, nameTextStyle: text, axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: colour('line') } } },
    series: [{
      type: 'bar',
      // For drawing alone: a float is as good as a pixel.
      data: pnl.map((units, place) => ({
        value: Number(formatDecimal(units, valueScale)),
        itemStyle: { color: units < 0n ? colour('bad') : colour('good'), ...(place === worst ? { borderColor: colour('text'), borderWidth: 2 } : {}) },
      })),
    }],
  };
}
