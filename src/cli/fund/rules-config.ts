import type { FundRules } from '../../liquidation/fund.js';
import { PPM } from '../../liquidation/liquidation-rules.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';

const MAX_SECONDS = 2 ** 32 - 1;
const WHOLE = Number(PPM);

/** A venue's rules for its default fund; docs/formats.md. @throws JsonSyntaxError, JsonShapeError naming file and field */
export async function readFundConfig(file: string): Promise<FundRules> {
  return parseFundConfig(await readText(file), file);
}

export function parseFundConfig(text: string, file: string): FundRules {
  const object = JsonNode.parse(text, { file }).object(['formatVersion', 'timelock', 'firstLossBound', 'insuranceBound', 'sharedBound']);
  object.field('formatVersion').choice(['1']);
  // No step is wider than the one before it, or users would pay before the venue.
  const bound = (name: string, most: number, least = 0): number => object.field(name).integer(least, most);
  const firstLossBound = bound('firstLossBound', WHOLE, 1);
  const insuranceBound = bound('insuranceBound', firstLossBound);
  return { timelock: object.field('timelock').integer(1, MAX_SECONDS), firstLossBound, insuranceBound, sharedBound: bound('sharedBound', insuranceBound) };
}
