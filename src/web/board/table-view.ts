import { make } from '../elements.js';

export type Cell = string | Node;

export interface Column {
  readonly head: string;
  /** Figures stand to the right. */
  readonly number?: boolean;
}

/** Rows that are shown at first: a venue can have thousands of epochs. */
const FIRST_ROWS = 12;
/** A button for fewer than these saves nothing. */
const FEW = 4;

/** A table in a region that scrolls by itself and by keyboard; long ones show their first rows and a button for the rest. */
export function tableView(label: string, columns: readonly Column[], rows: readonly (readonly Cell[])[], nothing: string): HTMLElement {
  if (rows.length === 0) return make('p', { class: 'soft' }, nothing);
  const first = rows.length < FIRST_ROWS + FEW ? rows.length : FIRST_ROWS;
  const body = make('tbody', {}, ...rows.slice(0, first).map((row) => rowView(columns, row)));
  const head = make('thead', {}, make('tr', {}, ...columns.map(({ head: text, number }) => make('th', { scope: 'col', ...(number === true ? { class: 'number' } : {}) }, text))));
  const table = make('table', {}, make('caption', { class: 'visually-hidden' }, label), head, body);
  const region = make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, table);
  if (first === rows.length) return region;
  const more = make('button', { type: 'button', class: 'more' }, `Show all ${rows.length} rows`);
  more.addEventListener('click', () => {
    body.append(...rows.slice(first).map((row) => rowView(columns, row)));
    region.focus();
    more.remove();
  });
  return make('div', {}, region, more);
}

function rowView(columns: readonly Column[], row: readonly Cell[]): HTMLTableRowElement {
  return make('tr', {}, ...row.map((cell, place) => (place === 0
    ? make('th', { scope: 'row' }, cell)
    : make('td', columns[place]?.number === true ? { class: 'number' } : {}, cell))));
}

/** A section with its heading; `id` names it for links and tests. */
export function sectionView(id: string, title: string, ...inside: readonly Cell[]): HTMLElement {
  return make('section', { id, 'aria-labelledby': `${id}-title` }, make('h2', { id: `${id}-title` }, title), ...inside);
}

/** A picture beside its table, which says the same exactly. */
export function figureWith(caption: string, chart: HTMLElement): HTMLElement {
  return make('figure', {}, chart, make('figcaption', {}, `${caption} The table has the exact figures.`));
}
