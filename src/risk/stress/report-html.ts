import { formatDecimal } from '../../fixed-point/decimal.js';
import { html, raw, tableOf, type Html } from '../backtest/html.js';
import { STYLE } from '../backtest/style.js';
import { percent } from '../backtest/words.js';
import { distributionChart, lossChart } from './charts.js';
import type { StressOutcome, StressReport } from './stress-figures.js';

/** Instruments shown of those most held by one account. */
const MOST_POSITIONS = 25;
/** Coverage beyond this, ppm, is only said to be more. */
const MOST_SHOWN = 10_000_000n;

/** The whole report in one page: no script, nothing loaded from elsewhere. Names no user. */
export function stressReportToHtml(report: StressReport): string {
  const { outcomes, now, parameterSet, level, snapshotTime, fund } = report;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stress test</title><style>${raw(STYLE)}</style></head><body><main>
<header><h1>Stress test</h1>
<p class="sub">${now.accounts} accounts under ${outcomes.length} public scenarios; table ${parameterSet} at ${level} level, ${new Date(snapshotTime * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC.${fund === undefined ? '' : ` Fund: ${money(report, fund)}.`}</p></header>
<section><h2>In short</h2>${summary(report)}</section>
${outcomes.length === 0 ? raw('') : html`<section><h2>Losses</h2>
<p>What closing out every account at the shocked prices would leave unpaid: with charges (shortfall), and without (bad debt). A fund pays bad debt first.</p>
<figure>${raw(lossChart(report))}</figure>${outcomeTable(report)}</section>
<section><h2>How accounts stand</h2>
<p>Equity over requirement of every account; below 1 it is unhealthy, below 0 under water.</p>
<figure>${raw(distributionChart(report))}</figure></section>`}
<section><h2>Concentration of positions</h2>
<p>Who holds how much of an instrument, before any shock; the ${MOST_POSITIONS} most concentrated.</p>${positionTable(report)}</section>
<section><h2>Scenarios and their sources</h2>${sourceTable(outcomes)}${skippedList(report)}</section>
<section><h2>How to read this</h2>${notes()}</section>
</main></body></html>
`.text;
}

function summary(report: StressReport): Html {
  const { outcomes, now } = report;
  const worst = worstOf(outcomes);
  const most = outcomes.reduce((found, { figures }) => Math.max(found, figures.unhealthy), 0);
  const cards: Html[] = [
    card(`${now.unhealthy} of ${now.accounts}`, 'unhealthy without a shock'),
    card(`${most} of ${now.accounts}`, 'unhealthy in the worst scenario for that'),
  ];
  if (worst !== undefined) {
    cards.push(card(money(report, worst.figures.badDebt), `bad debt in ${worst.scenario}, the most`));
    if (worst.fund !== undefined) cards.push(card(worst.fund.uncovered === 0n ? 'all of it' : money(report, worst.fund.paid), 'of that the fund pays'));
  }
  return html`<div class="cards">${cards}</div>`;
}

function worstOf(outcomes: readonly StressOutcome[]): StressOutcome | undefined {
  return outcomes.reduce<StressOutcome | undefined>((worst, one) => (worst === undefined || one.figures.badDebt > worst.figures.badDebt ? one : worst), undefined);
}

function card(value: string, what: string): Html {
  return html`<div class="card"><b>${value}</b><span>${what}</span></div>`;
}

function outcomeTable(report: StressReport): Html {
  const { now, fund } = report;
  const heads = ['Scenario', 'Set', 'Unhealthy', 'Under water', 'Shortfall', 'Bad debt', 'Shortfall of top ten', 'Herfindahl'];
  const rows = report.outcomes.map(({ scenario, set, version, figures: f, fund: covered }) => [
    scenario, `${set} ${version}`, f.unhealthy, f.underWater, amount(report, f.shortfall), amount(report, f.badDebt),
    f.concentration === undefined ? '–' : percent(f.concentration.topTen, 1), f.concentration === undefined ? '–' : decimal(f.concentration.herfindahl),
    ...(covered === undefined ? [] : [covered.coverage === undefined ? '–' : html`<span class="${covered.uncovered === 0n ? 'good' : 'bad'}">${covered.coverage > MOST_SHOWN ? 'over 1000 %' : percent(covered.coverage, 0)}</span>`, amount(report, covered.uncovered)]),
  ]);
  const before = ['no shock', '', now.unhealthy, now.underWater, amount(report, now.shortfall), amount(report, now.badDebt), '', '', ...(fund === undefined ? [] : ['', ''])];
  return tableOf(fund === undefined ? heads : [...heads, 'Fund over bad debt', 'Not covered'], [before, ...rows], 2);
}

function positionTable({ positions }: StressReport): Html {
  const shown = [...positions].sort((a, b) => (a.largest < b.largest ? 1 : -Number(a.largest > b.largest))).slice(0, MOST_POSITIONS);
  return tableOf(['Instrument', 'Open interest', 'Holders', 'Largest account', 'Herfindahl'], shown.map((one) => [
    one.instrument, grouped(formatDecimal(one.openInterest, one.quantityDecimals)), one.holders, percent(one.largest, 1), decimal(one.herfindahl),
  ]));
}

function sourceTable(outcomes: readonly StressOutcome[]): Html {
  return html`<ul>${outcomes.map((one) => html`<li><b>${one.scenario}</b>: ${one.title}. ${one.sources.join('; ')}.${
    one.unmoved.length === 0 ? '' : ` Not moved: ${one.unmoved.slice(0, 12).join(', ')}${one.unmoved.length > 12 ? ` and ${one.unmoved.length - 12} more` : ''}.`
  }</li>`)}</ul>`;
}

function skippedList({ skipped }: StressReport): Html {
  return skipped.length === 0 ? raw('') : html`<h4>Not possible with this table</h4><ul>${skipped.map(({ scenario, reason }) => html`<li><b>${scenario}</b>: ${reason}</li>`)}</ul>`;
}

function notes(): Html {
  return html`<ul>
<li>A shock moves prices at once and nobody trades: no liquidation on the way, no deposit, no new price impact. Real days are kinder in the first and worse in the last.</li>
<li><b>Open interest</b> of a derivative is all that is held long; of a coin deposits and loans together. <b>Herfindahl</b>: sum of squared shares, 1 when one account has it all, 1/n for n equal ones.</li>
<li>A move given for "*" is applied to every instrument a set does not name. It is a stand-in, not a fact.</li>
</ul>`;
}

function money(report: StressReport, units: bigint): string {
  return `${amount(report, units)} ${report.currency}`;
}

/** Whole units of the currency, digits in threes; cents where that is all there is. */
function amount({ valueScale }: StressReport, units: bigint): string {
  const text = formatDecimal(units, valueScale);
  const [whole = '0', fraction = ''] = text.split('.');
  return whole.length > 3 || fraction === '' ? grouped(whole) : `${whole}.${fraction.slice(0, 2).padEnd(2, '0')}`;
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ' ')}${fraction === undefined ? '' : `.${fraction.slice(0, 4)}`}`;
}

function decimal(ppm: bigint): string {
  return (Number(ppm) / 1e6).toFixed(3);
}
