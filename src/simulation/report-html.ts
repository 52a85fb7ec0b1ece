import { html, raw, tableOf, type Html } from '../risk/backtest/html.js';
import { STYLE } from '../risk/backtest/style.js';
import { percent } from '../risk/backtest/words.js';
import type { PooledFigures } from './figures.js';
import { MODES } from './gate.js';
import type { StudySources } from './report-json.js';
import type { Study } from './study.js';
import { summary } from './summary.js';
import { colourOf, dollars, duration, times } from './words.js';

/** The whole report in one page: no script, nothing loaded from elsewhere. */
export function studyToHtml(study: Study, charts: ReadonlyMap<string, string>, sources: StudySources): string {
  const { crashes, seeds, accounts, policies } = study;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Liquidation in crashes</title><style>${raw(STYLE)}</style></head><body><main>
<header><h1>Liquidation in crashes</h1>
<p class="sub">${crashes.length} crash${crashes.length === 1 ? '' : 'es'}, ${seeds.length} seed${seeds.length === 1 ? '' : 's'}, ${policies.length} parameter sets side by side, ${accounts} synthetic accounts. Prices: ${sources.prices}.</p></header>
${sources.invented ? html`<section><p class="bad">These prices are invented: the figures show how the simulation works and say nothing of any market.</p></section>` : raw('')}
<section><h2>In short</h2>${summary(study)}</section>
<section><h2>Who paid</h2>${figure(charts, 'bad-debt')}${figure(charts, 'shared')}${wasteTable(study)}</section>
<section><h2>What it took</h2>${figure(charts, 'liquidations')}${figure(charts, 'conceded')}${figure(charts, 'under-water')}${effortTable(study)}</section>
<section><h2>Leverage let in</h2><p>A set that asks for less margin before a crash lets more leverage in, and more debt comes of it.</p>${figure(charts, 'leverage')}</section>
<section><h2>Parameter sets</h2>${parameterTable(study)}</section>
<section><h2>Crashes</h2>${crashes.map((crash) => html`<h4>${crash}, seed ${seeds[0] ?? ''}</h4>${figure(charts, `crash-${crash.replaceAll(/[^A-Za-z0-9-]/g, '_')}`)}`)}</section>
<section><h2>How to read this</h2>${notes()}</section>
</main></body></html>
`.text;
}

function figure(charts: ReadonlyMap<string, string>, name: string): Html {
  const svg = charts.get(name);
  return svg === undefined ? raw('') : html`<figure>${raw(svg)}</figure>`;
}

function named({ policies }: Study, { policy }: PooledFigures): Html {
  const number = policies.findIndex(({ name }) => name === policy);
  return html`<i style="background:${colourOf(number)}"></i>${policies[number]?.title ?? policy}`;
}

function wasteTable(study: Study): Html {
  return tableOf(
    ['Crash', 'Parameters', 'Open interest, USD, all runs', 'Leverage', 'Bad debt', 'Paid by first loss and fund', 'Shared', 'Nobody had', 'Subsidies', 'Penalties'],
    study.pooled.map((one) => [
      one.crash, named(study, one), dollars(one.openInterest), times(one.leverage), percent(one.badDebt), percent(one.funds), percent(one.shared), percent(one.unpaid, 3),
      percent(one.subsidies), percent(one.penalties),
    ]), 2,
  );
}

function effortTable(study: Study): Html {
  return tableOf(
    ['Crash', 'Parameters', 'Liquidations', 'Slices', 'Sold', 'Mean discount', 'Lost by being sold', 'Challenges', 'Defended', 'Frozen', 'Under water: median', 'longest', 'In debt: longest', 'Left under water', 'Bidders\' cash, least', ...MODES.slice(1)],
    study.pooled.map((one) => [
      one.crash, named(study, one), one.liquidations, one.slices, percent(one.sold, 0), percent(one.discount), percent(one.conceded), one.challenges, one.defended, one.frozen,
      duration(one.medianUnderWater), duration(one.longestUnderWater), duration(one.longestInDebt), one.leftUnderWater, percent(one.leastCash, 0), ...one.modes.slice(1).map((seconds) => duration(seconds / one.runs)),
    ]), 2,
  );
}

function parameterTable({ policies, crashes, firstPaths }: Study): Html {
  const rows = crashes.flatMap((crash) => {
    const path = firstPaths.get(crash);
    return path === undefined ? [] : policies.map((policy, i) => [
      crash, html`<i style="background:${colourOf(i)}"></i>${policy.title}`,
      path.assets.map((asset, k) => `${asset} ${percent(policy.scanOf(asset, path.volatility[k] ?? { recent: 0n, longRun: 0n }), 1)}`).join(', '),
      duration(policy.fall(path.volatility[0] ?? { recent: 0n, longRun: 0n })), policy.windows.map(duration).join(', '), policy.paidIn,
    ]);
  });
  return tableOf(['Crash', 'Parameters', 'Maintenance ranges at the open', 'Discount rises in', 'Windows from OPEN to HALT', 'Slices paid in'], rows, 6);
}

function notes(): Html {
  return html`<ul>
<li>Days, highs and lows are real; what lay between them is a seeded walk that meets them. Every set sees the same prices, owners' wishes, bidders and funds; a wish is granted as far as the set's initial margin goes, so open interest differs.</li>
<li><b>Bad debt</b>: what others had to pay for accounts with nothing left, and what nobody had at the end. <b>Lost by being sold</b>: what sold accounts got less than the market gave at that moment, penalties included. All shares but discounts are of open interest.</li>
<li><b>Under water</b>: below maintenance by the venue's own tables, from table to table: a set with a wider range counts accounts that another calls healthy. <b>In debt</b> means the same under every set.</li>
<li>When the first asset has fallen by a tenth the venue is silent for two hours: a fifth of the accounts is then known to it alone, and no epoch is published. So the gate turns.</li>
<li>What the model does not have: prices that liquidations move, bidders that hedge or fail, withdrawals, funding, options, reorganisations, attacks. docs/simulation.md says more.</li>
</ul>`;
}
