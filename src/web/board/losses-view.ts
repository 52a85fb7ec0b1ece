import type { AcceptedEpoch, Board } from '../../audit/board/board.js';
import { make } from '../elements.js';
import { barsAndLine, drawable, MOST_POINTS } from './charts.js';
import { backed, factView, figureView, ratioView } from './figure-view.js';
import { figureWith, sectionView, tableView } from './table-view.js';
import { numberText } from './words.js';

/** A fund has a line in the picture up to so many times the largest loss: beyond, it would flatten the bars. */
const FUND_IN_SIGHT = 20n;

/** Unhealthy accounts, and the shortfall against the fund. */
export function lossesView(board: Board): HTMLElement {
  const epochs = board.epochs.filter((one): one is AcceptedEpoch => one.state === 'accepted');
  const drawn = epochs.slice(-MOST_POINTS);
  const unit = drawn[0]?.losses.shortfall.unit;
  const most = drawn.reduce((found, { losses }) => (losses.shortfall.value > found ? losses.shortfall.value : found), 0n);
  const inSight = drawn.some(({ losses: { held } }) => held !== undefined && held.fundValue.value <= FUND_IN_SIGHT * most);
  const chart = unit === undefined || drawn.length < 2 || most === 0n ? [] : [figureWith('Shortfall and fund at the checkpoint, epoch by epoch.', barsAndLine({
    label: `Shortfall as bars${inSight ? ' and the fund as a line' : ''}, for epochs ${drawn[0]?.epoch} to ${drawn.at(-1)?.epoch}`,
    names: drawn.map(({ epoch }) => `${epoch}`), unit: unit.name,
    bars: { name: 'shortfall', values: drawn.map(({ losses }) => drawable(losses.shortfall.value, unit.scale)) },
    line: inSight ? { name: 'fund', values: drawn.map(({ losses: { held } }) => held && drawable(held.fundValue.value, unit.scale)) } : undefined,
  }))];
  const unitWords = unit === undefined ? '' : ` Amounts in ${unit.name}.`;
  return sectionView('losses', 'Unhealthy accounts, shortfall and fund',
    make('p', { class: 'soft' }, `The shortfall is what closing every account at charged prices would leave unpaid: at least the bad debt. Bounds: no epoch has more accounts than shown.${unitWords}`),
    make('div', { class: 'beside' }, ...chart, tableView('Shortfall against the fund by epoch', [
      { head: 'Epoch' }, { head: 'Covered' }, { head: 'Below margin, at most', number: true }, { head: 'Shortfall', number: true }, { head: 'Fund', number: true }, { head: 'Fund over shortfall', number: true },
      { head: 'Surplus', number: true }, { head: 'Accounts, at most', number: true },
    ], [...epochs].reverse().map(({ epoch, accountsBound, unhealthyBound, losses: { shortfall, held } }) => [
      `${epoch}`, held === undefined ? make('span', { class: 'soft' }, 'not read') : factView(held.covered, held.covered.text === 'covered' ? 'good' : 'bad'),
      figureView(unhealthyBound), figureView(shortfall),
      ...(held === undefined ? ['–', '–', '–'] : [
        make('span', {}, figureView(held.fundValue), make('small', { class: 'soft' }, figureView(held.fund, true))), ratioView(held.ratio, 'no shortfall'),
        backed(numberText(held.surplus), held.surplus, held.surplus.value < 0n ? 'bad' : ''),
      ]),
      figureView(accountsBound),
    ]), 'No epoch was accepted yet.')));
}
