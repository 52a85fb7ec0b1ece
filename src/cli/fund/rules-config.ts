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
  const bound = (name: string): number => object.field(name).integer(0, WHOLE);
  return {
    timelock: object.field('timelock').integer(1, MAX_SECONDS), firstLossBound: bound('firstLossBound'), insuranceBound: bound('insuranceBound'), sharedBound: bound('sharedBound'),
  };
}
