import type { Board, Change, FieldChange, RuleSet } from '../../audit/board/board.js';
import { make } from '../elements.js';
import { backed, badge, factView, timeView, durationView } from './figure-view.js';
import { sectionView, tableView, type Cell } from './table-view.js';
import { fieldWords, grouped, numberText, shortHex } from './words.js';

const STATE_WORDS: Readonly<Record<Change['state'], string>> = {
  active: 'active', waiting: 'waits for its timelock', ready: 'may be activated', cancelled: 'cancelled', replaced: 'replaced by another', expired: 'expired',
};
/** Diffs that a row shows; the rest can be unfolded. */
const FIRST_DIFFS = 6;

/** What was proposed and changed, old against new. */
export function changesView({ changes }: Board): HTMLElement {
  return sectionView('changes', 'Changes of parameters, rules, limits and roles',
    make('p', { class: 'soft' }, 'Newest first. Everything but first rules, roles and pauses waits for a timelock between proposal and activation.'),
    tableView('Changes, newest first', [{ head: 'What' }, { head: 'State' }, { head: 'Proposed (UTC)' }, { head: 'Ready' }, { head: 'Ended' }, { head: 'Timelock' }, { head: 'Old → new' }], changes.map(changeRow), 'Nothing was ever changed.'));
}

function changeRow(change: Change): Cell[] {
  const { activatedAt, cancelledAt, waited, timelockKept } = change;
  return [
    make('span', {}, fieldWords(change.kind), make('small', { class: 'soft' }, change.contract)),
    make('span', { 'data-state': change.state }, STATE_WORDS[change.state]),
    optional(change.proposedAt, timeView), optional(change.readyAt, timeView), optional(activatedAt ?? cancelledAt, timeView),
    timelockKept === undefined ? '–' : make('span', {}, factView(timelockKept, timelockKept.text === 'kept' ? 'good' : 'bad'), ...(waited === undefined ? [] : [make('small', { class: 'soft' }, 'waited ', durationView(waited))])),
    diffsView(change),
  ];
}

function diffsView({ diffs, digest }: Change): HTMLElement {
  if (diffs.length === 0) return make('span', { class: 'soft' }, digest === undefined ? 'nothing' : `content not known, hash ${shortHex(digest)}`);
  const list = (some: readonly FieldChange[]): HTMLElement => make('ul', { class: 'diffs' }, ...some.map(diffView));
  if (diffs.length <= FIRST_DIFFS) return list(diffs);
  return make('div', {}, list(diffs.slice(0, FIRST_DIFFS)), make('details', {}, make('summary', {}, `${diffs.length - FIRST_DIFFS} more`), list(diffs.slice(FIRST_DIFFS))));
}

function diffView({ subject, field, from, to, unit, direction, standing, source }: FieldChange): HTMLElement {
  const shown = (value: string): Node => (value === '' ? make('i', { class: 'soft' }, 'none') : make('b', value.length > 14 ? { title: value } : {}, /^0x/.test(value) ? shortHex(value) : /^[0-9]+$/.test(value) ? grouped(BigInt(value), 0) : value));
  return make('li', {}, `${subject}, ${fieldWords(field)}: `, shown(from), ' → ', shown(to), ...(unit === '' ? [] : [` ${unit}`]), ...(direction === 'neutral' ? [] : [` (${direction})`]), ' ', badge({ standing, source }));
}

/** What is in force now. */
export function rulesView({ rules, venue }: Board): HTMLElement {
  return sectionView('rules', 'Rules in force',
    make('div', { class: 'sets' }, ...rules.map(ruleSetView)),
    make('h3', {}, 'Roles and contracts'),
    tableView('Roles and contracts', [{ head: 'Name' }, { head: 'Address' }], [...venue.roles, ...venue.contracts].map(({ name, address }) => [name, make('code', {}, address)]), ''));
}

function ruleSetView({ title, contract, rules }: RuleSet): HTMLElement {
  return make('details', {}, make('summary', {}, `${title} `, make('small', { class: 'soft' }, contract)),
    tableView(title, [{ head: 'Rule' }, { head: 'Value', number: true }], rules.map(({ name, value }) => [
      fieldWords(name), 'text' in value ? backed(make('code', {}, value.text), value) : backed(`${numberText(value)} ${value.unit.name}`.trim(), value),
    ]), ''));
}

function optional<Value>(value: Value | undefined, view: (value: Value) => Cell): Cell {
  return value === undefined ? '–' : view(value);
}
