import { JsonNode } from '../../venue/json-node.js';
import type { Place } from '../../venue/place.js';
import { MAX_ROWS, MAX_VALUE_SCALE, SYMBOL, SYMBOL_RULE } from '../table-rules.js';
import { readAsset, readEntry, readMarket, PRICE_SCALE, type InstrumentContext } from './instruments.js';
import { ParameterDuplicateError, ParameterUnknownError } from './parameter-errors.js';
import { placeIn, positiveDecimal } from './parameter-fields.js';
import type { Feed, LinearInstrument, ParameterSet } from './parameter-set.js';
import { readScenarios } from './scenario.js';

const FIELDS = ['formatVersion', 'name', 'version', 'currency', 'valueScale', 'feeds', 'scenarios', 'assets', 'entries', 'markets', 'order'];
const DEFAULT_VALUE_SCALE = 12;
/** Name and version together, with a space between them, are the label of 64 characters. */
const NAME = /^[!-~]{1,40}$/;
const VERSION = /^[!-~]{1,20}$/;
const MAX_FEED_DECIMALS = 36;
const MAX_HEARTBEAT = 2 ** 32 - 1;
export const PARAMETER_FORMAT_VERSION = '1';

/**
 * Reads a parameter set: docs/formats.md, `src/risk/schema/parameter-set.schema.json`. Browser-safe.
 *
 * @param file name for messages
 * @throws JsonSyntaxError, JsonShapeError and the errors of parameter-errors.ts, each with file and JSON path
 */
export function parseParameterSet(text: string, file: string): ParameterSet {
  const node = JsonNode.parse(text, { file });
  const object = node.object(FIELDS);
  object.field('formatVersion').choice([PARAMETER_FORMAT_VERSION]);
  const valueScale = object.optional('valueScale')?.integer(0, MAX_VALUE_SCALE) ?? DEFAULT_VALUE_SCALE;
  const feeds = object.field('feeds').list({ atLeast: 1, atMost: MAX_ROWS }).map(readFeed);
  refuseRepeated(feeds.map(({ id }) => id), placeIn(node, 'feeds'));
  const context: InstrumentContext = { feeds: new Map(feeds.map((feed) => [feed.id, feed])), valueScale };
  const assets = object.field('assets').list({ atLeast: 1, atMost: MAX_ROWS }).map((one) => readAsset(one, context));
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const entries = (object.optional('entries')?.list({ atMost: MAX_ROWS }) ?? []).map((one) => readEntry(one, byId, context));
  const markets = (object.optional('markets')?.list({ atMost: MAX_ROWS }) ?? []).map((one) => readMarket(one, context));
  const listed = [...assets, ...entries, ...markets];
  refuseRepeated(listed.map(({ id }) => id), node.place);
  refuseWithoutEntry(listed.filter((one): one is LinearInstrument => one.kind !== 'cash' && one.kind !== 'spot' && one.kind !== 'entry'), entries);
  return Object.freeze({
    name: object.field('name').textLike(NAME, '1 to 40 printable ASCII characters without a space'),
    version: object.field('version').textLike(VERSION, '1 to 20 printable ASCII characters without a space'),
    currency: object.field('currency').textLike(SYMBOL, SYMBOL_RULE),
    valueScale, feeds, scenarios: readScenarios(object.optional('scenarios')), assets, entries, markets,
    order: (object.optional('order')?.list({ atMost: MAX_ROWS }) ?? []).map((one) => one.textLike(SYMBOL, SYMBOL_RULE)),
    file,
  });
}

function readFeed(node: JsonNode): Feed {
  const kind = new Map(node.members()).get('kind')?.choice(['constant', 'chainlink', 'pyth', 'signed']);
  if (kind === undefined) throw node.refuse('is missing: add it', 'kind');
  const object = node.object(kind === 'constant' ? ['id', 'kind', 'price'] : ['id', 'kind', 'decimals', 'heartbeat']);
  const id = object.field('id').textLike(SYMBOL, SYMBOL_RULE);
  if (kind === 'constant') return Object.freeze({ id, kind, price: positiveDecimal(object.field('price'), PRICE_SCALE) });
  return Object.freeze({
    id, kind, decimals: object.field('decimals').integer(0, MAX_FEED_DECIMALS), heartbeat: object.optional('heartbeat')?.integer(1, MAX_HEARTBEAT),
  });
}

function refuseRepeated(ids: readonly string[], place: Place): void {
  const repeated = ids.find((id, at) => ids.indexOf(id) !== at);
  if (repeated !== undefined) throw new ParameterDuplicateError(place, `${repeated} stands twice: give each its own id`);
}

/** What a derivative costs must have a row to stand in. */
function refuseWithoutEntry(markets: readonly Pick<LinearInstrument, 'asset' | 'id' | 'place'>[], entries: readonly LinearInstrument[]): void {
  for (const { id, asset, place } of markets) {
    if (!entries.some((entry) => entry.asset === asset)) {
      throw new ParameterUnknownError({ ...place, field: `${place.field ?? ''}.currency` }, `${id} is settled in ${asset}, which has no entry row: list one`);
    }
  }
}

