import { messageOf } from '../../error/clearproof-error.js';
import { formatDecimal, parseDecimal } from '../../fixed-point/decimal.js';
import { compareRationals, formatRational, parseRational, type Rational } from '../../fixed-point/rational.js';
import type { JsonNode, JsonObject } from '../../venue/json-node.js';
import type { Place } from '../../venue/place.js';
import { RATE_LIMIT } from '../row-terms.js';
import { ParameterCrossedError, ParameterNumberError } from './parameter-errors.js';

/** Rates are integers of 10^-6. */
export const RATE_DECIMALS = 6;
/** What a rate holds. */
const MOST_RATE = RATE_LIMIT - 1n;

/** A rate at both margin levels, in ppm. */
export interface LeveledRate {
  readonly maintenance: bigint;
  readonly initial: bigint;
}

/** An exact fraction, `least <= value <= most`. @throws ParameterNumberError */
export function rationalIn(node: JsonNode, least: Rational, most: Rational): Rational {
  const value = reading(node, parseRational);
  if (compareRationals(value, least) < 0 || compareRationals(value, most) > 0) {
    throw new ParameterNumberError(node.place, `${formatRational(value)} is out of bounds: it must lie in [${formatRational(least)}, ${formatRational(most)}]`);
  }
  return value;
}

/** A plain decimal as ppm, rounded up, which is against the account: every rate takes off margin. `0 <= rate <= most`. @throws ParameterNumberError */
export function rateOf(node: JsonNode, most = MOST_RATE): bigint {
  const rate = reading(node, (text) => parseDecimal(text, RATE_DECIMALS, 'ceil'));
  if (node.text().startsWith('-') || rate > most) {
    throw new ParameterNumberError(node.place, `${node.text()} is out of bounds: it must lie in [0, ${formatDecimal(most, RATE_DECIMALS)}]`);
  }
  return rate;
}

/** One rate for both levels, or an object with both, the initial one not below. @throws ParameterNumberError, ParameterCrossedError */
export function leveledRate(node: JsonNode, most = MOST_RATE): LeveledRate {
  if (!node.isObject()) {
    const rate = rateOf(node, most);
    return { maintenance: rate, initial: rate };
  }
  const object = node.object(['maintenance', 'initial']);
  const [maintenance, initial] = [rateOf(object.field('maintenance'), most), rateOf(object.field('initial'), most)];
  if (initial < maintenance) {
    throw new ParameterCrossedError(object.field('initial').place, 'is less than at maintenance: what opens new risk must not need less than what keeps it');
  }
  return { maintenance, initial };
}

const NO_RATE: LeveledRate = { maintenance: 0n, initial: 0n };

/** As leveledRate, 0 without the field. */
export function optionalRate(object: JsonObject, field: string, most = MOST_RATE): LeveledRate {
  const node = object.optional(field);
  return node === undefined ? NO_RATE : leveledRate(node, most);
}

/** A plain decimal above 0 as an integer of 10^-scale. @throws ParameterNumberError */
export function positiveDecimal(node: JsonNode, scale: number): bigint {
  const value = reading(node, (text) => parseDecimal(text, scale));
  if (value <= 0n) throw new ParameterNumberError(node.place, `${node.text()} is not above 0: correct it`);
  return value;
}

/** The place of a field of an object. */
export function placeIn(node: JsonNode, field: string): Place {
  return { ...node.place, field: node.place.field === undefined ? field : `${node.place.field}.${field}` };
}

function reading<Value>(node: JsonNode, read: (text: string) => Value): Value {
  const text = node.text();
  try {
    return read(text);
  } catch (cause) {
    throw new ParameterNumberError(node.place, messageOf(cause), { cause });
  }
}
