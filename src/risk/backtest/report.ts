import { ratioOf } from '../model/parts-per-million.js';
import type { Backtest } from './backtest.js';
import { costChart, crashChart, marginChart, priceChart, yearChart } from './charts.js';
import { isLong, reportToHtml, type Charts } from './report-html.js';
import { reportToJson, type ReportSources } from './report-json.js';

/** A report's files by name: report.html, report.json and one SVG a chart under charts/. */
export type ReportFiles = ReadonlyMap<string, string>;

export function reportFiles(backtest: Backtest, sources: ReportSources): ReportFiles {
  const charts = chartsOf(backtest);
  return new Map([
    ['report.html', reportToHtml(backtest, charts, sources)],
    ['report.json', `${JSON.stringify(reportToJson(backtest, sources), null, 2)}\n`],
    ...[...charts].map(([name, svg]) => [`charts/${name}.svg`, svg] as const),
  ]);
}

function chartsOf({ assets, settings }: Backtest): Charts {
  const rate = 1 - ratioOf(settings.confidencePpm);
  // With only short histories the overall charts show those.
  const shown = assets.some(isLong) ? assets.filter(isLong) : assets;
  return new Map([
    ['cost', costChart(shown, rate)],
    ['crashes', crashChart(shown)],
    ...assets.flatMap((asset) => [
      [`${asset.asset}-price`, priceChart(asset)] as const,
      [`${asset.asset}-margins`, marginChart(asset)] as const,
      [`${asset.asset}-years`, yearChart(asset, rate)] as const,
    ]),
  ]);
}
