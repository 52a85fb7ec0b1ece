import { messageOf } from '../error/clearproof-error.js';
import { formatDecimal, parseDecimal } from '../fixed-point/decimal.js';
import { MAX_QUANTITY } from '../venue/account.js';
import { INSTRUMENT_KINDS } from '../venue/instrument.js';
import type { JsonNode, JsonObject } from '../venue/json-node.js';
import { fieldOf, type Place } from '../venue/place.js';
import { MarketNumberError, MarketRangeError, MarketTierError } from './market-errors.js';
import type { MarketRow } from './market-table.js';
import { checkRow, MAX_EPOCH, MAX_ORACLE_PRICE, MAX_QUANTITY_DECIMALS, MAX_ROWS, SYMBOL, SYMBOL_RULE } from './table-rules.js';
import { tierId } from './tier-rules.js';
import { exactDecimal, exactFraction, roundAgainstAccounts, type ExactValues } from './value-rounding.js';

/** Where an instrument of a market parameter file goes. */
export interface InstrumentPosition {
  /** Index of its first row. */
  readonly firstIndex: number;
  readonly group: number;
  readonly valueScale: number;
  readonly scenarioCount: number;
}

/** A row and where its instrument stands in the file. */
export interface ReadRow {
  readonly row: MarketRow;
  readonly place: Place;
}

/** Charges of one tier in integers of 10^-72, its cap in quanta (0: none), and where it stands. */
interface ExactTier {
  readonly longCharge: bigint;
  readonly shortCharge: bigint;
  readonly cap: bigint;
  readonly place: Place;
}

const SHARED_FIELDS = ['id', 'kind', 'asset', 'quantityDecimals', 'mark', 'pnl', 'activationEpoch', 'oraclePrice'];
const CHARGE_FIELDS = ['longCharge', 'shortCharge'];
const KINDS = INSTRUMENT_KINDS.filter((kind) => kind !== 'none');

/**
 * The rows of one instrument of a market parameter file: one, or one for each of its tiers. They obey the rules of tiers
 * (tier-rules.ts): equal values round equally, and rounding keeps the order of charges.
 *
 * @throws JsonShapeError and the errors of market-errors.ts
 */
export function rowsOf(node: JsonNode, position: InstrumentPosition): ReadRow[] {
  const isTiered = node.members().some(([name]) => name === 'tiers');
  const object = node.object([...SHARED_FIELDS, ...(isTiered ? ['tiers'] : CHARGE_FIELDS)]);
  const quantityDecimals = object.field('quantityDecimals').integer(0, MAX_QUANTITY_DECIMALS);
  const mark = decimalOf(object.field('mark'), exactDecimal);
  const magnitude = mark < 0n ? -mark : mark;
  const tiers = isTiered ? tiersOf(object.field('tiers'), magnitude, quantityDecimals) : [{ ...chargesOf(object, magnitude), cap: 0n, place: node.place }];
  const pnl = pnlOf(object.field('pnl'), mark, position.scenarioCount);
  const shared = sharedOf(object);
  return tiers.map((tier, number) => {
    const index = position.firstIndex + number;
    const exact: ExactValues = { mark, longCharge: tier.longCharge, shortCharge: tier.shortCharge, pnl };
    const values = roundAgainstAccounts(exact, position.valueScale, quantityDecimals);
    const row: MarketRow = {
      index,
      ...shared,
      id: idOf(object.field('id'), number + 1),
      quantityDecimals,
      group: position.group,
      predecessor: number === 0 ? 0 : index,
      cap: tier.cap,
      ...values,
      pnl: Object.freeze(values.pnl),
    };
    checkRow(row, node.place, tier.place);
    return { row: Object.freeze(row), place: node.place };
  });
}

function sharedOf(object: JsonObject): Pick<MarketRow, 'kind' | 'asset' | 'activationEpoch' | 'oraclePrice'> {
  return {
    kind: object.field('kind').choice(KINDS),
    asset: object.field('asset').textLike(SYMBOL, SYMBOL_RULE),
    activationEpoch: object.optional('activationEpoch')?.integer(0, MAX_EPOCH) ?? 0,
    oraclePrice: object.optional('oraclePrice')?.bigInteger(0n, MAX_ORACLE_PRICE) ?? 0n,
  };
}

function idOf(node: JsonNode, tier: number): string {
  const id = tierId(node.textLike(SYMBOL, SYMBOL_RULE), tier);
  if (SYMBOL.test(id)) return id;
  throw new MarketTierError(node.place, `the tier ${id} would have over 32 characters: give the instrument a shorter id`);
}

function tiersOf(list: JsonNode, magnitude: bigint, quantityDecimals: number): ExactTier[] {
  const tiers: ExactTier[] = [];
  let reached = 0n;
  const nodes = list.list({ atLeast: 1, atMost: MAX_ROWS });
  nodes.forEach((node, number) => {
    const object = node.object(['upTo', ...CHARGE_FIELDS]);
    const upTo = object.optional('upTo');
    if (upTo === undefined && number < nodes.length - 1) {
      throw new MarketTierError(fieldIn(node, 'upTo'), 'only the last tier may go on without end: give the size up to which this one goes');
    }
    const bound = upTo === undefined ? undefined : boundOf(upTo, reached, quantityDecimals);
    const tier = { ...chargesOf(object, magnitude), cap: bound === undefined ? 0n : bound - reached, place: node.place };
    refuseFall(tier, tiers.at(-1), node);
    tiers.push(tier);
    reached = bound ?? reached;
  });
  return tiers;
}

/** Quanta up to which a tier goes, all tiers below it included. */
function boundOf(node: JsonNode, reached: bigint, quantityDecimals: number): bigint {
  const bound = decimalOf(node, (text) => parseDecimal(text, quantityDecimals));
  if (bound <= reached) {
    throw new MarketTierError(node.place, `sizes must rise: write more than ${formatDecimal(reached, quantityDecimals)}, all tiers below are counted in`);
  }
  if (bound > MAX_QUANTITY) throw new MarketRangeError(node.place, 'no account can hold 2^64 quanta: leave upTo out or lower quantityDecimals');
  return bound;
}

/** Checked before rounding, which hides a small fall. */
function refuseFall(tier: ExactTier, below: ExactTier | undefined, node: JsonNode): void {
  for (const field of ['longCharge', 'shortCharge'] as const) {
    if (below !== undefined && tier[field] < below[field]) {
      throw new MarketTierError(fieldIn(node, field), 'is less than in the tier below: charges must not fall with size');
    }
  }
}

function chargesOf(object: JsonObject, magnitude: bigint): Pick<ExactValues, 'longCharge' | 'shortCharge'> {
  return { longCharge: chargeOf(object.field('longCharge'), magnitude), shortCharge: chargeOf(object.field('shortCharge'), magnitude) };
}

function fieldIn(node: JsonNode, field: string): Place {
  return fieldOf(node.place, `${node.place.field ?? ''}.${field}`);
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
