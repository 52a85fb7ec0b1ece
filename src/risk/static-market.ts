import type { InstrumentKind } from '../venue/instrument.js';
import { JsonNode } from '../venue/json-node.js';
import type { Place } from '../venue/place.js';
import type { MarginLevel, MarketTable } from './market-table.js';
import { rowsOf, type ReadRow } from './static-instrument.js';
import { checkDistinct, LABEL, LABEL_RULE, MAX_ROWS, MAX_SCENARIOS, MAX_UNIX_SECONDS, MAX_VALUE_SCALE, SYMBOL, SYMBOL_RULE } from './table-rules.js';

/** A value per unit of the settlement currency, or a fraction of the mark. */
export type StaticValue = string | { readonly ofMark: string };

/** What one quantity of an instrument is charged. */
export interface StaticCharges {
  readonly longCharge: StaticValue;
  readonly shortCharge: StaticValue;
}

/** A size tier: what is charged for the part of a holding above the tier below, up to `upTo` units in all; without it, for all the rest. */
export interface StaticTier extends StaticCharges {
  readonly upTo?: string;
}

interface StaticTerms {
  readonly id: string;
  readonly kind: InstrumentKind;
  readonly asset: string;
  readonly quantityDecimals: string;
  /** Price of one whole unit in the settlement currency. */
  readonly mark: string;
  readonly pnl: readonly string[] | { readonly ofMark: readonly string[] };
  readonly activationEpoch?: string;
  readonly oraclePrice?: string;
}

/** One instrument of a market parameter file, charged alike at every size or in tiers; see docs/formats.md. All numbers are strings. */
export type StaticInstrument = StaticTerms & (StaticCharges | { readonly tiers: readonly StaticTier[] });

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
  const listNode = object.field('instruments');
  const read: ReadRow[] = [];
  listNode.list({ atLeast: 1, atMost: maxRows }).forEach((node, group) => {
    read.push(...rowsOf(node, { firstIndex: read.length, group, valueScale, scenarioCount: scenarios.length }));
  });
  if (read.length > maxRows) throw listNode.refuse(`makes ${read.length} rows with its tiers: at most ${maxRows} fit, list fewer`);
  const rows = read.map(({ row }) => row);
  const placeOf = (row: number, field: string): Place => ({ file, field: `${read[row]?.place.field ?? ''}.${field}` });
  checkDistinct(rows, scenarios, placeOf, scenarioNode.place);
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

/** Instruments with tiers first, else in the given order: so the rows among which a circuit looks for tiers are the fewest. */
export function tieredFirst(instruments: readonly StaticInstrument[]): StaticInstrument[] {
  const [tiered, others] = [instruments.filter((one) => 'tiers' in one), instruments.filter((one) => !('tiers' in one))];
  return [...tiered, ...others];
}

/** A market parameter file as text, ready to be written and read again. */
export function writeStaticMarket(market: StaticMarketFile): string {
  return `${JSON.stringify(market, null, 2)}\n`;
}
