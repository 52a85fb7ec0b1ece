import { messageOf } from '../../error/clearproof-error.js';
import { divide } from '../../fixed-point/decimal.js';
import { isSettlementKind } from '../../venue/instrument.js';
import { fieldOf, type Place } from '../../venue/place.js';
import { optionRow } from '../build/option-row.js';
import { planRows, type PlannedRow } from '../build/row-plan.js';
import type { MarketRow, MarketTable } from '../market-table.js';
import type { VolatilitySurface } from '../option/volatility-surface.js';
import type { ParameterSet } from '../parameter-set/parameter-set.js';
import { MOVE_PARTS, RATE_LIMIT, RATE_SCALE, type LevelRates, type RowTerms, type ScenarioMove } from '../row-terms.js';
import { isExactPrice, linearValues, type RowValues } from '../row-values.js';
import { checkRow, MAX_VOLATILITY } from '../table-rules.js';
import { checkTerms } from '../terms-rules.js';
import { checkTiers } from '../tier-rules.js';
import { EXACT_SCALE, roundAgainstAccounts } from '../value-rounding.js';
import { isNamed, priceMove } from './price-move.js';
import { StressError } from './stress-errors.js';
import { stressLabel, STRESS_PREFIX, type StressScenario, type StressSet } from './stress-set.js';

/** What a table was built from: needed to value options anew, and for nothing else. */
export interface OptionSources {
  readonly set: ParameterSet;
  readonly surface: VolatilitySurface;
}

/** A table after a shock. */
export interface StressedTable {
  readonly table: MarketTable;
  /** Ids of options that stay where they are although their underlying moves: the table does not say what they are worth then. */
  readonly unmoved: readonly string[];
}

/** A row that the scenario moves, and how far. */
interface Shocked {
  readonly row: MarketRow;
  /** 10^-6. */
  readonly move: bigint;
}

/**
 * The market table after a scenario: same rows, same level and time, a label that says so.
 *
 * A table with terms (docs/decisions/0004) has its prices moved and every value made anew by the rule, rounded against the
 * accounts; options by Black-76 from the parameter set and a surface whose volatilities the scenario scales. Of a table
 * without terms marks, charges and P&L are scaled; its options stay where they are unless the scenario names them.
 * Caps stay: they are part of what a row means. Pure and exact: anyone makes the same table from the same three inputs.
 *
 * @throws StressError when a stressed value does not fit, or options lack their sources
 */
export function stressedTable(table: MarketTable, set: StressSet, scenario: StressScenario, options?: OptionSources): StressedTable {
  if (table.parameterSet.startsWith(STRESS_PREFIX)) {
    throw new StressError({ file: set.file }, `the table is labelled ${table.parameterSet}, it is stressed already: take the epoch's own table`);
  }
  const unmoved = new Set<string>();
  const planned = options === undefined ? undefined : planOf(table, options.set);
  const rows = table.rows.map((row) => {
    const move = priceMove(set, scenario, table, row) ?? 0n;
    if (row.terms === undefined && row.kind === 'option' && !isNamed(scenario, table, row)) {
      if (move !== 0n) unmoved.add(row.id);
      return row;
    }
    const shocked = { row, move };
    return Object.freeze(row.terms === undefined ? scaledRow(shocked, scenario) : ruledRow(shocked, row.terms, table, scenario, { planned: planned?.[row.index], options, file: set.file }));
  });
  const stressed: MarketTable = Object.freeze({ ...table, parameterSet: stressLabel(set, scenario), rows: Object.freeze(rows) });
  check(stressed, set.file, scenario);
  return { table: stressed, unmoved: [...unmoved] };
}

function planOf(table: MarketTable, set: ParameterSet): readonly PlannedRow[] {
  const planned = planRows(set);
  const other = table.rows.find((row) => planned[row.index]?.id !== row.id);
  if (other !== undefined || planned.length !== table.rows.length) {
    throw new StressError({ file: set.file }, 'the table was not made from this parameter set: take the one its label names');
  }
  return planned;
}

interface RuledSources {
  readonly planned: PlannedRow | undefined;
  readonly options: OptionSources | undefined;
  readonly file: string;
}

/** A row whose values follow from price and terms. */
function ruledRow({ row, move }: Shocked, terms: RowTerms, table: MarketTable, scenario: StressScenario, sources: RuledSources): MarketRow {
  const place: Place = { file: sources.file, field: `${scenario.name}: ${row.id}` };
  const oraclePrice = divide(row.oraclePrice * (RATE_SCALE + move), RATE_SCALE, 'floor');
  if (oraclePrice === 0n) throw new StressError(place, 'the price would fall below 10^-8: a fall this deep cannot be told from nothing');
  const moves = table.moves ?? [];
  const exact = terms.exact && isExactPrice(oraclePrice, terms);
  if (row.kind === 'entry' && !exact) {
    throw new StressError(place, 'the price of the currency would have a remainder in value units per quantum: give its entry row fewer quantityDecimals');
  }
  const stressed: RowTerms = Object.freeze({
    ...terms, exact, maintenance: withRange(terms.maintenance, row, terms, moves, scenario), initial: withRange(terms.initial, row, terms, moves, scenario),
  });
  if (row.kind !== 'option') return { ...row, oraclePrice, terms: stressed, ...frozen(linearValues(oraclePrice, stressed, table.level, moves)) };
  const { planned, options } = sources;
  if (options === undefined || planned?.option === undefined) {
    throw new StressError(place, 'an option is valued from its parameter set and a volatility surface: give both');
  }
  const series = { ...planned.option.series, mostVolatility: MAX_VOLATILITY };
  try {
    const { volatility, ...values } = optionRow({ ...planned, terms: stressed, option: { ...planned.option, series } }, oraclePrice, {
      level: table.level, snapshotTime: table.snapshotTime, scenarios: options.set.scenarios, surface: scaledSurface(options.surface, scenario.volatility),
    });
    return { ...row, oraclePrice, terms: stressed, volatility, ...frozen(values) };
  } catch (cause) {
    throw new StressError(place, messageOf(cause), { cause });
  }
}

/** The scan range times the scenario's factor, a coin's no further than to a price of 0. */
function withRange(rates: LevelRates, { kind }: MarketRow, { basisRate }: RowTerms, moves: readonly ScenarioMove[], { ranges }: StressScenario): LevelRates {
  const scaled = divide(rates.scanRate * ranges, RATE_SCALE, 'ceil');
  const most = isSettlementKind(kind) || kind === 'entry' || kind === 'option' ? mostRange(basisRate, moves) : RATE_LIMIT - 1n;
  // A range that was beyond the bound before is the table's own.
  return Object.freeze({ ...rates, scanRate: scaled < most ? scaled : larger(most, rates.scanRate) });
}

/** The widest scan range at which no move takes off more than the price, less a part in 60 for rounding. */
function mostRange(basisRate: bigint, moves: readonly ScenarioMove[]): bigint {
  return moves.reduce((least, { price, basis }) => {
    const parts = BigInt(Math.abs(price));
    if (parts === 0n) return least;
    const room = (MOVE_PARTS - 1n) * RATE_SCALE - basisRate * BigInt(Math.abs(basis));
    const most = room < 0n ? 0n : room / parts;
    return most < least ? most : least;
  }, RATE_LIMIT - 1n);
}

/** A row of a table without terms: everything in proportion, rounded against the account; an entry row has no charges. */
function scaledRow({ row, move }: Shocked, { ranges }: StressScenario): MarketRow {
  const unit = 10n ** BigInt(EXACT_SCALE);
  const scaled = (value: bigint): bigint => (value * (RATE_SCALE + move) * unit) / RATE_SCALE;
  const ofRange = (value: bigint): bigint => divide(scaled(value) * ranges, RATE_SCALE, 'floor');
  const mark = scaled(row.mark);
  const isCoin = isSettlementKind(row.kind) || row.kind === 'option';
  const pnl = row.pnl.map((one) => (isCoin ? larger(ofRange(one), -larger(mark, 0n)) : ofRange(one)));
  const values = roundAgainstAccounts({ mark, longCharge: scaled(row.longCharge), shortCharge: scaled(row.shortCharge), pnl }, 0, 0);
  const oraclePrice = divide(row.oraclePrice * (RATE_SCALE + move), RATE_SCALE, 'floor');
  if (row.kind === 'entry') return { ...row, ...frozen(values), oraclePrice, longCharge: 0n, shortCharge: 0n };
  return { ...row, ...frozen(values), oraclePrice };
}

function scaledSurface(surface: VolatilitySurface, factor: bigint): VolatilitySurface {
  const scale = (volatility: bigint): bigint => divide(volatility * factor, RATE_SCALE, 'ceil');
  return {
    ...surface,
    byFeed: new Map([...surface.byFeed].map(([feed, slices]) => [
      feed, slices.map((slice) => ({ ...slice, points: slice.points.map((one) => ({ ...one, volatility: scale(one.volatility) })) })),
    ])),
  };
}

function check(table: MarketTable, file: string, scenario: StressScenario): void {
  const placeOf = (row: number, field?: string): Place => {
    const place = { file, field: `${scenario.name}: ${table.rows[row]?.id ?? row}` };
    return field === undefined ? place : fieldOf(place, `${place.field}.${field}`);
  };
  table.rows.forEach((row, index) => checkRow(row, placeOf(index)));
  checkTiers(table.rows, placeOf);
  checkTerms(table, placeOf);
}

function frozen(values: RowValues): RowValues {
  const { mark, longCharge, shortCharge, pnl } = values;
  return { mark, longCharge, shortCharge, pnl: Object.freeze(pnl) };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
