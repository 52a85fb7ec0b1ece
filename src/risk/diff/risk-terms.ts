import { formatRational } from '../../fixed-point/rational.js';
import type { Instrument } from '../../venue/instrument.js';
import { planRows } from '../build/row-plan.js';
import type { MarketTable } from '../market-table.js';
import { ParameterUnknownError } from '../parameter-set/parameter-errors.js';
import type { LeveledRate } from '../parameter-set/parameter-fields.js';
import { parameterSetLabel, type ParameterSet } from '../parameter-set/parameter-set.js';
import type { RowTerms } from '../row-terms.js';

/** A row as far as parameters go. */
export interface TermedRow extends Instrument {
  readonly group: number;
  readonly cap: bigint;
  readonly predecessor: number;
  readonly activationEpoch: number;
  readonly terms: RowTerms;
}

/** What two parameter sets, or the tables made from them, can be compared in. */
export interface RiskTerms {
  readonly label: string;
  readonly currency: string;
  readonly valueScale: number;
  /** By name: what it moves, in words. */
  readonly scenarios: ReadonlyMap<string, string>;
  readonly rows: readonly TermedRow[];
  /** Volatility ranges by series; a table does not have them. */
  readonly volatilityScans: ReadonlyMap<string, LeveledRate>;
}

/** @throws as planRows */
export function termsOfSet(set: ParameterSet): RiskTerms {
  const series = set.markets.flatMap((one) => (one.kind === 'option-series' ? [[one.id, one.volatilityScan] as const] : []));
  return {
    label: parameterSetLabel(set), currency: set.currency, valueScale: set.valueScale, rows: planRows(set), volatilityScans: new Map(series),
    scenarios: new Map(set.scenarios.map((one) => [
      one.name,
      `price ${formatRational(one.priceMove)}, volatility ${formatRational(one.volatilityMove)}, basis ${formatRational(one.basisMove)} of the ranges, ${formatRational(one.cover)} of it counted`,
    ])),
  };
}

/** @throws ParameterUnknownError for a table that no parameter set made */
export function termsOfTable(table: MarketTable, file: string): RiskTerms {
  const moves = table.moves;
  if (moves === undefined) throw new ParameterUnknownError({ file }, 'no parameter set made this table: compare tables of "clearproof risk build"');
  return {
    label: table.parameterSet, currency: table.currency, valueScale: table.valueScale, volatilityScans: new Map(),
    rows: table.rows.flatMap((row) => (row.terms === undefined ? [] : [{ ...row, terms: row.terms }])),
    scenarios: new Map(table.scenarios.map((name, at) => [name, `price ${moves[at]?.price ?? 0}/60, basis ${moves[at]?.basis ?? 0}/60 of the ranges`])),
  };
}
