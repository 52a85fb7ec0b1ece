import { ClearproofError } from '../error/clearproof-error.js';

/** The page lacks an element that its script was written for. */
export class PageElementError extends ClearproofError {
  readonly code = 'PAGE_ELEMENT';
}

/** The element with an id, of the kind it must be. @throws PageElementError */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new PageElementError(`the page has no #${id} of the kind expected: page and script are of different versions, load both again`, { id });
}

/** A new element with text or others inside. Text is never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name, attributes: Readonly<Record<string, string>> = {}, ...inside: readonly (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...inside);
  return made;
}

/** Puts new content in the place of the old. */
export function fill(element: Element, ...inside: readonly (string | Node)[]): void {
  element.replaceChildren(...inside);
}
