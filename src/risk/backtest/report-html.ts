import { ratioOf } from '../model/parts-per-million.js';
import type { AssetTest } from './asset-test.js';
import type { Backtest } from './backtest.js';
import { html, raw, tableOf, type Html } from './html.js';
import { pooled, recordOf } from './pooled.js';
import type { ReportSources } from './report-json.js';
import { STYLE } from './style.js';
import { summary } from './summary.js';
import { COLOURS, percent, percentOf, pValueText, TITLES } from './words.js';

/** Charts of a report as SVG, by file name without ending. */
export type Charts = ReadonlyMap<string, string>;

/** Tested days from which an asset's section is unfolded. */
const LONG_TEST_DAYS = 1_000;

/** The whole report in one page: no script, nothing loaded from elsewhere. */
export function reportToHtml(backtest: Backtest, charts: Charts, sources: ReportSources): string {
  const { assets, pairs, skipped, settings } = backtest;
  const rate = 1 - ratioOf(settings.confidencePpm);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Risk model back-test</title><style>${raw(STYLE)}</style></head><body><main>
<header><h1>Risk model back-test</h1>
<p class="sub">${assets.length} assets, ${percent(settings.confidencePpm, 1)} of days to be covered, margin period ${settings.marginPeriodDays} day${settings.marginPeriodDays === 1 ? '' : 's'}. Every margin was computed from days before the one it is scored on.</p></header>
<section><h2>In short</h2>${summary(backtest)}</section>
<section><h2>What protection costs</h2>
<p>One point for each asset and model. Further down is safer, further left is cheaper; the line is the share of days that a model of this confidence should miss.</p>
${figure(charts, 'cost')}${pooledTable(assets)}</section>
<section><h2>Named crashes</h2>
<p>The fall of the worst day of each crash, close to close, and the margin each model had set the evening before. A bar longer than a mark was not covered by it. Of May and November 2022 the worst day of the month is shown.</p>
${figure(charts, 'crashes')}${crashTable(assets.filter(isLong))}</section>
${pairs.length === 0 ? raw('') : pairSection(backtest)}
<section><h2>Assets</h2>${assets.map((asset) => assetSection(asset, charts, rate))}</section>
<section><h2>How to read this</h2>${notes(sources, skipped.map((one) => `${one.asset} (${one.moves} moves)`))}</section>
</main></body></html>
`.text;
}

export function isLong(asset: AssetTest): boolean {
  return asset.moves.length >= LONG_TEST_DAYS;
}

function figure(charts: Charts, name: string): Html {
  const svg = charts.get(name);
  return svg === undefined ? raw('') : html`<figure>${raw(svg)}</figure>`;
}

function swatch(model: keyof typeof TITLES): Html {
  return html`<i style="background:${COLOURS[model]}"></i>${TITLES[model]}`;
}

function pooledTable(assets: readonly AssetTest[]): Html {
  return tableOf(
    ['Model', 'Assets', 'Asset-days', 'Exceeded', 'Share', 'Average margin', 'Largest uncovered', 'Adaptive, same days: exceeded', 'average margin'],
    pooled(assets).map((one) => [
      swatch(one.model), one.assets, one.days, one.exceedances, percentOf(one.exceedances / one.days), percent(one.averageMargin), percent(one.largestUncovered),
      one.adaptive.exceedances, percent(one.adaptive.averageMargin),
    ]),
  );
}

function crashTable(assets: readonly AssetTest[]): Html {
  const rows = assets.flatMap((asset) => (recordOf(asset, 'adaptive')?.score.crashes ?? []).map((crash) => {
    const margins = asset.records.map(({ model, score }) => {
      const found = score.crashes.find((one) => one.crash === crash.crash);
      return [model, found === undefined ? '' : html`<span class="${found.loss > found.margin ? 'bad' : 'good'}">${percent(found.margin, 1)}</span>`] as const;
    });
    const byModel = new Map(margins);
    return { name: crash.crash, cells: [crash.crash, asset.asset, crash.date, percent(crash.loss, 1), ...(Object.keys(TITLES) as (keyof typeof TITLES)[]).map((model) => byModel.get(model) ?? '–')] };
  }));
  const sorted = rows.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return tableOf(['Crash', 'Asset', 'Worst day', 'Fall', ...Object.values(TITLES)], sorted.map((one) => one.cells), 3);
}

function pairSection({ pairs }: Backtest): Html {
  return html`<section><h2>Offsets between correlated assets</h2>
<p>Long one, short the other for the same value. The credit is what the correlation, at its lower bound, takes off both scan ranges; the basis range covers the ratio of both prices.</p>
${tableOf(
    ['Pair', 'Days', 'Average credit', 'Margin after credit', 'Exceeded', 'Average basis range', 'Exceeded', 'Share', 'Kupiec p', 'Correlation now, lower bound', 'Credit now'],
    pairs.map(({ pair, hedged, basis, averageCredit, next }) => [
      pair, hedged.days, percent(averageCredit, 1), percent(hedged.averageMargin), hedged.exceedances, percent(basis.averageMargin), basis.exceedances,
      percentOf(1 - basis.coverage), pValueText(basis.kupiec.pValue), next.correlation.toFixed(2), percent(next.credit, 1),
    ]),
  )}</section>`;
}

function assetSection(asset: AssetTest, charts: Charts, rate: number): Html {
  const { scanRange, next } = asset;
  return html`<details${isLong(asset) ? raw(' open') : raw('')}><summary><b>${asset.asset}</b> <span>${asset.first} to ${asset.last}, ${asset.moves.length} days${asset.gaps.length === 0 ? '' : `, ${asset.gaps.length} gap${asset.gaps.length === 1 ? '' : 's'} left out`}</span></summary>
${tableOf(
    ['Model', 'Average margin', 'Exceeded', 'Expected', 'Covered', 'Kupiec p', 'Indep. p', 'Both p', 'Peak / trough', 'Largest rise in 1, 5, 30 days'],
    asset.records.map(({ model, score: s }) => [
      swatch(model), percent(s.averageMargin), s.exceedances, (s.days * rate).toFixed(1), percentOf(s.coverage), verdict(s.kupiec.pValue, s.exceedances > s.days * rate),
      pValueText(s.independence.pValue), pValueText(s.conditionalCoverage.pValue), s.procyclicality.peakToTrough.toFixed(1),
      ([1, 5, 30] as const).map((span) => (s.procyclicality.largestRise[span] * 100).toFixed(0)).join(', ') + ' %',
    ]),
  )}
<p>Moves either way left the adaptive price scan range on ${scanRange.score.exceedances} of ${scanRange.score.days} days (${percentOf(1 - scanRange.score.coverage)}, Kupiec p ${pValueText(scanRange.score.kupiec.pValue)}).
For the day after the last: price scan range <b>${percent(next.priceScanRange)}</b>, collateral haircut <b>${percent(next.haircut)}</b>, of both ${percent(next.liquidity)} for liquidity.</p>
<h4>Price and range</h4>${figure(charts, `${asset.asset}-price`)}
<h4>Margins over time</h4>${figure(charts, `${asset.asset}-margins`)}
<h4>Days exceeded by year</h4>${figure(charts, `${asset.asset}-years`)}
</details>`;
}

/** A rejected rate says in which direction. */
function verdict(p: number, tooMany: boolean): Html {
  if (p >= 0.05) return html`${pValueText(p)}`;
  return tooMany ? html`<span class="bad">${pValueText(p)} too many</span>` : html`<span class="mild">${pValueText(p)} too few</span>`;
}

function notes({ prices, binance, aave }: ReportSources, skipped: readonly string[]): Html {
  return html`<ul>
<li><b>Adaptive</b>: the range of falls as the model would have published it. <b>Forecast alone</b>: the same before long-run floor, buffer and bounds; its Kupiec p-value says whether the statistics are right. <b>Fixed</b>: the quantile of the warm-up days, never changed.</li>
<li>Published haircuts are today's, applied to all of the past: their venues may have asked for something else then, and chose them knowing the past. They serve other purposes too: Aave's must leave room for a liquidator over hours, Binance's stands beside a maintenance margin. A haircut of 0, as of stablecoins, is exceeded by any fall at all.</li>
<li>Losses are from one close to the next. Inside the day prices fell further, on 10 October 2025 by far; closing out costs more on top, for which parameters carry the liquidity add-on, which is not scored here.</li>
<li><b>Kupiec p</b> below 0.05: the number of exceedances does not fit the confidence, too many or, with a floor under the margin, too few. <b>Independence p</b> below 0.05: exceedances come in a row. <b>Both p</b> tests the two together.</li>
<li>A model that covers 99 % of days is exceeded on the worst ones by design. What is beyond is the insurance fund's.</li>
<li>Prices: ${prices.join(', ')}. ${binance === undefined ? '' : `Binance: ${binance}. `}${aave === undefined ? '' : `Aave: ${aave}. `}${skipped.length === 0 ? '' : `Left out, too short: ${skipped.join(', ')}.`}</li>
</ul>`;
}
