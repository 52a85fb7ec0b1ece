import { ClearproofError } from '../error/clearproof-error.js';

/** A part of a transition that does not fit in its word, or a word that is none. */
export class TransitionRangeError extends ClearproofError {
  readonly code = 'TRANSITION_RANGE';
}

/** One number of a word: its bits, and what is added so that it is not negative. */
export interface WordPart {
  readonly bits: number;
  readonly offset?: bigint;
}

/** Names and widths of a word's numbers, the first lowest. */
export type WordLayout<Name extends string> = readonly (readonly [Name, WordPart])[];

/** The word of these numbers. @throws TransitionRangeError naming the part that does not fit */
export function packWord<Name extends string>(layout: WordLayout<Name>, values: Readonly<Record<Name, bigint>>): bigint {
  let [word, place] = [0n, 0n];
  for (const [name, { bits, offset = 0n }] of layout) {
    const value = values[name];
    const above = 1n << BigInt(bits);
    if (value < -offset || value >= above - offset) throw new TransitionRangeError(`${name} must lie in [${-offset}, ${above - offset})`, { part: name });
    word += (value + offset) << place;
    place += BigInt(bits);
  }
  return word;
}

/** The numbers of a word. @throws TransitionRangeError when it is negative or has bits above them */
export function unpackWord<Name extends string>(layout: WordLayout<Name>, word: bigint, what: string): Record<Name, bigint> {
  let rest = word;
  const values: Partial<Record<Name, bigint>> = {};
  for (const [name, { bits, offset = 0n }] of layout) {
    values[name] = (rest & ((1n << BigInt(bits)) - 1n)) - offset;
    rest >>= BigInt(bits);
  }
  if (rest === 0n) return values as Record<Name, bigint>;
  const bits = layout.reduce((sum, [, part]) => sum + part.bits, 0);
  throw new TransitionRangeError(`${what} has ${bits} bits, and ${word} is no number of that many: take it from the transaction's public signals`, { word });
}
