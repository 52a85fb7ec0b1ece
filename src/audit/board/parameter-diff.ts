import type { ParameterSetWords } from '../../chain/market-board-client.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { FieldChange } from './board.js';
import type { Backed } from './figure.js';

/** The rates of RateWord.sol, lowest first: 24 bits each, in ppm. */
const RATES = [
  'long charge at maintenance', 'short charge at maintenance', 'long charge at initial', 'short charge at initial',
  'scan range at maintenance', 'scan range at initial', 'basis range',
] as const;
const RATE_BITS = 24n;
const RATE_MASK = (1n << RATE_BITS) - 1n;
const IDENTITY_SHIFT = 168n;
/** Rates in ppm, as percentages. */
const PERCENT_SCALE = 4;
const MOVE_FIELDS = ['price move', 'basis move'] as const;
const NONE = '';

/**
 * What a parameter set changes about the one before: each rate and move that differs. Of a first set, its size only: every value in
 * it is new.
 *
 * @param names of the rows as listed; a row without one goes by its number
 */
export function parameterDiff(before: ParameterSetWords | undefined, after: ParameterSetWords, names: readonly string[], grounds: Backed): FieldChange[] {
  const { standing, source } = grounds;
  const change = (subject: string, field: string, from: string, to: string, unit: string, direction: FieldChange['direction']): FieldChange =>
    ({ subject, field, from, to, unit, direction, standing, source });
  if (before === undefined) {
    return [
      change('set', 'rows', NONE, after.words.length.toString(), 'rows', 'neutral'),
      change('set', 'scenarios', NONE, (after.moves.length / 2).toString(), 'scenarios', 'neutral'),
    ];
  }
  const rows = after.words.flatMap((word, row) => {
    const subject = names[row] ?? `row ${row}`;
    const active = before.words[row];
    if (active === undefined) return [change(subject, 'row', NONE, 'added', '', 'neutral')];
    // The board refuses such a set; a contract that took one must not look harmless here.
    const identity = word >> IDENTITY_SHIFT === active >> IDENTITY_SHIFT ? []
      : [change(subject, 'identity', (active >> IDENTITY_SHIFT).toString(), (word >> IDENTITY_SHIFT).toString(), '', 'neutral')];
    return [...identity, ...RATES.flatMap((field, which) => {
      const [from, to] = [rateOf(active, which), rateOf(word, which)];
      return from === to ? [] : [change(subject, field, percent(from), percent(to), '%', to > from ? 'tighter' : 'looser')];
    })];
  });
  const moves = after.moves.flatMap((to, place) => {
    const from = before.moves[place];
    const subject = `scenario ${Math.floor(place / 2) + 1}`;
    return from === to ? [] : [change(subject, MOVE_FIELDS[place % 2] ?? 'move', from?.toString() ?? NONE, to.toString(), 'sixtieths', 'neutral')];
  });
  return [...rows, ...moves];
}

function rateOf(word: bigint, which: number): bigint {
  return (word >> (RATE_BITS * BigInt(which))) & RATE_MASK;
}

function percent(rate: bigint): string {
  return formatDecimal(rate, PERCENT_SCALE);
}
