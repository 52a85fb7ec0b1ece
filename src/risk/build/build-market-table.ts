import { fieldOf, type Place } from '../../venue/place.js';
import type { MarginLevel, MarketRow, MarketTable } from '../market-table.js';
import type { VolatilitySurface } from '../option/volatility-surface.js';
import { PriceError } from '../parameter-set/parameter-errors.js';
import { parameterSetLabel, type ParameterSet } from '../parameter-set/parameter-set.js';
import { priceOf, refuseUnknownFeeds, type Prices } from '../prices/price-file.js';
import { linearValues, type RowValues } from '../row-values.js';
import { checkDistinct, checkRow } from '../table-rules.js';
import { checkTerms } from '../terms-rules.js';
import { checkTiers } from '../tier-rules.js';
import { planRows, type PlannedRow } from './row-plan.js';
import { optionRow, type OptionMarket } from './option-row.js';
import { checkMoves, checkUnits, type BuildWarning } from './table-checks.js';

export interface BuildOptions {
  readonly level: MarginLevel;
  /** Unix seconds; the time of the prices unless given. */
  readonly snapshotTime?: number;
  /** What options are valued with; needed when the set has any that is not expired. */
  readonly surface?: VolatilitySurface;
}

/** A table that follows from a parameter set and prices, with what its builder should know. */
export interface BuiltTable {
  readonly table: MarketTable;
  readonly warnings: readonly BuildWarning[];
}

/**
 * The market table of docs/decisions/0004: exact integers, rounded against the accounts, within every range of the circuits.
 *
 * @throws the errors of parameter-errors.ts and market-errors.ts, each with the place of the instrument or price
 */
export function buildMarketTable(set: ParameterSet, prices: Prices, options: BuildOptions): BuiltTable {
  refuseUnknownFeeds(set.feeds, prices);
  const feeds = new Map(set.feeds.map((feed) => [feed.id, feed]));
  const moves = set.scenarios.map(({ move }) => move);
  const snapshotTime = options.snapshotTime ?? prices.time;
  const market: OptionMarket = { level: options.level, snapshotTime, scenarios: set.scenarios, surface: options.surface };
  const warnings: BuildWarning[] = [];
  const planned = planRows(set);
  const rows = planned.map((row) => {
    const feed = feeds.get(row.feed);
    if (feed === undefined) throw new PriceError(row.place, `${row.id} has no feed: list one`);
    const oraclePrice = priceOf(feed, prices);
    warnings.push(...checkMoves(row, options.level, moves), ...checkUnits(row, options.level, oraclePrice));
    return Object.freeze(rowOf(row, oraclePrice, row.option === undefined
      ? linearValues(oraclePrice, row.terms, options.level, moves) : optionRow({ ...row, option: row.option }, oraclePrice, market)));
  });
  const table: MarketTable = Object.freeze({
    level: options.level, snapshotTime, valueScale: set.valueScale, currency: set.currency,
    parameterSet: parameterSetLabel(set), scenarios: Object.freeze(set.scenarios.map(({ name }) => name)), moves: Object.freeze(moves),
    rows: Object.freeze(rows),
  });
  checkTable(table, planned, set.file);
  return { table, warnings };
}

function rowOf(row: PlannedRow, oraclePrice: bigint, values: RowValues & Pick<MarketRow, 'volatility'>): MarketRow {
  const { index, id, kind, asset, quantityDecimals, group, predecessor, cap, activationEpoch, terms, place } = row;
  const made: MarketRow = {
    index, id, kind, asset, quantityDecimals, group, predecessor, cap, activationEpoch, oraclePrice, terms,
    ...values, pnl: Object.freeze(values.pnl),
  };
  checkRow(made, place);
  return made;
}

function checkTable(table: MarketTable, planned: readonly PlannedRow[], file: string): void {
  const placeOf = (row: number, field: string): Place => {
    const place = planned[row]?.place ?? { file };
    return fieldOf(place, `${place.field ?? ''}.${field}`);
  };
  checkDistinct(table.rows, table.scenarios, placeOf, { file, field: 'scenarios' });
  checkTiers(table.rows, placeOf);
  checkTerms(table, placeOf);
}
