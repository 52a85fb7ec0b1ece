import type { AcceptedEpoch, Board } from '../../audit/board/board.js';
import { compareRationals } from '../../fixed-point/rational.js';
import type { Ratio } from '../../audit/board/figure.js';
import { make } from '../elements.js';
import { backed, durationView, factView, figureView, ratioView } from './figure-view.js';
import { sectionView, type Cell } from './table-view.js';
import { numberText, shortHex, timeText } from './words.js';

const MODE_WORDS: Readonly<Record<string, string>> = {
  OPEN: 'fresh and covered: nothing is held back', REDUCE_ONLY: 'positions may shrink, new risk is refused',
  WITHDRAW_ONLY: 'only exits go through', HALT: 'no new risk; exits go on',
};

/** The newest epoch of which anything could be read. */
function latestOf({ epochs }: Board): AcceptedEpoch | undefined {
  return epochs.findLast((one): one is AcceptedEpoch => one.state === 'accepted');
}

/** What a reader looks for first. */
export function summaryView(board: Board): HTMLElement {
  const { gate, venue } = board;
  const latest = latestOf(board);
  const mode = card('Gate', factView(gate.mode, gate.mode.text === 'OPEN' ? 'good' : 'bad'), MODE_WORDS[gate.mode.text] ?? '');
  const cards = latest === undefined ? [mode] : [
    mode,
    card('Latest snapshot', gate.age === undefined ? '–' : durationView(gate.age), `epoch ${latest.epoch}; age as of block ${venue.block}`),
    card('Reserves over what is owed', worstCoverage(latest), `the lowest of ${counted(latest.assets.length, 'asset')}, epoch ${latest.epoch}`),
    card('Fund over shortfall', ratioView(latest.losses.held?.ratio, latest.losses.held === undefined ? 'not read' : 'no shortfall'), 'the shortfall is bad debt at charged prices'),
    card('Accounts below margin', figureView(latest.unhealthyBound), backed(`of at most ${numberText(latest.accountsBound)}`, latest.accountsBound)),
  ];
  const reasons = gate.reasons.length === 0 ? [] : [make('ul', { id: 'gate-reasons' }, ...gate.reasons.map(({ reason, words }) => make('li', { 'data-reason': reason }, words)))];
  const deadlines = gate.staleFrom === undefined || gate.haltFrom === undefined ? [] : [make('p', { class: 'soft' },
    'By age alone the gate is REDUCE_ONLY from ', backed(timeText(gate.staleFrom.value), gate.staleFrom), ' and HALT from ', backed(timeText(gate.haltFrom.value), gate.haltFrom), '.')];
  return sectionView('summary', `Venue ${venue.venueId} on chain ${venue.chainId}`,
    make('p', { class: 'soft' }, `As of block ${venue.block}, ${timeText(BigInt(venue.time))}. Registry `, make('code', { title: venue.registry }, shortHex(venue.registry)), '.'),
    make('dl', { class: 'cards' }, ...cards), ...reasons, ...deadlines);
}

/** What must be known before any figure. */
export function warningsView({ warnings }: Board): HTMLElement | undefined {
  if (warnings.length === 0) return undefined;
  return sectionView('warnings', 'Mind', make('ul', {}, ...warnings.map((words) => make('li', /^INSECURE|NOT verified/.test(words) ? { class: 'insecure' } : {}, words))));
}

function card(title: string, value: Cell, words: Cell): HTMLElement {
  return make('div', {}, make('dt', {}, title), make('dd', { class: 'big' }, value), make('dd', { class: 'soft' }, words));
}

function worstCoverage({ assets }: AcceptedEpoch): Cell {
  const ratios = assets.flatMap(({ held }): Ratio[] => (held?.ratio === undefined ? [] : [held.ratio]));
  const [lowest] = ratios.sort(compareRationals);
  return ratioView(lowest, assets.some(({ held }) => held === undefined) ? 'not read' : 'nothing owed');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
