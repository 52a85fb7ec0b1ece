import { MIN_WINDOW, PPM, PRESSING, type LiquidationRules } from '../../liquidation/liquidation-rules.js';
import type { MarketTable } from '../../risk/market-table.js';
import { instrumentsOf } from '../../risk/tiers.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';

const FIELDS = ['formatVersion', 'timelock', 'bond', 'quiet', 'windows', 'fall', 'maxDiscount', 'maxSubsidy', 'penalty', 'keeperShare', 'fundShare', 'strikeShare', 'feeInstrument', 'minLot'];
const MAX_SECONDS = 2 ** 32 - 1;
const BITS_96 = (1n << 96n) - 1n;
const BITS_128 = (1n << 128n) - 1n;
const WHOLE = Number(PPM);
/** One for each gate mode. */
const WINDOWS = 4;

/** A venue's rules for liquidations, by the ids of a table; docs/formats.md. @throws JsonSyntaxError, JsonShapeError naming file and field */
export async function readRulesConfig(file: string, table: MarketTable): Promise<LiquidationRules> {
  return parseRulesConfig(await readText(file), file, table);
}

/** What the contract would refuse is refused here, but that discount and penalty stay below the clearing rules' band, which only the chain knows. */
export function parseRulesConfig(text: string, file: string, table: MarketTable): LiquidationRules {
  const object = JsonNode.parse(text, { file }).object(FIELDS);
  object.field('formatVersion').choice(['1']);
  const ppm = (name: string, most = WHOLE): number => object.field(name).integer(0, most);
  const maxDiscount = ppm('maxDiscount', WHOLE - 1);
  const penalty = ppm('penalty', WHOLE - 1 - maxDiscount);
  const keeperShare = ppm('keeperShare');
  return {
    timelock: object.field('timelock').integer(1, MAX_SECONDS), bond: object.field('bond').bigInteger(1n, BITS_96 / PRESSING), quiet: object.field('quiet').integer(0, MAX_SECONDS),
    windows: windowsOf(object.field('windows')), fall: object.field('fall').integer(1, MAX_SECONDS), maxDiscount,
    // More would leave the tranches poorer by a slice than they were.
    maxSubsidy: ppm('maxSubsidy', Math.floor((penalty * (WHOLE - keeperShare)) / WHOLE)), penalty, keeperShare, fundShare: ppm('fundShare', WHOLE - keeperShare),
    strikeShare: ppm('strikeShare'), feeRow: cashRow(object.field('feeInstrument'), table), minLot: object.field('minLot').bigInteger(0n, BITS_128),
  };
}

function cashRow(node: JsonNode, table: MarketTable): number {
  const id = node.text();
  const row = instrumentsOf(table).find((one) => one.id === id);
  if (row?.kind === 'cash') return row.index;
  throw node.refuse(row === undefined ? `"${id}" is no instrument of the table` : `"${id}" is ${row.kind}, and penalties are paid in cash`);
}

function windowsOf(node: JsonNode): LiquidationRules['windows'] {
  const windows = node.list({ atLeast: WINDOWS, atMost: WINDOWS }).map((one) => one.integer(MIN_WINDOW, MAX_SECONDS));
  const longer = windows.findIndex((window, place) => place > 0 && window > (windows[place - 1] as number));
  if (longer !== -1) throw node.refuse(`the window of a worse mode is longer than the one before it: ${windows[longer]} after ${windows[longer - 1]}`);
  const [open, reduceOnly, withdrawOnly, halt] = windows as [number, number, number, number];
  return [open, reduceOnly, withdrawOnly, halt];
}
