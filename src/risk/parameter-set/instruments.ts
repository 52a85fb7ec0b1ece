import { formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import type { JsonNode, JsonObject } from '../../venue/json-node.js';
import { MULTIPLIER_LIMIT, RATE_SCALE } from '../row-terms.js';
import { MAX_EPOCH, MAX_QUANTITY_DECIMALS, MAX_ROWS, MAX_UNIX_SECONDS, MAX_VOLATILITY, SYMBOL, SYMBOL_RULE, VALUE_LIMIT } from '../table-rules.js';
import { ParameterCrossedError, ParameterNumberError, ParameterUnknownError } from './parameter-errors.js';
import { leveledRate, optionalRate, placeIn, positiveDecimal, rateOf } from './parameter-fields.js';
import type { Feed, LinearInstrument, OptionSeries, Strike } from './parameter-set.js';
import { chargeFieldNames, hasTiers, readTiers, type ChargeFields } from './size-tiers.js';

/** What instruments of a set refer to. */
export interface InstrumentContext {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly valueScale: number;
}

const LISTED = ['id', 'kind', 'feed', 'quantityDecimals', 'activationEpoch', 'scan', 'basis'];
const COIN_CHARGES: ChargeFields = { long: 'haircut', short: 'borrow', mostLong: RATE_SCALE };
const MARKET_CHARGES: ChargeFields = { long: 'margin', short: 'margin' };
const SIZE_SCALE = 18;
/** Decimals of a price as the board reads it. */
export const PRICE_SCALE = 8;
/** multiplier * price, both whole, over this are value units. */
const PRICE_UNIT = 10n ** 18n;
const DEFAULT_LEAST_VOLATILITY = RATE_SCALE / 100n;
const DEFAULT_MOST_VOLATILITY = 10n * RATE_SCALE;

/** A coin or currency that counts as collateral and can be borrowed. */
export function readAsset(node: JsonNode, context: InstrumentContext): LinearInstrument {
  const { object, known } = linearObject(node, LISTED, COIN_CHARGES);
  const id = object.field('id').textLike(SYMBOL, SYMBOL_RULE);
  return linear(node, object, {
    kind: object.field('kind').choice(['cash', 'spot']), asset: id, expiry: undefined, known, charges: COIN_CHARGES, context,
  });
}

/** What positions in a currency cost: worth what the currency is worth, without a charge. */
export function readEntry(node: JsonNode, assets: ReadonlyMap<string, LinearInstrument>, context: InstrumentContext): LinearInstrument {
  const object = node.object(['id', 'currency', 'quantityDecimals', 'activationEpoch']);
  const currency = object.field('currency').textLike(SYMBOL, SYMBOL_RULE);
  const asset = assets.get(currency);
  if (asset === undefined) throw new ParameterUnknownError(placeIn(node, 'currency'), `${currency} is not among the assets: list it there`);
  const quantityDecimals = object.field('quantityDecimals').integer(0, MAX_QUANTITY_DECIMALS);
  const multiplier = multiplierOf(node, quantityDecimals, 10n ** BigInt(SIZE_SCALE), context.valueScale);
  const exact = isExact(multiplier, context.feeds.get(asset.feed));
  if (!exact) {
    throw new ParameterNumberError(
      placeIn(node, 'quantityDecimals'),
      `a quantum of an entry row must be worth a whole number of value units at any price: write at most ${Math.max(0, context.valueScale - PRICE_SCALE)}`,
    );
  }
  const none = { maintenance: 0n, initial: 0n };
  return Object.freeze({
    kind: 'entry', id: object.field('id').textLike(SYMBOL, SYMBOL_RULE), asset: currency, feed: asset.feed, quantityDecimals, multiplier, exact,
    activationEpoch: epochOf(object), scan: asset.scan, basis: asset.basis, expiry: undefined, place: node.place,
    tiers: [{ cap: 0n, long: none, short: none }],
  });
}

/** A perpetual, a dated future or a series of options. */
export function readMarket(node: JsonNode, context: InstrumentContext): LinearInstrument | OptionSeries {
  const kind = new Map(node.members()).get('kind')?.choice(['perpetual', 'future', 'option-series']);
  if (kind === undefined) throw node.refuse('is missing: add it', 'kind');
  if (kind === 'option-series') return readSeries(node, context);
  const { object, known } = linearObject(node, [...LISTED, 'currency', 'contractSize', ...(kind === 'future' ? ['expiry'] : [])], MARKET_CHARGES);
  return linear(node, object, {
    kind, asset: object.field('currency').textLike(SYMBOL, SYMBOL_RULE), known, charges: MARKET_CHARGES, context,
    expiry: kind === 'future' ? object.field('expiry').integer(0, MAX_UNIX_SECONDS) : undefined,
  });
}

function linearObject(node: JsonNode, fields: readonly string[], charges: ChargeFields): { object: JsonObject; known: readonly string[] } {
  const known = [...fields, ...(hasTiers(node) ? ['tiers'] : chargeFieldNames(charges))];
  return { object: node.object(known), known };
}

interface LinearShape extends Pick<LinearInstrument, 'kind' | 'asset' | 'expiry'> {
  readonly known: readonly string[];
  readonly charges: ChargeFields;
  readonly context: InstrumentContext;
}

function linear(node: JsonNode, object: JsonObject, { kind, asset, expiry, known, charges, context }: LinearShape): LinearInstrument {
  const shared = listed(node, object, context);
  const tiers = readTiers(node, known, charges, shared.quantityDecimals);
  return Object.freeze({ ...shared, kind, asset, expiry, tiers, exact: isExact(shared.multiplier, context.feeds.get(shared.feed)) });
}

function listed(node: JsonNode, object: JsonObject, context: InstrumentContext): Omit<LinearInstrument, 'kind' | 'asset' | 'expiry' | 'tiers' | 'exact'> {
  const feed = object.field('feed').text();
  if (!context.feeds.has(feed)) throw new ParameterUnknownError(object.field('feed').place, `${JSON.stringify(feed)} is not among the feeds: list it there`);
  const quantityDecimals = object.field('quantityDecimals').integer(0, MAX_QUANTITY_DECIMALS);
  const sizeNode = object.optional('contractSize');
  const size = sizeNode === undefined ? 10n ** BigInt(SIZE_SCALE) : positiveDecimal(sizeNode, SIZE_SCALE);
  const basis = object.optional('basis');
  return {
    id: object.field('id').textLike(SYMBOL, SYMBOL_RULE), feed, quantityDecimals, activationEpoch: epochOf(object),
    multiplier: multiplierOf(node, quantityDecimals, size, context.valueScale),
    scan: optionalRate(object, 'scan'), basis: basis === undefined ? 0n : rateOf(basis), place: node.place,
  };
}

function readSeries(node: JsonNode, context: InstrumentContext): OptionSeries {
  const object = node.object([
    ...LISTED, 'currency', 'contractSize', 'expiry', 'strikes', 'types', 'longHaircut', 'contingency', 'volatilityScan', 'volatilityBounds',
  ]);
  const shared = listed(node, object, context);
  const types = object.field('types').list({ atLeast: 1, atMost: 2 });
  const volatilityScan = leveledRate(object.field('volatilityScan'), RATE_SCALE - 1n);
  return Object.freeze({
    ...shared, kind: 'option-series', asset: object.field('currency').textLike(SYMBOL, SYMBOL_RULE),
    expiry: object.field('expiry').integer(0, MAX_UNIX_SECONDS), strikes: readStrikes(object.field('strikes'), shared.multiplier),
    types: Object.freeze(types.map((one, place) => one.choice(allowedTypes(types.length, place)))),
    long: leveledRate(object.field('longHaircut'), RATE_SCALE), short: leveledRate(object.field('contingency')), volatilityScan,
    ...volatilityBounds(object.optional('volatilityBounds')),
  });
}

/** One of them alone, or both in this order. */
function allowedTypes(count: number, place: number): readonly ('call' | 'put')[] {
  if (count === 1) return ['call', 'put'];
  return [place === 0 ? 'call' : 'put'];
}

function readStrikes(list: JsonNode, multiplier: bigint): readonly Strike[] {
  let before = 0n;
  return Object.freeze(list.list({ atLeast: 1, atMost: MAX_ROWS }).map((node) => {
    const price = positiveDecimal(node, PRICE_SCALE);
    if (price <= before) throw new ParameterCrossedError(node.place, 'strikes must rise: sort them, each once');
    before = price;
    const scaled = price * multiplier;
    if (scaled % PRICE_UNIT !== 0n) {
      throw new ParameterNumberError(node.place, 'the strike is not a whole number of value units per quantum: lower quantityDecimals or raise the valueScale');
    }
    if (scaled / PRICE_UNIT >= VALUE_LIMIT) {
      throw new ParameterNumberError(node.place, 'the strike does not fit 47 bits of value units per quantum: give the series more quantityDecimals');
    }
    return Object.freeze({ text: formatDecimal(price, PRICE_SCALE), price, value: scaled / PRICE_UNIT });
  }));
}

function volatilityBounds(node: JsonNode | undefined): Pick<OptionSeries, 'leastVolatility' | 'mostVolatility'> {
  if (node === undefined) return { leastVolatility: DEFAULT_LEAST_VOLATILITY, mostVolatility: DEFAULT_MOST_VOLATILITY };
  const object = node.object(['least', 'most']);
  const [least, most] = [rateOf(object.field('least'), MAX_VOLATILITY), rateOf(object.field('most'), MAX_VOLATILITY)];
  if (least === 0n || most < least) throw new ParameterCrossedError(node.place, 'the least volatility must be above 0 and not above the most: correct them');
  return { leastVolatility: least, mostVolatility: most };
}

/** 10^(10 + valueScale - quantityDecimals) times the contract size. */
function multiplierOf(node: JsonNode, quantityDecimals: number, contractSize: bigint, valueScale: number): bigint {
  const exponent = PRICE_SCALE + 2 + valueScale - quantityDecimals - SIZE_SCALE;
  const scaled = exponent >= 0 ? contractSize * 10n ** BigInt(exponent) : contractSize;
  const divisor = exponent >= 0 ? 1n : 10n ** BigInt(-exponent);
  if (scaled % divisor !== 0n) {
    throw new ParameterNumberError(placeIn(node, 'quantityDecimals'), 'a quantum is too small for the contract size and value scale: lower it');
  }
  if (scaled / divisor >= MULTIPLIER_LIMIT) {
    throw new ParameterNumberError(
      placeIn(node, 'quantityDecimals'),
      'the value of a quantum does not fit: give the instrument more quantityDecimals, a smaller contract or the set a lower valueScale',
    );
  }
  return scaled / divisor;
}

function isExact(multiplier: bigint, feed: Feed | undefined): boolean {
  return (feed?.kind === 'constant' ? multiplier * feed.price : multiplier) % PRICE_UNIT === 0n;
}

function epochOf(object: JsonObject): number {
  return object.optional('activationEpoch')?.integer(0, MAX_EPOCH) ?? 0;
}

/** A price, plain decimal, as the board's integer of 10^-8. @throws DecimalError */
export function boardPrice(text: string): bigint {
  return parseDecimal(text, PRICE_SCALE);
}
