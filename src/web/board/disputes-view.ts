import type { Board, Dispute, DisputeState } from '../../audit/board/board.js';
import { make } from '../elements.js';
import { factView, figureView, timeView } from './figure-view.js';
import { sectionView, tableView, type Cell } from './table-view.js';
import { shortHex } from './words.js';

const STATE_WORDS: Readonly<Record<DisputeState, string>> = {
  open: 'open', overdue: 'not answered in time, not settled yet', answered: 'answered', lost: 'lost: not answered in time', cured: 'lost, then made good',
};

/** Challenges about omitted accounts, and demands for receipts. */
export function disputesView({ challenges, demands, venue }: Board): HTMLElement {
  const has = (name: string): boolean => venue.contracts.some((one) => one.name === name);
  return sectionView('disputes', 'Omission challenges and demands for receipts',
    make('h3', {}, 'Challenges'),
    make('p', { class: 'soft' }, 'Whoever holds a balance receipt that an epoch did not honour can make the venue answer on chain. Nothing here says who, what or how much.'),
    listView('Omission challenges', challenges, has('disputes') ? 'No challenge was ever opened.' : 'This venue named no contract for challenges.'),
    make('h3', {}, 'Demands for receipts'), listView('Demands for receipts', demands, 'No receipt was ever demanded on chain.'));
}

function listView(label: string, list: readonly Dispute[], nothing: string): HTMLElement {
  return tableView(label, [{ head: 'Id' }, { head: 'Epoch', number: true }, { head: 'State' }, { head: 'Opened (UTC)' }, { head: 'Answer by' }, { head: 'Ended' }, { head: 'How' }, { head: 'Bond', number: true }],
    list.map(({ id, epoch, state, openedAt, answerBy, endedAt, how, bond }): Cell[] => [
      make('code', { title: id }, shortHex(`0x${BigInt(id).toString(16)}`)), `${epoch}`, make('span', { 'data-state': state, class: state === 'lost' || state === 'overdue' ? 'bad' : '' }, STATE_WORDS[state]),
      timeView(openedAt), answerBy === undefined ? '–' : timeView(answerBy), endedAt === undefined ? '–' : timeView(endedAt), how === undefined ? '–' : factView(how), bond === undefined ? '–' : figureView(bond, true),
    ]), nothing);
}
