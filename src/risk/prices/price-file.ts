import { messageOf } from '../../error/clearproof-error.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { JsonNode } from '../../venue/json-node.js';
import { MAX_ORACLE_PRICE, MAX_ROWS, MAX_UNIX_SECONDS, SYMBOL, SYMBOL_RULE } from '../table-rules.js';
import { boardPrice, PRICE_SCALE } from '../parameter-set/instruments.js';
import { PriceError } from '../parameter-set/parameter-errors.js';
import type { Feed } from '../parameter-set/parameter-set.js';

/** One feed's price, 10^-8 of the settlement currency, > 0. */
export interface FeedPrice {
  readonly price: bigint;
  /** Unix seconds at which the source gave it. */
  readonly time: number;
}

/** Prices of one moment. */
export interface Prices {
  /** Unix seconds. */
  readonly time: number;
  readonly byFeed: ReadonlyMap<string, FeedPrice>;
  readonly file: string;
}

/** Reads a price file: docs/formats.md. Browser-safe. @throws JsonSyntaxError, JsonShapeError, PriceError */
export function parsePrices(text: string, file: string): Prices {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'time', 'prices']);
  object.field('formatVersion').choice(['1']);
  const time = object.field('time').integer(0, MAX_UNIX_SECONDS);
  const members = object.field('prices').members();
  if (members.length > MAX_ROWS) throw object.field('prices').refuse(`has ${members.length} prices: at most ${MAX_ROWS}`);
  const byFeed = new Map(members.map(([feed, node]) => {
    if (!SYMBOL.test(feed)) throw node.refuse(`the name of a feed is ${SYMBOL_RULE}`);
    return [feed, readPrice(node, time)] as const;
  }));
  return Object.freeze({ time, byFeed, file });
}

/** A price file as text. */
export function writePrices({ time, byFeed }: Pick<Prices, 'time' | 'byFeed'>): string {
  const prices = Object.fromEntries([...byFeed].map(([feed, one]) => {
    const price = formatDecimal(one.price, PRICE_SCALE);
    return [feed, one.time === time ? price : { price, time: one.time.toString() }];
  }));
  return `${JSON.stringify({ formatVersion: '1', time: time.toString(), prices }, null, 2)}\n`;
}

/**
 * A feed's price as the table takes it: a constant feed has its own, any other must have one above 0 that is not older than its heartbeat.
 * @throws PriceError
 */
export function priceOf(feed: Feed, prices: Prices): bigint {
  const found = prices.byFeed.get(feed.id);
  const place = { file: prices.file, field: `prices.${feed.id}` };
  if (feed.kind === 'constant') {
    if (found === undefined || found.price === feed.price) return feed.price;
    throw new PriceError(place, `the feed ${feed.id} is constant at ${formatDecimal(feed.price, PRICE_SCALE)}: leave its price out`);
  }
  if (found === undefined) throw new PriceError(place, `the feed ${feed.id} has no price: add it`);
  if (feed.heartbeat !== undefined && prices.time - found.time > feed.heartbeat) {
    throw new PriceError(place, `the price of ${feed.id} is ${prices.time - found.time} seconds old, its heartbeat is ${feed.heartbeat}: wait for a fresh one`);
  }
  return found.price;
}

/** @throws PriceError for a price of a feed that the set does not have */
export function refuseUnknownFeeds(feeds: readonly Feed[], prices: Prices): void {
  const known = new Set(feeds.map(({ id }) => id));
  const unknown = [...prices.byFeed.keys()].find((feed) => !known.has(feed));
  if (unknown !== undefined) throw new PriceError({ file: prices.file, field: `prices.${unknown}` }, `the parameter set has no feed ${unknown}: correct the name`);
}

function readPrice(node: JsonNode, fileTime: number): FeedPrice {
  if (!node.isObject()) return Object.freeze({ price: readDecimal(node), time: fileTime });
  const object = node.object(['price', 'time']);
  return Object.freeze({ price: readDecimal(object.field('price')), time: object.field('time').integer(0, fileTime) });
}

function readDecimal(node: JsonNode): bigint {
  const text = node.text();
  let price: bigint;
  try {
    price = boardPrice(text);
  } catch (cause) {
    throw new PriceError(node.place, `${messageOf(cause)}; prices are as the board reads them, at most 8 decimals`, { cause });
  }
  if (price <= 0n) throw new PriceError(node.place, `the price ${text} is not above 0: leave the feed out until it has one`);
  if (price > MAX_ORACLE_PRICE) throw new PriceError(node.place, `the price ${text} does not fit 128 bits: correct it`);
  return price;
}
