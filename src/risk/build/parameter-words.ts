import { instrumentText } from '../instrument-list.js';
import { parameterSetLabel, type ParameterSet } from '../parameter-set/parameter-set.js';
import { packRates, type RowTerms, type ScenarioMove } from '../row-terms.js';
import { planRows } from './row-plan.js';

/** What the board stores of one row: rates in 170 bits, then the multiplier. */
const MULTIPLIER_SHIFT = 170n;

/** One instrument as the board lists it, in row order and for good. */
export interface ListedInstrument {
  /** Its digest stands in the committed row. */
  readonly line: string;
  /** Id of the feed in the parameter set; the board has its own number for it. */
  readonly feed: string;
  /** Value units of a quantum at the strike; 0 but for options. */
  readonly strike: bigint;
}

/** A parameter set as it goes on chain. */
export interface ParameterWords {
  readonly label: string;
  readonly moves: readonly ScenarioMove[];
  /** A word a row: rates + multiplier * 2^170. */
  readonly rows: readonly bigint[];
  readonly instruments: readonly ListedInstrument[];
}

/** The words of a set, which no price enters. @throws as planRows */
export function parameterWords(set: ParameterSet): ParameterWords {
  const rows = planRows(set);
  return {
    label: parameterSetLabel(set),
    moves: set.scenarios.map(({ move }) => move),
    rows: rows.map(({ terms }) => parameterWord(terms)),
    instruments: rows.map((row) => ({ line: instrumentText(row), feed: row.feed, strike: row.terms.strike })),
  };
}

export function parameterWord(terms: RowTerms): bigint {
  return packRates(terms) + (terms.multiplier << MULTIPLIER_SHIFT);
}
