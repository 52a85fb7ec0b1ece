import type { ErrorDetails } from '../error/clearproof-error.js';

/** Where in an input something stands. */
export interface Place {
  /** The file as the caller named it. */
  readonly file: string;
  /** Line of the file, from 1; of a record over several lines, the last. */
  readonly row?: number;
  /** Column name or JSON path. */
  readonly field?: string;
}

/** `sentence` with its place in front: "accounts.csv, row 12, field quantity: …". */
export function at(place: Place, sentence: string): string {
  const row = place.row === undefined ? '' : `, row ${place.row}`;
  const field = place.field === undefined ? '' : `, field ${place.field}`;
  return `${place.file}${row}${field}: ${sentence}`;
}

/** A place as error details. */
export function detailsOf(place: Place): ErrorDetails {
  return {
    file: place.file,
    ...(place.row === undefined ? {} : { row: place.row }),
    ...(place.field === undefined ? {} : { field: place.field }),
  };
}

/** The same row, another field. */
export function fieldOf(place: Place, field: string): Place {
  return { ...place, field };
}

/** At most 40 characters of a foreign text, quoted, for messages. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
