import { MIN_WINDOW, PPM, type LiquidationRules } from '../../liquidation/liquidation-rules.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';

const FIELDS = ['formatVersion', 'timelock', 'bond', 'quiet', 'windows', 'fall', 'maxDiscount', 'maxSubsidy', 'penalty', 'keeperShare', 'fundShare', 'minLot'];
const MAX_SECONDS = 2 ** 32 - 1;
const BITS_96 = (1n << 96n) - 1n;
const BITS_128 = (1n << 128n) - 1n;
const WHOLE = Number(PPM);
/** One for each gate mode. */
const WINDOWS = 4;

/** A venue's rules for liquidations; docs/formats.md. @throws JsonSyntaxError, JsonShapeError naming file and field */
export async function readRulesConfig(file: string): Promise<LiquidationRules> {
  return parseRulesConfig(await readText(file), file);
}

/** What the contract would refuse is refused here, but that discount and penalty stay below the clearing rules' band, which only the chain knows. */
export function parseRulesConfig(text: string, file: string): LiquidationRules {
  const object = JsonNode.parse(text, { file }).object(FIELDS);
  object.field('formatVersion').choice(['1']);
  const ppm = (name: string, most = WHOLE): number => object.field(name).integer(0, most);
  const maxDiscount = ppm('maxDiscount', WHOLE - 1);
  const keeperShare = ppm('keeperShare');
  return {
    timelock: object.field('timelock').integer(1, MAX_SECONDS), bond: object.field('bond').bigInteger(1n, BITS_96), quiet: object.field('quiet').integer(0, MAX_SECONDS),
    windows: windowsOf(object.field('windows')), fall: object.field('fall').integer(1, MAX_SECONDS), maxDiscount, maxSubsidy: ppm('maxSubsidy'),
    penalty: ppm('penalty', WHOLE - 1 - maxDiscount), keeperShare, fundShare: ppm('fundShare', WHOLE - keeperShare), minLot: object.field('minLot').bigInteger(0n, BITS_128),
  };
}

function windowsOf(node: JsonNode): LiquidationRules['windows'] {
  const windows = node.list({ atLeast: WINDOWS, atMost: WINDOWS }).map((one) => one.integer(MIN_WINDOW, MAX_SECONDS));
  const longer = windows.findIndex((window, place) => place > 0 && window > (windows[place - 1] as number));
  if (longer !== -1) throw node.refuse(`the window of a worse mode is longer than the one before it: ${windows[longer]} after ${windows[longer - 1]}`);
  const [open, reduceOnly, withdrawOnly, halt] = windows as [number, number, number, number];
  return [open, reduceOnly, withdrawOnly, halt];
}
