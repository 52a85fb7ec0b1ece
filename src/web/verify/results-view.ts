import { byId, fill, make } from '../elements.js';
import type { Item } from './run.js';
import { HEADLINES } from './verdict-words.js';

const section = byId('results', HTMLElement);

export function clearResults(): void {
  section.hidden = true;
  fill(body());
}

/** Adds one receipt to the list of several. @param choose called when a reader wants its details */
export function addResult({ file, report }: Item, choose: () => void): void {
  if (report === undefined) return;
  section.hidden = false;
  const open = make('button', { type: 'button' }, file);
  open.addEventListener('click', choose);
  const failure = report.steps.find(({ outcome }) => outcome === 'failed');
  body().append(make('tr', { 'data-file': file, 'data-verdict': report.verdict },
    make('td', {}, open), make('td', { class: 'verdict' }, HEADLINES[report.verdict]), make('td', {}, failure?.title ?? ''),
  ));
}

/** Marks the row whose details are shown. */
export function markChosen(place: number): void {
  [...body().rows].forEach((row, at) => row.toggleAttribute('aria-current', at === place));
}

function body(): HTMLTableSectionElement {
  const [first] = byId('results', HTMLElement).getElementsByTagName('tbody');
  return first as HTMLTableSectionElement;
}
