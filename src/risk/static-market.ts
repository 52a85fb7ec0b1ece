import { messageOf } from '../error/clearproof-error.js';
import { INSTRUMENT_KINDS, type InstrumentKind } from '../venue/instrument.js';
import { JsonNode, type JsonObject } from '../venue/json-node.js';
import { MarketNumberError, MarketRangeError, TiersUnsupportedError } from './market-errors.js';
import type { MarginLevel, MarketRow, MarketTable } from './market-table.js';
import {
  checkDistinct, checkRow, LABEL, LABEL_RULE, MAX_EPOCH, MAX_ORACLE_PRICE, MAX_QUANTITY_DECIMALS, MAX_ROWS, MAX_SCENARIOS,
  MAX_UNIX_SECONDS, MAX_VALUE_SCALE, SYMBOL, SYMBOL_RULE,
} from './table-rules.js';
import { exactDecimal, exactFraction, roundAgainstAccounts, type ExactValues } from './value-rounding.js';

/** A value per unit of the settlement currency, or a fraction of the mark. */
export type StaticValue = string | { readonly ofMark: string };

/** One instrument of a market parameter file; see docs/formats.md. All numbers are strings. */
export interface StaticInstrument {
  readonly id: string;
  readonly kind: InstrumentKind;
  readonly asset: string;
  readonly quantityDecimals: string;
  /** Price of one whole unit in the settlement currency. */
  readonly mark: string;
  readonly longCharge: StaticValue;
  readonly shortCharge: StaticValue;
  readonly pnl: readonly string[] | { readonly ofMark: readonly string[] };
  readonly activationEpoch?: string;
  readonly oraclePrice?: string;
}

/** A market parameter file. */
export interface StaticMarketFile {
  readonly formatVersion: '1';
  readonly currency: string;
  readonly valueScale?: string;
  readonly level: MarginLevel;
  readonly snapshotTime: string;
  readonly parameterSet: string;
  readonly scenarios: readonly string[];
  readonly instruments: readonly StaticInstrument[];
}

const FILE_FIELDS = ['formatVersion', 'currency', 'valueScale', 'level', 'snapshotTime', 'parameterSet', 'scenarios', 'instruments'];
const ROW_FIELDS = ['id', 'kind', 'asset', 'quantityDecimals', 'mark', 'longCharge', 'shortCharge', 'pnl', 'activationEpoch', 'oraclePrice'];
const TIER_FIELDS = new Set(['tiers', 'tier', 'brackets', 'group', 'predecessor', 'cap']);
const KINDS = INSTRUMENT_KINDS.filter((kind) => kind !== 'none');
const DEFAULT_VALUE_SCALE = 12;

/**
 * Reads a market parameter file into the integer table, rounded against the accounts (value-rounding.ts). Browser-safe.
 *
 * @param file name for messages
 * @param maxRows U of the circuits, at most 4096
 * @throws JsonSyntaxError, JsonShapeError, and the errors of market-errors.ts, each with file and JSON path
 */
export function parseStaticMarket(text: string, file: string, maxRows: number = MAX_ROWS): MarketTable {
  const object = JsonNode.parse(text, { file }).object(FILE_FIELDS);
  object.field('formatVersion').choice(['1']);
  const scenarioNode = object.field('scenarios');
  const scenarios = scenarioNode.list({ atMost: MAX_SCENARIOS }).map((node) => node.textLike(LABEL, LABEL_RULE));
  const valueScale = object.optional('valueScale')?.integer(0, MAX_VALUE_SCALE) ?? DEFAULT_VALUE_SCALE;
  const nodes = object.field('instruments').list({ atLeast: 1, atMost: maxRows });
  const rows = nodes.map((node, index) => rowOf(node, index, valueScale, scenarios.length));
  checkDistinct(rows, scenarios, (row, field) => ({ file, field: `instruments[${row}].${field}` }), scenarioNode.place);
  return Object.freeze({
    level: object.field('level').choice(['maintenance', 'initial']),
    snapshotTime: object.field('snapshotTime').integer(0, MAX_UNIX_SECONDS),
    valueScale,
    currency: object.field('currency').textLike(SYMBOL, SYMBOL_RULE),
    parameterSet: object.field('parameterSet').textLike(LABEL, LABEL_RULE),
    scenarios: Object.freeze(scenarios),
    rows: Object.freeze(rows),
  });
}

/** A market parameter file as text, ready to be written and read again. */
export function writeStaticMarket(market: StaticMarketFile): string {
  return `${JSON.stringify(market, null, 2)}\n`;
}

function rowOf(node: JsonNode, index: number, valueScale: number, scenarioCount: number): MarketRow {
  refuseTiers(node);
  const object = node.object(ROW_FIELDS);
  const quantityDecimals = object.field('quantityDecimals').integer(0, MAX_QUANTITY_DECIMALS);
  const values = roundAgainstAccounts(exactValuesOf(object, scenarioCount), valueScale, quantityDecimals);
  const row: MarketRow = {
    index,
    id: object.field('id').textLike(SYMBOL, SYMBOL_RULE),
    kind: object.field('kind').choice(KINDS),
    asset: object.field('asset').textLike(SYMBOL, SYMBOL_RULE),
    quantityDecimals,
    group: index,
    predecessor: 0,
    cap: 0n,
    activationEpoch: object.optional('activationEpoch')?.integer(0, MAX_EPOCH) ?? 0,
    oraclePrice: object.optional('oraclePrice')?.bigInteger(0n, MAX_ORACLE_PRICE) ?? 0n,
    ...values,
    pnl: Object.freeze(values.pnl),
  };
  checkRow(row, node.place);
  return Object.freeze(row);
}

function refuseTiers(node: JsonNode): void {
  const tier = node.members().find(([name]) => TIER_FIELDS.has(name));
  if (tier !== undefined) {
    throw new TiersUnsupportedError(tier[1].place, 'size tiers are not supported by this version: remove the field and use the charge of the largest size');
  }
}

function exactValuesOf(object: JsonObject, scenarioCount: number): ExactValues {
  const mark = decimalOf(object.field('mark'), exactDecimal);
  const magnitude = mark < 0n ? -mark : mark;
  return {
    mark,
    longCharge: chargeOf(object.field('longCharge'), magnitude),
    shortCharge: chargeOf(object.field('shortCharge'), magnitude),
    pnl: pnlOf(object.field('pnl'), mark, scenarioCount),
  };
}

function chargeOf(node: JsonNode, magnitude: bigint): bigint {
  const fraction = ofMark(node);
  const charge = fraction === undefined ? decimalOf(node, exactDecimal) : decimalOf(fraction, (text) => exactFraction(text, magnitude));
  // Checked before rounding: a small negative charge would round to 0 in silence.
  if (charge < 0n) throw new MarketRangeError(node.place, 'a charge is never negative: write 0 or more');
  return charge;
}

function pnlOf(node: JsonNode, mark: bigint, count: number): bigint[] {
  const limits = { atLeast: count, atMost: count };
  const fractions = ofMark(node)?.list(limits);
  if (fractions !== undefined) return fractions.map((one) => decimalOf(one, (text) => exactFraction(text, mark)));
  return node.list(limits).map((one) => decimalOf(one, exactDecimal));
}

/** The node under `ofMark`, or undefined when the value is absolute. */
function ofMark(node: JsonNode): JsonNode | undefined {
  return node.isObject() ? node.object(['ofMark']).field('ofMark') : undefined;
}

function decimalOf(node: JsonNode, read: (text: string) => bigint): bigint {
  const text = node.text();
  try {
    return read(text);
  } catch (cause) {
    throw new MarketNumberError(node.place, messageOf(cause), { cause });
  }
}
