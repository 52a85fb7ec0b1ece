import type { TableRules } from '../../chain/market-board-client.js';
import type { FeedConfig, PriceRules } from '../../chain/price-board-client.js';
import { SYMBOL, SYMBOL_RULE } from '../../risk/table-rules.js';
import { JsonNode, type JsonObject } from '../../venue/json-node.js';
import { readText } from '../files.js';
import { decimal, price } from './json-decimal.js';

/** A feed with the id that parameter sets know it by. */
export interface NamedFeed {
  readonly id: string;
  readonly config: FeedConfig;
}

/** Rules and feeds of a venue's boards, as its parameter admin describes them; docs/formats.md. */
export interface BoardConfig {
  readonly priceRules: PriceRules;
  readonly tableRules: TableRules;
  /** In the order of their numbers on the price board. */
  readonly feeds: readonly NamedFeed[];
  readonly file: string;
}

const RULE_FIELDS = ['timelock', 'threshold', 'signers'];
const PRICE_RULE_FIELDS = [...RULE_FIELDS, 'newRiskMaxAge', 'liquidationMaxAge', 'sequencerGrace', 'sequencerFeed'];
const TABLE_RULE_FIELDS = [...RULE_FIELDS, 'tableMaxAge', 'rateStep', 'rateShare', 'moveStep', 'volatilityBound', 'volatilityMaxAge'];
const READ_FIELDS = ['id', 'kind', 'heartbeat', 'maxDeviation', 'minPrice', 'maxPrice'];
const FEED_FIELDS = {
  constant: ['id', 'kind', 'price', 'maxDeviation'],
  chainlink: [...READ_FIELDS, 'source'],
  pyth: [...READ_FIELDS, 'priceId', 'maxConfidence'],
  signed: READ_FIELDS,
} as const;
const FEED_KINDS = ['constant', 'chainlink', 'pyth', 'signed'] as const;

const NOBODY = `0x${'0'.repeat(40)}`;
const NO_PRICE_ID = `0x${'0'.repeat(64)}`;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const ADDRESS_RULE = 'an address: 0x and 40 hex digits';
const PRICE_ID = /^0x[0-9a-f]{64}$/;
const PRICE_ID_RULE = 'a price id: 0x and 64 lower-case hex digits';
const MAX_FEEDS = 64;
const MAX_SIGNERS = 32;
const MAX_SECONDS = 2 ** 32 - 1;
const MAX_MOVE_STEP = 255;
const PPM_DECIMALS = 6;
/** Bounds of the boards' fields, ppm. */
const PPM = 10n ** 6n;
const BITS_24 = (1n << 24n) - 1n;
const BITS_32 = (1n << 32n) - 1n;

export async function readBoardConfig(file: string): Promise<BoardConfig> {
  return parseBoardConfig(await readText(file), file);
}

/** @throws JsonSyntaxError, JsonShapeError naming file and field */
export function parseBoardConfig(text: string, file: string): BoardConfig {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'priceRules', 'tableRules', 'feeds']);
  object.field('formatVersion').choice(['1']);
  const nodes = object.field('feeds').list({ atLeast: 1, atMost: MAX_FEEDS });
  const feeds = nodes.map(feedOf);
  const ids = feeds.map(({ id }) => id);
  nodes.forEach((node, place) => {
    if (ids.indexOf(ids[place] as string) !== place) throw node.refuse(`the feed ${ids[place]} stands twice: remove one`, 'id');
  });
  return { priceRules: priceRulesOf(object.field('priceRules')), tableRules: tableRulesOf(object.field('tableRules')), feeds, file };
}

function priceRulesOf(node: JsonNode): PriceRules {
  const rules = node.object(PRICE_RULE_FIELDS);
  const newRiskMaxAge = seconds(rules, 'newRiskMaxAge');
  return {
    timelock: seconds(rules, 'timelock'),
    newRiskMaxAge,
    // New risk stops first.
    liquidationMaxAge: rules.field('liquidationMaxAge').integer(newRiskMaxAge + 1, MAX_SECONDS),
    sequencerGrace: rules.optional('sequencerGrace')?.integer(0, MAX_SECONDS) ?? 0,
    sequencerFeed: rules.optional('sequencerFeed')?.textLike(ADDRESS, ADDRESS_RULE) ?? NOBODY,
    ...signersOf(rules),
  };
}

function tableRulesOf(node: JsonNode): TableRules {
  const rules = node.object(TABLE_RULE_FIELDS);
  return {
    timelock: seconds(rules, 'timelock'),
    tableMaxAge: seconds(rules, 'tableMaxAge'),
    rateStep: ppm(rules.field('rateStep'), 0n, BITS_24),
    rateShare: ppm(rules.field('rateShare'), 0n, BITS_24),
    moveStep: rules.field('moveStep').integer(0, MAX_MOVE_STEP),
    volatilityBound: ppm(rules.field('volatilityBound'), 0n, PPM - 1n),
    volatilityMaxAge: rules.field('volatilityMaxAge').integer(0, MAX_SECONDS),
    ...signersOf(rules),
  };
}

/** Ascending, as the boards want them. */
function signersOf(rules: JsonObject): { readonly threshold: number; readonly signers: readonly string[] } {
  const node = rules.field('signers');
  const signers = node.list({ atMost: MAX_SIGNERS }).map((one) => one.textLike(ADDRESS, ADDRESS_RULE));
  if (new Set(signers.map((one) => one.toLowerCase())).size !== signers.length) throw node.refuse('names a signer twice: remove one');
  return {
    threshold: rules.field('threshold').integer(Math.min(1, signers.length), signers.length),
    signers: signers.sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1)),
  };
}

function feedOf(node: JsonNode): NamedFeed {
  const kind = node.foreignObject().field('kind').choice(FEED_KINDS);
  const feed = node.object(FEED_FIELDS[kind]);
  const id = feed.field('id').textLike(SYMBOL, SYMBOL_RULE);
  const deviation = (): number => ppm(feed.field('maxDeviation'), 1n, BITS_32);
  if (kind === 'constant') {
    const value = price(feed.field('price'), 1n);
    const maxDeviation = feed.optional('maxDeviation') === undefined ? 0 : deviation();
    return { id, config: { kind, source: NOBODY, heartbeat: 0, maxDeviation, maxConfidence: 0, minPrice: value, maxPrice: value, priceId: NO_PRICE_ID } };
  }
  const minPrice = price(feed.field('minPrice'), 1n);
  return {
    id,
    config: {
      kind,
      source: kind === 'chainlink' ? feed.field('source').textLike(ADDRESS, ADDRESS_RULE) : NOBODY,
      heartbeat: seconds(feed, 'heartbeat'),
      maxDeviation: deviation(),
      maxConfidence: kind === 'pyth' ? ppm(feed.field('maxConfidence'), 1n, BITS_24) : 0,
      minPrice,
      maxPrice: price(feed.field('maxPrice'), minPrice),
      priceId: kind === 'pyth' ? feed.field('priceId').textLike(PRICE_ID, PRICE_ID_RULE) : NO_PRICE_ID,
    },
  };
}

function seconds(object: JsonObject, name: string): number {
  return object.field(name).integer(1, MAX_SECONDS);
}

/** A fraction with at most six decimals. */
function ppm(node: JsonNode, least: bigint, most: bigint): number {
  return Number(decimal(node, PPM_DECIMALS, least, most));
}
