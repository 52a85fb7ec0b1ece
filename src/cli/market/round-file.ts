import type { PriceRound } from '../../chain/price-board-client.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { PRICE_SCALE } from '../../risk/parameter-set/instruments.js';
import type { ParameterSet } from '../../risk/parameter-set/parameter-set.js';
import type { Prices } from '../../risk/prices/price-file.js';
import { MAX_UNIX_SECONDS, SYMBOL, SYMBOL_RULE } from '../../risk/table-rules.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';
import { price } from './json-decimal.js';

/** A price round with the ids of its feeds; docs/formats.md. */
export interface NamedRound extends PriceRound {
  /** In the order of the prices. */
  readonly feeds: readonly string[];
  readonly file: string;
}

const MAX_FEEDS = 64;

export function writeRound({ id, time, prices, feeds }: Omit<NamedRound, 'file'>): string {
  const named = feeds.map((feed, place) => ({ feed, price: formatDecimal(prices[place] as bigint, PRICE_SCALE) }));
  return `${JSON.stringify({ formatVersion: '1', round: id.toString(), time: time.toString(), prices: named }, null, 2)}\n`;
}

export async function readRound(file: string): Promise<NamedRound> {
  return parseRound(await readText(file), file);
}

/** @throws JsonSyntaxError, JsonShapeError naming file and field */
export function parseRound(text: string, file: string): NamedRound {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'round', 'time', 'prices']);
  object.field('formatVersion').choice(['1']);
  const prices = object.field('prices').list({ atLeast: 1, atMost: MAX_FEEDS }).map((node) => {
    const one = node.object(['feed', 'price']);
    return { feed: one.field('feed').textLike(SYMBOL, SYMBOL_RULE), price: price(one.field('price'), 1n) };
  });
  const feeds = prices.map(({ feed }) => feed);
  if (new Set(feeds).size !== feeds.length) throw object.field('prices').refuse('has a feed twice: take the file as "market round" wrote it');
  return {
    id: object.field('round').integer(1, Number.MAX_SAFE_INTEGER), time: object.field('time').integer(1, MAX_UNIX_SECONDS), prices: prices.map((one) => one.price),
    feeds, file,
  };
}

/** A round's prices as a table of this set is built from them: those of feeds that the set has not are left out. */
export function pricesOfRound({ time, prices, feeds, file }: NamedRound, set: ParameterSet): Prices {
  const known = new Set(set.feeds.map(({ id }) => id));
  const byFeed = feeds.flatMap((feed, place) => (known.has(feed) ? [[feed, { price: prices[place] as bigint, time }] as const] : []));
  return { time, byFeed: new Map(byFeed), file };
}
