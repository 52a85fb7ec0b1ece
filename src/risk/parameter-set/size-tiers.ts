import { formatDecimal } from '../../fixed-point/decimal.js';
import { MAX_QUANTITY } from '../../venue/account.js';
import type { JsonNode } from '../../venue/json-node.js';
import { MAX_ROWS } from '../table-rules.js';
import { ParameterCrossedError, ParameterNumberError } from './parameter-errors.js';
import { leveledRate, placeIn, positiveDecimal, type LeveledRate } from './parameter-fields.js';
import type { SizeTier } from './parameter-set.js';

/** Names of the fields that say what is charged, and how much at most. */
export interface ChargeFields {
  readonly long: string;
  readonly short: string;
  /** Most of the long rate, ppm. */
  readonly mostLong?: bigint;
}

/** The fields of charges, some of which may be one and the same. */
export function chargeFieldNames(fields: ChargeFields): string[] {
  return [...new Set([fields.long, fields.short])];
}

/** Whether an instrument has tiers instead of charges of its own. */
export function hasTiers(node: JsonNode): boolean {
  return node.members().some(([name]) => name === 'tiers');
}

/** The one tier of an instrument that is charged alike at every size, or its list of tiers. @throws ParameterNumberError, ParameterCrossedError */
export function readTiers(node: JsonNode, known: readonly string[], fields: ChargeFields, quantityDecimals: number): readonly SizeTier[] {
  if (!hasTiers(node)) return [Object.freeze({ cap: 0n, ...chargesOf(node, known, fields) })];
  const tiers: SizeTier[] = [];
  let reached = 0n;
  const nodes = node.object(known).field('tiers').list({ atLeast: 1, atMost: MAX_ROWS });
  nodes.forEach((one, number) => {
    const tierFields = ['upTo', ...chargeFieldNames(fields)];
    const upTo = one.object(tierFields).optional('upTo');
    if (upTo === undefined && number < nodes.length - 1) {
      throw new ParameterCrossedError(placeIn(one, 'upTo'), 'only the last tier may go on without end: give the size up to which this one goes');
    }
    const bound = upTo === undefined ? undefined : boundOf(upTo, reached, quantityDecimals);
    const tier = Object.freeze({ cap: bound === undefined ? 0n : bound - reached, ...chargesOf(one, tierFields, fields) });
    refuseFall(tier, tiers.at(-1), one, fields);
    tiers.push(tier);
    reached = bound ?? reached;
  });
  return Object.freeze(tiers);
}

function chargesOf(node: JsonNode, known: readonly string[], fields: ChargeFields): Pick<SizeTier, 'long' | 'short'> {
  const object = node.object(known);
  return { long: leveledRate(object.field(fields.long), fields.mostLong), short: leveledRate(object.field(fields.short)) };
}

function boundOf(node: JsonNode, reached: bigint, quantityDecimals: number): bigint {
  const bound = positiveDecimal(node, quantityDecimals);
  if (bound <= reached) {
    throw new ParameterCrossedError(node.place, `sizes must rise: write more than ${formatDecimal(reached, quantityDecimals)}, all tiers below are counted in`);
  }
  if (bound > MAX_QUANTITY) throw new ParameterNumberError(node.place, 'no account can hold 2^64 quanta: leave upTo out or lower quantityDecimals');
  return bound;
}

function refuseFall(tier: SizeTier, below: SizeTier | undefined, node: JsonNode, fields: ChargeFields): void {
  if (below === undefined) return;
  const falls = (a: LeveledRate, b: LeveledRate): boolean => a.maintenance < b.maintenance || a.initial < b.initial;
  for (const side of ['long', 'short'] as const) {
    if (falls(tier[side], below[side])) throw new ParameterCrossedError(placeIn(node, fields[side]), 'is less than in the tier below: charges must not fall with size');
  }
}
