import { ratioOf } from '../model/parts-per-million.js';
import { MODELS, type ModelName } from './asset-test.js';
import type { Backtest } from './backtest.js';
import { html, type Html } from './html.js';
import { pooled, recordOf, type PooledRecord } from './pooled.js';
import { percent, percentOf, TITLES } from './words.js';

/** What the report says before any figure: the adaptive model's record, and what the others miss or cost. */
export function summary(backtest: Backtest): Html {
  const records = pooled(backtest.assets);
  const adaptive = records.find((one) => one.model === 'adaptive');
  if (adaptive === undefined) return html`<p>No asset has enough history to be tested.</p>`;
  const rate = 1 - ratioOf(backtest.settings.confidencePpm);
  const fits = backtest.assets.filter((asset) => (recordOf(asset, 'forecast')?.score.kupiec.pValue ?? 0) >= 0.05).length;
  const rise = backtest.assets.map((asset) => recordOf(asset, 'adaptive')?.score.procyclicality.largestRise[1] ?? 0).reduce((a, b) => Math.max(a, b), 0);
  return html`<div class="cards">
<div class="card"><b>${percentOf(1 - adaptive.exceedances / adaptive.days)}</b><span>of ${adaptive.days.toLocaleString('en-US')} asset-days covered by the adaptive haircut; ${percentOf(1 - rate, 1)} was asked for</span></div>
<div class="card"><b>${percent(adaptive.averageMargin, 1)}</b><span>average adaptive haircut, before liquidity</span></div>
<div class="card"><b>${fits} of ${backtest.assets.length}</b><span>assets whose forecast misses as often as it should (Kupiec, 5 %)</span></div>
<div class="card"><b>${percentOf(rise, 0)}</b><span>largest rise of any adaptive haircut in a day; the bound is ${percent(backtest.settings.maxRisePpm, 0)}</span></div>
</div>
${(['fixed', 'binance', 'aave'] as const).map((model) => comparison(records.find((one) => one.model === model), rate))}
${crashSentence(backtest)}`;
}

/** No margin of this confidence covers the worst days: the report says so before anyone finds out. */
function crashSentence({ assets }: Backtest): Html {
  const covered = MODELS.flatMap((model) => {
    const crashes = assets.flatMap((asset) => recordOf(asset, model)?.score.crashes ?? []);
    return crashes.length === 0 ? [] : [`${TITLES[model]} ${crashes.filter((one) => one.loss <= one.margin).length} of ${crashes.length}`];
  });
  if (covered.length === 0) return html``;
  return html`<p><b>On the worst days of the named crashes</b> these were enough, counted over assets: ${covered.join('; ')}. What a margin of this confidence leaves open there falls on the insurance fund.</p>`;
}

const SUBJECT: Readonly<Record<Exclude<ModelName, 'adaptive' | 'forecast'>, string>> = {
  fixed: 'Haircuts set once, from the first days of each asset',
  binance: 'Binance\'s published haircuts',
  aave: 'Aave\'s published liquidation thresholds',
};

function comparison(record: PooledRecord | undefined, rate: number): Html {
  if (record === undefined || record.model === 'adaptive' || record.model === 'forecast') return html``;
  const { days, exceedances, adaptive } = record;
  const times = exceedances / days / rate;
  const size = times >= 1 ? `${times.toFixed(1)} times as often as a model of this confidence should` : 'less often than a model of this confidence would';
  return html`<p><b>${SUBJECT[record.model]}</b>, ${percent(record.averageMargin, 1)} on average over ${record.assets} assets, were exceeded on ${exceedances} of ${days.toLocaleString('en-US')} days, ${size}. On the same days the adaptive haircut averaged ${percent(adaptive.averageMargin, 1)} and was exceeded on ${adaptive.exceedances}.</p>`;
}
