import { messageOf } from '../../error/clearproof-error.js';
import { parseDecimal } from '../../fixed-point/decimal.js';
import { boardPrice, PRICE_SCALE } from '../../risk/parameter-set/instruments.js';
import { MAX_ORACLE_PRICE } from '../../risk/table-rules.js';
import { JsonShapeError } from '../../venue/import-errors.js';
import type { JsonNode } from '../../venue/json-node.js';

/** A decimal as an integer of 10^-scale, `least <= n <= most`. @throws JsonShapeError */
export function decimal(node: JsonNode, scale: number, least: bigint, most: bigint): bigint {
  return bounded(node, scale, (text) => parseDecimal(text, scale), least, most);
}

/** A price in the settlement currency, which boards keep in 10^-8. @throws JsonShapeError */
export function price(node: JsonNode, least: bigint): bigint {
  return bounded(node, PRICE_SCALE, boardPrice, least, MAX_ORACLE_PRICE);
}

function bounded(node: JsonNode, scale: number, parse: (text: string) => bigint, least: bigint, most: bigint): bigint {
  const text = node.text();
  let value: bigint;
  try {
    value = parse(text);
  } catch (cause) {
    throw new JsonShapeError(node.place, `${messageOf(cause)}; at most ${scale} decimals, as in "0.1"`, { cause });
  }
  if (value < least || value > most) throw node.refuse(`${text} is out of range: it must lie in [${least}, ${most}] units of 10^-${scale}`);
  return value;
}
