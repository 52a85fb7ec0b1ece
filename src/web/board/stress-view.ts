import type { Board, StressEntry } from '../../audit/board/board.js';
import { make } from '../elements.js';
import { barsAndLine, drawable } from './charts.js';
import { figureView, ratioView } from './figure-view.js';
import { figureWith, sectionView, tableView } from './table-view.js';
import { fieldWords } from './words.js';

/** How the accounts of an epoch would stand after public shocks. */
export function stressView({ stress }: Board): HTMLElement {
  return sectionView('stress', 'Stress results',
    make('p', { class: 'soft' }, 'Each is a proof about the very accounts of an epoch under a market table that a public scenario makes of the epoch\'s. Give the venue\'s stress attestations and the epoch\'s attestation to have them verified here.'),
    make('div', { class: 'beside' }, ...chartOf(stress), tableView('Stress results', [
      { head: 'Scenario' }, { head: 'Epoch', number: true }, { head: 'Verdict' }, { head: 'Below margin, at most', number: true }, { head: 'Shortfall', number: true }, { head: 'Fund over shortfall', number: true },
    ], stress.map((one) => [
      make('span', {}, fieldWords(one.scenario), make('small', { class: 'soft' }, `set ${one.set}`)), `${one.epoch}`,
      make('span', { class: one.verdict === 'verified' ? 'good' : one.verdict === 'not-verified' ? 'bad' : 'soft', 'data-verdict': one.verdict }, one.verdict === 'not-verified' ? 'NOT verified' : fieldWords(one.verdict),
        ...(one.reason === '' ? [] : [make('small', {}, one.reason)])),
      figureView(one.unhealthyBound), figureView(one.shortfall, true), ratioView(one.ratio, one.fundValue === undefined ? 'not read' : 'no shortfall'),
    ]), 'No stress attestation was given.')));
}

function chartOf(stress: readonly StressEntry[]): HTMLElement[] {
  const proven = stress.filter(({ verdict }) => verdict === 'verified');
  const [first] = proven;
  if (first === undefined || proven.length < 2) return [];
  const { unit } = first.shortfall;
  return [figureWith('Shortfall under each verified scenario, and the fund.', barsAndLine({
    label: `Shortfall under ${proven.length} verified scenarios as bars, and the fund as a line`,
    names: proven.map(({ scenario, epoch }) => `${scenario} (${epoch})`), unit: unit.name,
    bars: { name: 'shortfall', values: proven.map(({ shortfall }) => drawable(shortfall.value, unit.scale)) },
    line: { name: 'fund', values: proven.map(({ fundValue }) => fundValue && drawable(fundValue.value, unit.scale)) },
  }))];
}
