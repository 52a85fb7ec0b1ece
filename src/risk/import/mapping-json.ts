import { messageOf } from '../../error/clearproof-error.js';
import { parseDecimal } from '../../fixed-point/decimal.js';
import { JsonNode, type JsonObject } from '../../venue/json-node.js';
import { RiskImportError } from '../market-errors.js';
import { PRICE_SCALE } from '../parameter-set/instruments.js';
import { RATE_DECIMALS, rateOf } from '../parameter-set/parameter-fields.js';
import { RATE_SCALE } from '../row-terms.js';
import { MAX_QUANTITY_DECIMALS } from '../table-rules.js';
import type { BorrowMapping, DecimalsMapping, FlatRates, ImportMapping, RateForm, RateMapping, TableTiers, TextTiers, ValuePath } from './mapping.js';

const FIELDS = ['formatVersion', 'source', 'set', 'symbol', 'leaveOut', 'instrument', 'feed', 'price', 'rates', 'borrow'];
const MAX_LIST = 4096;
const PATH = /^[^.\s]{1,64}(\.[^.\s]{1,64}){0,7}$/;
const PATH_RULE = 'a path: names or list places joined by points, as in "0.universe"';
const TEMPLATE_NAME = /^[A-Za-z0-9._-]*\{symbol\}[A-Za-z0-9._-]*$/;
const TEMPLATE_NAME_RULE = 'a name with {symbol} in it once';
const UNITS = { fraction: 0, percent: 2, bps: 4, ppm: RATE_DECIMALS } as const;
const FORMS: readonly RateForm[] = ['collateral-ratio', 'haircut', 'margin', 'max-leverage'];
const TIER_TEMPLATE = /^(?=.*\{from\})(?=.*\{upTo\})(?=.*\{rate\})[^{}]*(\{(from|upTo|rate)\}[^{}]*){3}$/;

/** Reads a mapping file: docs/formats.md. @throws JsonSyntaxError, JsonShapeError, RiskImportError, ParameterNumberError */
export function parseImportMapping(text: string, file: string): ImportMapping {
  const object = JsonNode.parse(text, { file }).object(FIELDS);
  object.field('formatVersion').choice(['1']);
  const instrument = readInstrument(object.field('instrument'));
  const rates = readRates(object.field('rates'));
  refuseForm(rates.as, instrument.into, object.field('rates'));
  const symbol = object.field('symbol').object(['path', 'case']);
  const price = object.field('price').object(['path', 'decimals', 'missing']);
  return Object.freeze({
    source: readSource(object.field('source')),
    set: plain(object.field('set')),
    symbol: { path: pathIn(symbol, 'path'), upperCase: symbol.optional('case')?.choice(['upper', 'as-written']) === 'upper' },
    leaveOut: (object.optional('leaveOut')?.list({ atMost: MAX_LIST }) ?? []).map((node) => {
      const one = node.object(['path', 'equals']);
      return { path: pathIn(one, 'path'), equals: one.field('equals').text() };
    }),
    instrument,
    feed: readFeed(object.field('feed')),
    price: {
      path: pathIn(price, 'path'), decimals: optionalPath(price, 'decimals'), missing: price.field('missing').choice(['leave-out', 'refuse']),
    },
    rates,
    borrow: readBorrow(object.optional('borrow')),
    file,
  });
}

function readSource(node: JsonNode): ImportMapping['source'] {
  const format = node.foreignObject().field('format').choice(['csv', 'json']);
  if (format === 'csv') {
    const object = node.object(['format', 'ignored']);
    return { format, ignored: (object.optional('ignored')?.list({ atMost: MAX_LIST }) ?? []).map((one) => one.text()) };
  }
  const object = node.object(['format', 'list', 'beside']);
  return { format, list: pathIn(object, 'list'), beside: optionalPath(object, 'beside') };
}

function readInstrument(node: JsonNode): ImportMapping['instrument'] {
  const object = node.object(['into', 'id', 'kind', 'cash', 'currency', 'quantityDecimals', 'scan', 'basis']);
  const into = object.field('into').choice(['assets', 'markets']);
  const kind = object.field('kind').choice([into === 'assets' ? 'spot' : 'perpetual']);
  const currency = object.optional('currency')?.text();
  if ((into === 'markets') !== (currency !== undefined)) throw node.refuse('markets have a currency, assets have none', 'currency');
  const ranges = (['scan', 'basis'] as const).flatMap((field) => {
    const found = object.optional(field);
    return found === undefined ? [] : [[field, found.isObject() ? plain(found) : found.text()] as const];
  });
  return {
    into, kind, currency, id: object.field('id').textLike(TEMPLATE_NAME, TEMPLATE_NAME_RULE),
    cash: new Set((object.optional('cash')?.list({ atMost: MAX_LIST }) ?? []).map((one) => one.text())),
    quantityDecimals: readDecimals(object.field('quantityDecimals')), ranges: Object.fromEntries(ranges),
  };
}

function readDecimals(node: JsonNode): DecimalsMapping {
  const object = node.object(['path', 'quantumWorth', 'least', 'most']);
  const [path, worthNode] = [optionalPath(object, 'path'), object.optional('quantumWorth')];
  if ((path === undefined) === (worthNode === undefined)) throw node.refuse('give either a path or a quantumWorth');
  const least = object.optional('least')?.integer(0, MAX_QUANTITY_DECIMALS) ?? 0;
  const most = object.optional('most')?.integer(least, MAX_QUANTITY_DECIMALS) ?? MAX_QUANTITY_DECIMALS;
  const quantumWorth = worthNode === undefined ? undefined : decimalIn(worthNode, PRICE_SCALE);
  if (quantumWorth !== undefined && quantumWorth <= 0n) throw node.refuse('must be above 0', 'quantumWorth');
  return { path, quantumWorth, least, most };
}

function readFeed(node: JsonNode): ImportMapping['feed'] {
  const { id, ...fields } = plain(node);
  if (typeof id !== 'string' || !TEMPLATE_NAME.test(id)) throw node.refuse(`must be ${TEMPLATE_NAME_RULE}`, 'id');
  return { id, fields };
}

function readRates(node: JsonNode): RateMapping {
  const object = node.object(['as', 'unit', 'maintenance', 'initial', 'text', 'table', 'bounds', 'beyond', 'missing']);
  const as = object.field('as').choice(FORMS);
  const unit = object.optional('unit');
  if ((as === 'max-leverage') !== (unit === undefined)) throw node.refuse('leverages have no unit, other rates need one', 'unit');
  const isLevel = as === 'margin' || as === 'max-leverage';
  const beyond = object.optional('beyond')?.choice(['full', 'last']) ?? (isLevel ? 'last' : 'full');
  const missing = object.field('missing').choice(['full', 'leave-out', 'refuse']);
  if (isLevel && beyond === 'full') throw node.refuse('"full" is for collateral: of a margin rate the last goes on', 'beyond');
  if (isLevel && missing === 'full') throw node.refuse('"full" is for collateral: leave such markets out or refuse them', 'missing');
  return {
    as, decimals: unit === undefined ? 0 : UNITS[unit.choice(['fraction', 'percent', 'bps', 'ppm'])],
    source: readRateSource(node, object), bounds: object.optional('bounds')?.choice(['value', 'quantity']) ?? 'value', beyond, missing,
  };
}

function readRateSource(node: JsonNode, object: JsonObject): FlatRates | TextTiers | TableTiers {
  const [flat, text, table] = [object.optional('maintenance'), object.optional('text'), object.optional('table')];
  if ([flat, text, table].filter((one) => one !== undefined).length !== 1) throw node.refuse('give one of maintenance, text and table');
  if (flat === undefined && object.optional('initial') !== undefined) throw node.refuse('belongs to a maintenance rate of every size', 'initial');
  if (text !== undefined) return readText(text);
  if (table !== undefined) return readTable(table);
  const maintenance = pathIn(object, 'maintenance');
  return { form: 'flat', maintenance, initial: optionalPath(object, 'initial') ?? maintenance };
}

function readText(node: JsonNode): TextTiers {
  const object = node.object(['path', 'open', 'close', 'separator', 'tier', 'endless']);
  const separator = object.field('separator').text();
  if (separator === '') throw node.refuse('must not be empty', 'separator');
  return {
    form: 'text', path: pathIn(object, 'path'), open: object.optional('open')?.text() ?? '', close: object.optional('close')?.text() ?? '', separator,
    template: object.field('tier').textLike(TIER_TEMPLATE, 'a template with {from}, {upTo} and {rate} in it once each'),
    endless: object.optional('endless')?.text(),
  };
}

function readTable(node: JsonNode): TableTiers {
  const object = node.object(['tables', 'key', 'tiers', 'from', 'rate', 'by', 'flat']);
  const flat = object.optional('flat')?.object(['below', 'rate']);
  const [tables, key, tiers, from, rate, by] = ['tables', 'key', 'tiers', 'from', 'rate', 'by'].map((field) => pathIn(object, field)) as
    [ValuePath, ValuePath, ValuePath, ValuePath, ValuePath, ValuePath];
  return {
    form: 'table', tables, key, tiers, from, rate, by,
    flat: flat === undefined ? undefined : { below: flat.field('below').bigInteger(0n, 2n ** 53n), rate: pathIn(flat, 'rate') },
  };
}

function readBorrow(node: JsonNode | undefined): BorrowMapping {
  if (node === undefined) return { likeHaircut: true, least: 0n };
  if (!node.isObject()) return { likeHaircut: false, least: rateOf(node) };
  const object = node.object(['like', 'least']);
  object.field('like').choice(['haircut']);
  const least = object.optional('least');
  return { likeHaircut: true, least: least === undefined ? 0n : rateOf(least, RATE_SCALE) };
}

function refuseForm(as: RateForm, into: 'assets' | 'markets', node: JsonNode): void {
  const ofAssets = as === 'collateral-ratio' || as === 'haircut';
  if (ofAssets !== (into === 'assets')) throw node.refuse(`${as} is for ${ofAssets ? 'assets' : 'markets'}`, 'as');
}

/** An object of texts, lists and objects of them as it stands: what it must be is said by whoever reads the finished set. */
function plain(node: JsonNode): Record<string, unknown> {
  return Object.fromEntries(node.members().map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(node: JsonNode): unknown {
  if (node.isObject()) return plain(node);
  return node.isList() ? node.list({ atMost: MAX_LIST }).map(plainValue) : node.text();
}

function pathIn(object: JsonObject, field: string): ValuePath {
  return object.field(field).textLike(PATH, PATH_RULE);
}

function optionalPath(object: JsonObject, field: string): ValuePath | undefined {
  return object.optional(field)?.textLike(PATH, PATH_RULE);
}

function decimalIn(node: JsonNode, scale: number): bigint {
  try {
    return parseDecimal(node.text(), scale);
  } catch (cause) {
    throw new RiskImportError(node.place, messageOf(cause), { cause });
  }
}
