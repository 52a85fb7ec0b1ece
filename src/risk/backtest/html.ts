/** Text that is markup already. */
export interface Html {
  readonly text: string;
}

type Cell = Html | string | number | readonly Html[];

export function raw(text: string): Html {
  return { text };
}

/** Markup from a template: strings put in are escaped, markup is not. */
export function html(parts: TemplateStringsArray, ...cells: readonly Cell[]): Html {
  return { text: parts.map((part, i) => (i === 0 ? part : `${markup(cells[i - 1] as Cell)}${part}`)).join('') };
}

/** A table; columns from the `names`-th on hold figures and stand to the right. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[], names = 1): Html {
  const side = (column: number): Html => raw(column < names ? '' : ' class="n"');
  return html`<div class="wide"><table><thead><tr>${head.map((cell, i) => html`<th${side(i)}>${cell}</th>`)}</tr></thead><tbody>${
    rows.map((row) => html`<tr>${row.map((cell, i) => html`<td${side(i)}>${cell}</td>`)}</tr>`)
  }</tbody></table></div>`;
}

function markup(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'string') return escaped(cell);
  return 'text' in cell ? cell.text : cell.map((one) => one.text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** A percent sign stays on the line of its number. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string).replaceAll(' %', '&nbsp;%');
}
