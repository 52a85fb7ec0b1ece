import { MAX_QUANTITY } from '../venue/account.js';
import { INSTRUMENT_KINDS } from '../venue/instrument.js';
import { JsonNode, type JsonObject } from '../venue/json-node.js';
import type { Place } from '../venue/place.js';
import type { MarginLevel, MarketRow, MarketTable } from './market-table.js';
import { movesFromJson, movesToJson, termsFromJson, termsToJson, type RowTermsJson, type ScenarioMoveJson } from './row-terms-json.js';
import {
  checkDistinct, checkRow, LABEL, LABEL_RULE, MAX_EPOCH, MAX_ORACLE_PRICE, MAX_QUANTITY_DECIMALS, MAX_ROWS, MAX_SCENARIOS,
  MAX_UNIX_SECONDS, MAX_VALUE_SCALE, MAX_VOLATILITY, SYMBOL, SYMBOL_RULE, VALUE_LIMIT,
} from './table-rules.js';
import { checkTerms } from './terms-rules.js';
import { checkTiers } from './tier-rules.js';

/** A row of the canonical JSON form: integers as strings, keys in alphabetical order. */
export interface MarketRowJson {
  readonly activationEpoch: string;
  readonly asset: string;
  readonly cap: string;
  readonly group: string;
  readonly id: string;
  readonly index: string;
  readonly kind: string;
  readonly longCharge: string;
  readonly mark: string;
  readonly oraclePrice: string;
  readonly pnl: readonly string[];
  readonly predecessor: string;
  readonly quantityDecimals: string;
  readonly shortCharge: string;
  readonly terms?: RowTermsJson;
  readonly volatility?: string;
}

/** The canonical JSON form of a market table: integers as strings, keys in alphabetical order. */
export interface MarketTableJson {
  readonly currency: string;
  readonly formatVersion: '1';
  readonly level: MarginLevel;
  readonly moves?: readonly ScenarioMoveJson[];
  readonly parameterSet: string;
  readonly rows: readonly MarketRowJson[];
  readonly scenarios: readonly string[];
  readonly snapshotTime: string;
  readonly valueScale: string;
}

const TABLE_FIELDS = ['currency', 'formatVersion', 'level', 'moves', 'parameterSet', 'rows', 'scenarios', 'snapshotTime', 'valueScale'];
const ROW_FIELDS = [
  'activationEpoch', 'asset', 'cap', 'group', 'id', 'index', 'kind', 'longCharge', 'mark', 'oraclePrice', 'pnl', 'predecessor',
  'quantityDecimals', 'shortCharge', 'terms', 'volatility',
];
const KINDS = INSTRUMENT_KINDS.filter((kind) => kind !== 'none');
// One beyond the range that checkRow allows, so that checkRow names the bound and the remedy.
const VALUE_READ_LIMIT = VALUE_LIMIT * 2n;

export function marketTableToJson(table: MarketTable): MarketTableJson {
  return {
    currency: table.currency,
    formatVersion: '1',
    level: table.level,
    ...(table.moves === undefined ? {} : { moves: movesToJson(table.moves) }),
    parameterSet: table.parameterSet,
    rows: table.rows.map(rowToJson),
    scenarios: [...table.scenarios],
    snapshotTime: table.snapshotTime.toString(),
    valueScale: table.valueScale.toString(),
  };
}

/** Canonical text: equal tables give equal bytes. No white space, keys in alphabetical order. */
export function serializeMarketTable(table: MarketTable): string {
  return JSON.stringify(marketTableToJson(table));
}

/** Reads the text form strictly. Browser-safe. @throws as marketTableFromJson, and JsonSyntaxError */
export function parseMarketTable(text: string, file = 'market table'): MarketTable {
  return tableOf(JsonNode.parse(text, { file }));
}

/**
 * Reads the JSON form, say out of a receipt, strictly: types, unknown fields, ranges, order of rows. Browser-safe.
 * @param place where it came from, for messages
 * @throws JsonShapeError and the errors of market-errors.ts
 */
export function marketTableFromJson(value: unknown, place: Place): MarketTable {
  return tableOf(JsonNode.of(value, place));
}

function rowToJson(row: MarketRow): MarketRowJson {
  return {
    activationEpoch: row.activationEpoch.toString(),
    asset: row.asset,
    cap: row.cap.toString(),
    group: row.group.toString(),
    id: row.id,
    index: row.index.toString(),
    kind: row.kind,
    longCharge: row.longCharge.toString(),
    mark: row.mark.toString(),
    oraclePrice: row.oraclePrice.toString(),
    pnl: row.pnl.map((one) => one.toString()),
    predecessor: row.predecessor.toString(),
    quantityDecimals: row.quantityDecimals.toString(),
    shortCharge: row.shortCharge.toString(),
    ...(row.terms === undefined ? {} : { terms: termsToJson(row.terms) }),
    ...(row.volatility === undefined ? {} : { volatility: row.volatility.toString() }),
  };
}

function tableOf(node: JsonNode): MarketTable {
  const object = node.object(TABLE_FIELDS);
  object.field('formatVersion').choice(['1']);
  const scenarioNode = object.field('scenarios');
  const scenarios = scenarioNode.list({ atMost: MAX_SCENARIOS }).map((one) => one.textLike(LABEL, LABEL_RULE));
  const nodes = object.field('rows').list({ atLeast: 1, atMost: MAX_ROWS });
  const rows = nodes.map((one, index) => rowOf(one, index, scenarios.length));
  const placeOf = (row: number, field: string): Place => {
    const place = nodes[row]?.place ?? node.place;
    return { ...place, field: `${place.field ?? ''}.${field}` };
  };
  checkDistinct(rows, scenarios, placeOf, scenarioNode.place);
  checkTiers(rows, placeOf);
  const level = object.field('level').choice(['maintenance', 'initial']);
  const movesNode = object.optional('moves');
  const moves = movesNode === undefined ? {} : { moves: movesFromJson(movesNode, scenarios.length) };
  checkTerms({ level, ...moves, rows }, placeOf);
  return Object.freeze({
    level,
    snapshotTime: object.field('snapshotTime').integer(0, MAX_UNIX_SECONDS),
    valueScale: object.field('valueScale').integer(0, MAX_VALUE_SCALE),
    currency: object.field('currency').textLike(SYMBOL, SYMBOL_RULE),
    parameterSet: object.field('parameterSet').textLike(LABEL, LABEL_RULE),
    scenarios: Object.freeze(scenarios),
    ...moves,
    rows: Object.freeze(rows),
  });
}

function rowOf(node: JsonNode, index: number, scenarioCount: number): MarketRow {
  const object = node.object(ROW_FIELDS);
  const value = (name: string): bigint => object.field(name).bigInteger(-VALUE_READ_LIMIT, VALUE_READ_LIMIT);
  object.field('index').choice([index.toString()]);
  const row: MarketRow = {
    index,
    id: object.field('id').textLike(SYMBOL, SYMBOL_RULE),
    kind: object.field('kind').choice(KINDS),
    asset: object.field('asset').textLike(SYMBOL, SYMBOL_RULE),
    quantityDecimals: object.field('quantityDecimals').integer(0, MAX_QUANTITY_DECIMALS),
    group: object.field('group').integer(0, MAX_ROWS - 1),
    predecessor: object.field('predecessor').integer(0, MAX_ROWS - 1),
    cap: object.field('cap').bigInteger(0n, MAX_QUANTITY),
    activationEpoch: object.field('activationEpoch').integer(0, MAX_EPOCH),
    oraclePrice: object.field('oraclePrice').bigInteger(0n, MAX_ORACLE_PRICE),
    mark: value('mark'),
    longCharge: value('longCharge'),
    shortCharge: value('shortCharge'),
    pnl: Object.freeze(
      object.field('pnl').list({ atLeast: scenarioCount, atMost: scenarioCount })
        .map((one) => one.bigInteger(-VALUE_READ_LIMIT, VALUE_READ_LIMIT)),
    ),
    ...termsOf(object),
  };
  checkRow(row, node.place);
  return Object.freeze(row);
}

function termsOf(object: JsonObject): Pick<MarketRow, 'terms' | 'volatility'> {
  const [terms, volatility] = [object.optional('terms'), object.optional('volatility')];
  return {
    ...(terms === undefined ? {} : { terms: termsFromJson(terms) }),
    ...(volatility === undefined ? {} : { volatility: volatility.bigInteger(0n, MAX_VOLATILITY) }),
  };
}
