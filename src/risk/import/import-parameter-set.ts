import { formatDecimal } from '../../fixed-point/decimal.js';
import { MAX_QUANTITY } from '../../venue/account.js';
import type { ByteSource } from '../../venue/byte-source.js';
import { quoted } from '../../venue/place.js';
import { RiskImportError } from '../market-errors.js';
import { PRICE_SCALE } from '../parameter-set/instruments.js';
import { RATE_DECIMALS, type LeveledRate } from '../parameter-set/parameter-fields.js';
import { parseParameterSet } from '../parameter-set/parameter-set-json.js';
import type { ParameterSet } from '../parameter-set/parameter-set.js';
import { writePrices, type Prices } from '../prices/price-file.js';
import { MAX_ORACLE_PRICE, MAX_QUANTITY_DECIMALS, SYMBOL, SYMBOL_RULE } from '../table-rules.js';
import type { BorrowMapping, DecimalsMapping, ImportMapping } from './mapping.js';
import { decimalOf, FULL, RateReader, SIZE_DECIMALS, type RateTier } from './rate-tiers.js';
import { readSourceList, requiredText, type SourceRecord } from './source-record.js';

export interface ImportOptions {
  /** Symbols to take; all without. */
  readonly symbols?: readonly string[];
  /** In place of the mapping's. */
  readonly version?: string;
  /** Unix seconds of the list's prices. */
  readonly time: number;
}

/** A published list as a parameter set and prices. */
export interface ImportedParameters {
  readonly text: string;
  readonly set: ParameterSet;
  readonly prices: Prices;
  readonly pricesText: string;
  /** Symbols that the mapping leaves out, with the reason. */
  readonly left: readonly { readonly symbol: string; readonly reason: string }[];
}

/** An instrument in the set's format. */
type InstrumentJson = Readonly<Record<string, unknown>>;

interface Listed {
  readonly symbol: string;
  readonly instrument: InstrumentJson;
  readonly price: bigint;
}

const PRICE_UNIT = 10n ** BigInt(PRICE_SCALE);
/** Digits dropped from a size of 10^-36 to make it one of prices. */
const SIZE_UNIT = 10n ** BigInt(SIZE_DECIMALS);

/**
 * A parameter set from a published list, as a mapping file says. Prices are cut to the 8 decimals of the board, rates rounded up
 * to ppm, tier bounds rounded down to a quantum: nobody is charged less than published.
 *
 * @throws the CSV and JSON errors of import-errors.ts, RiskImportError, and for a set that does not come out valid the errors of parameter-errors.ts
 */
export async function importParameterSet(source: ByteSource, mapping: ImportMapping, options: ImportOptions): Promise<ImportedParameters> {
  const list = await readSourceList(source, mapping);
  const rates = new RateReader(mapping.rates, list);
  const left: { symbol: string; reason: string }[] = [];
  const found = new Map<string, Listed>();
  const seen = new Set<string>();
  for (const record of list.records) {
    const symbol = symbolOf(record, mapping);
    const place = record.place(mapping.symbol.path);
    if (seen.has(symbol)) throw new RiskImportError(place, `${quoted(symbol)} stands twice: remove one`);
    seen.add(symbol);
    if (options.symbols !== undefined && !options.symbols.includes(symbol)) continue;
    const made = listed(symbol, record, mapping, rates);
    if (typeof made === 'string') left.push({ symbol, reason: made });
    else found.set(symbol, made);
  }
  const unknown = options.symbols?.find((symbol) => !seen.has(symbol));
  if (unknown !== undefined) throw new RiskImportError({ file: source.name }, `${quoted(unknown)} is not in the list: correct the symbol`);
  const all = [...found.values()];
  const text = setText(mapping, all, options.version);
  const byFeed = new Map(all.map(({ symbol, price }) => [named(mapping.feed.id, symbol), { price, time: options.time }]));
  const prices = { time: options.time, byFeed, file: source.name };
  return { text, set: parseParameterSet(text, mapping.file), prices, pricesText: writePrices(prices), left };
}

function symbolOf(record: SourceRecord, { symbol, instrument, feed }: ImportMapping): string {
  const written = requiredText(record, symbol.path);
  const text = symbol.upperCase ? written.toUpperCase() : written;
  for (const template of ['{symbol}', instrument.id, feed.id]) {
    if (!SYMBOL.test(named(template, text))) throw new RiskImportError(record.place(symbol.path), `${quoted(named(template, text))} is not ${SYMBOL_RULE}`);
  }
  return text;
}

/** The instrument, or why it is left out. */
function listed(symbol: string, record: SourceRecord, mapping: ImportMapping, rates: RateReader): Listed | string {
  const skipped = mapping.leaveOut.find(({ path, equals }) => record.text(path) === equals);
  if (skipped !== undefined) return `${skipped.path} is ${skipped.equals}`;
  const price = priceOf(record, mapping);
  if (price === undefined) return 'no price above 10^-8';
  const tiers = rates.tiersOf(record) ?? missingRates(record, mapping);
  if (tiers === undefined) return 'no rates';
  const quantityDecimals = decimalsOf(record, price, mapping.instrument.quantityDecimals);
  const { id, kind, cash, currency, ranges } = mapping.instrument;
  const instrument = {
    id: named(id, symbol), kind: cash.has(symbol) ? 'cash' : kind, feed: named(mapping.feed.id, symbol),
    ...(currency === undefined ? {} : { currency }), quantityDecimals: quantityDecimals.toString(), ...ranges,
    ...chargesOf(inQuantities(tiers, { price, quantityDecimals, bounds: mapping.rates.bounds }), quantityDecimals, mapping),
  };
  return { symbol, instrument, price };
}

function missingRates(record: SourceRecord, { rates, symbol }: ImportMapping): readonly RateTier[] | undefined {
  if (rates.missing === 'full') return [{ upTo: undefined, charge: FULL }];
  if (rates.missing === 'leave-out') return undefined;
  throw new RiskImportError(record.place(symbol.path), 'has no rates: add them, or let the mapping leave such symbols out');
}

/** 10^-8 of the currency, rounded down as the board does; undefined: none. */
function priceOf(record: SourceRecord, { price: { path, decimals, missing } }: ImportMapping): bigint | undefined {
  const [text, place] = [record.text(path), record.place(path)];
  const places = decimals === undefined ? 0 : Number(decimalOf(requiredText(record, decimals), record.place(decimals), 0));
  if (places < 0 || places > SIZE_DECIMALS) throw new RiskImportError(record.place(decimals ?? path), `${places} decimals are out of range: at most ${SIZE_DECIMALS}`);
  const exact = text === undefined ? 0n : decimalOf(text, place);
  if (exact < 0n) throw new RiskImportError(place, `the price ${quoted(text ?? '')} is negative: correct its sign`);
  const price = (exact * PRICE_UNIT) / (SIZE_UNIT * 10n ** BigInt(places));
  if (price > MAX_ORACLE_PRICE) throw new RiskImportError(place, `the price ${quoted(text ?? '')} does not fit 128 bits: correct it`);
  if (price > 0n) return price;
  if (missing === 'leave-out') return undefined;
  throw new RiskImportError(place, 'has no price above 10^-8: add one, or let the mapping leave such symbols out');
}

function decimalsOf(record: SourceRecord, price: bigint, { path, quantumWorth = 1n, least, most }: DecimalsMapping): number {
  if (path !== undefined) {
    const written = Number(decimalOf(requiredText(record, path), record.place(path), 0));
    if (written < 0 || written > MAX_QUANTITY_DECIMALS) throw new RiskImportError(record.place(path), `${written} decimals are out of range: at most ${MAX_QUANTITY_DECIMALS}`);
    return Math.min(Math.max(written, least), most);
  }
  let decimals = least;
  while (decimals < most && price >= quantumWorth * 10n ** BigInt(decimals + 1)) decimals += 1;
  return decimals;
}

interface SizedTier {
  /** Quanta; undefined: without end. */
  readonly upTo: bigint | undefined;
  readonly charge: LeveledRate;
}

/** Bounds in quanta. Dropped are tiers that hold no whole quantum and those no account can reach. */
function inQuantities(
  tiers: readonly RateTier[], { price, quantityDecimals, bounds }: { readonly price: bigint; readonly quantityDecimals: number; readonly bounds: 'value' | 'quantity' },
): readonly SizedTier[] {
  const sized: SizedTier[] = [];
  let reached = 0n;
  for (const { upTo, charge } of tiers) {
    const quanta = upTo === undefined ? undefined : (upTo * 10n ** BigInt(quantityDecimals) * (bounds === 'value' ? PRICE_UNIT : 1n))
      / (SIZE_UNIT * (bounds === 'value' ? price : 1n));
    if (quanta === undefined || quanta > MAX_QUANTITY) return [...sized, { upTo: undefined, charge }];
    if (quanta <= reached) continue;
    sized.push({ upTo: quanta, charge });
    reached = quanta;
  }
  return sized;
}

function chargesOf(tiers: readonly SizedTier[], quantityDecimals: number, { instrument, borrow }: ImportMapping): InstrumentJson {
  const charges = (charge: LeveledRate): InstrumentJson => (instrument.into === 'markets' ? { margin: rateJson(charge) }
    : { haircut: rateJson(charge), borrow: rateJson(debt(charge, borrow)) });
  const [only] = tiers;
  if (only !== undefined && tiers.length === 1) return charges(only.charge);
  return { tiers: tiers.map(({ upTo, charge }) => ({ ...(upTo === undefined ? {} : { upTo: formatDecimal(upTo, quantityDecimals) }), ...charges(charge) })) };
}

function debt(haircut: LeveledRate, { likeHaircut, least }: BorrowMapping): LeveledRate {
  if (!likeHaircut) return { maintenance: least, initial: least };
  const atLeast = (rate: bigint): bigint => (rate > least ? rate : least);
  return { maintenance: atLeast(haircut.maintenance), initial: atLeast(haircut.initial) };
}

function rateJson({ maintenance, initial }: LeveledRate): unknown {
  const text = (rate: bigint): string => formatDecimal(rate, RATE_DECIMALS);
  return maintenance === initial ? text(initial) : { maintenance: text(maintenance), initial: text(initial) };
}

/** The set's own parts first, then what was imported. */
function setText({ set, instrument: { into }, feed, file }: ImportMapping, all: readonly Listed[], version: string | undefined): string {
  const own = (field: string): readonly unknown[] => {
    const list = set[field] ?? [];
    if (!Array.isArray(list)) throw new RiskImportError({ file, field: `set.${field}` }, 'expected a list');
    return list as readonly unknown[];
  };
  const instruments = all.map(({ instrument }) => instrument);
  return `${JSON.stringify({
    formatVersion: '1', ...set, ...(version === undefined ? {} : { version }),
    feeds: [...own('feeds'), ...all.map(({ symbol }) => ({ id: named(feed.id, symbol), ...feed.fields }))],
    assets: [...own('assets'), ...(into === 'assets' ? instruments : [])],
    ...(set['entries'] === undefined ? {} : { entries: own('entries') }),
    markets: [...own('markets'), ...(into === 'markets' ? instruments : [])],
  }, null, 2)}\n`;
}

function named(template: string, symbol: string): string {
  // A function, because in a replacement text $ has a meaning.
  return template.replace('{symbol}', () => symbol);
}
