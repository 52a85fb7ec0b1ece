import type { PriceReport } from '../../chain/signed-reports.js';
import { MAX_UNIX_SECONDS } from '../../risk/table-rules.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';
import type { BoardConfig } from './board-config.js';
import { price } from './json-decimal.js';

const MAX_FEEDS = 64;
const MAX_SIGNERS = 32;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;
const SIGNATURE_RULE = 'a signature: 0x and 130 hex digits';

/** A signature of 65 bytes. @throws JsonShapeError */
export function signature(node: JsonNode): string {
  return node.textLike(SIGNATURE, SIGNATURE_RULE);
}

/** Prices of signed feeds; docs/formats.md. @throws JsonSyntaxError, JsonShapeError naming file and field */
export async function readPriceReport(file: string, { feeds }: BoardConfig): Promise<PriceReport> {
  const object = JsonNode.parse(await readText(file), { file }).object(['formatVersion', 'observedAt', 'deadline', 'prices', 'signatures']);
  object.field('formatVersion').choice(['1']);
  const prices = object.field('prices').list({ atLeast: 1, atMost: MAX_FEEDS }).map((node) => {
    const one = node.object(['feed', 'price']);
    const number = feeds.findIndex(({ id, config }) => config.kind === 'signed' && id === one.field('feed').text());
    if (number === -1) throw node.refuse('is no signed feed of the configuration: correct the name', 'feed');
    return { number, price: price(one.field('price'), 1n) };
  }).sort((left, right) => left.number - right.number);
  return {
    feeds: prices.map(({ number }) => number), prices: prices.map((one) => one.price),
    observedAt: object.field('observedAt').integer(1, MAX_UNIX_SECONDS), deadline: object.field('deadline').integer(1, MAX_UNIX_SECONDS),
    signatures: object.field('signatures').list({ atLeast: 1, atMost: MAX_SIGNERS }).map(signature),
  };
}
