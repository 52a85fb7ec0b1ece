import type { AcceptedEpoch, Board, EpochEntry } from '../../audit/board/board.js';
import { make } from '../elements.js';
import { barsAndLine, MOST_POINTS } from './charts.js';
import { durationView, factView, figureView, timeView } from './figure-view.js';
import { figureWith, sectionView, tableView, type Cell } from './table-view.js';

const COLUMNS = [
  { head: 'Epoch' }, { head: 'Snapshot (UTC)' }, { head: 'Since the last', number: true }, { head: 'Accepted after', number: true }, { head: 'Replaced', number: true },
  { head: 'Covered' }, { head: 'Disputed' }, { head: 'Vault pays from it' }, { head: 'Market table' }, { head: 'Attestation' },
];

const ATTESTATION_WORDS: Readonly<Record<AcceptedEpoch['attestation'], string>> = {
  verified: 'verified here', 'not-verified': 'NOT verified', 'cannot-tell': 'cannot tell', 'not-given': 'not given',
};
const MINUTES = 60;

/** Every epoch number up to the latest, and what is missing or late. */
export function historyView(board: Board): HTMLElement {
  const { epochs, gaps } = board;
  const accepted = epochs.filter((one): one is AcceptedEpoch => one.state === 'accepted').slice(-MOST_POINTS);
  const stale = board.rules.flatMap(({ rules }) => rules).find(({ name }) => name === 'staleAfter')?.value;
  const chart = accepted.length < 3 ? [] : [figureWith('Minutes from one snapshot to the next.', barsAndLine({
    label: 'Time between snapshots, epoch by epoch, with the age at which the gate closes to new risk',
    names: accepted.map(({ epoch }) => `${epoch}`), unit: 'minutes',
    bars: { name: 'since the snapshot before', values: accepted.map(({ interval }) => (interval === undefined ? undefined : Number(interval.value) / MINUTES)) }, line: undefined,
    ...(stale !== undefined && 'value' in stale && accepted.some(({ interval }) => interval !== undefined && 2n * interval.value >= stale.value)
      ? { level: { name: 'stale', value: Number(stale.value) / MINUTES } } : {}),
  }))];
  return sectionView('history', 'Attestation history', gapsView(gaps),
    make('div', { class: 'beside' }, ...chart, tableView('Attestations by epoch', COLUMNS, [...epochs].reverse().map(epochRow), 'No epoch was accepted yet.')));
}

function epochRow(entry: EpochEntry): Cell[] {
  if (entry.state === 'missing') return [`${entry.epoch}`, make('strong', { class: 'bad' }, 'missing: nothing could be read'), ...COLUMNS.slice(2).map(() => '')];
  const { attestation, disputed, stands } = entry;
  return [
    `${entry.epoch}`, timeView(entry.snapshotTime), entry.interval === undefined ? '–' : durationView(entry.interval), durationView(entry.acceptanceDelay), figureView(entry.replacedSnapshots),
    factView(entry.covered, entry.covered.text === 'covered' ? 'good' : 'bad'),
    disputed === undefined ? 'no contract' : factView(disputed, disputed.text === 'no' ? '' : 'bad'),
    stands === undefined ? 'no vault' : factView(stands, /^never|not stand/.test(stands.text) ? 'bad' : ''), factView(entry.table),
    make('span', attestation === 'not-verified' ? { class: 'bad' } : attestation === 'verified' ? { class: 'good' } : { class: 'soft' }, ATTESTATION_WORDS[attestation]),
  ];
}

function gapsView(gaps: Board['gaps']): HTMLElement {
  if (gaps.length === 0) return make('p', { id: 'gaps' }, make('strong', { class: 'good' }, 'No gaps: '), 'every epoch number is there, and none was late by the venue\'s own deadline.');
  return make('div', { id: 'gaps' }, make('h3', {}, 'Gaps'), make('ul', {}, ...gaps.map(({ kind, words, seconds }) => make('li', { 'data-gap': kind },
    make('strong', kind === 'unread' ? {} : { class: 'bad' }, kind === 'unread' ? 'not read' : kind), `: ${words}`, ...(seconds === undefined ? [] : [', for ', durationView(seconds)])))));
}
