/** Longest name of a token or a row that is shown, in characters. */
const MAX_NAME = 32;
/** Control, format (text direction, zero width), private, unassigned and unpaired characters, and every space but the plain one. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
/** Marks that pile up on a letter and can cover the lines above and below. */
const MARKS = /\p{M}/gu;

/**
 * A name that a contract or a file gave, fit to stand in a line of text: a hostile token could otherwise turn the direction of
 * what follows, or hide itself. What was left out is shown as �.
 *
 * @param fallback for a name of nothing
 * @param most characters that are shown
 */
export function printable(name: string, fallback: string, most = MAX_NAME): string {
  // By characters, not code units: half of a pair is no text.
  const clean = [...name.replace(UNPRINTABLE, '�').replace(MARKS, '�').trim()];
  if (clean.length === 0) return fallback;
  return clean.length > most ? `${clean.slice(0, most - 1).join('')}…` : clean.join('');
}
