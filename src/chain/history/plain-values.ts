import type { ParamType, Result } from 'ethers';
import { ChainAnswerError } from '../node-answers.js';

/** Names of 64-bit values that are amounts; the others are times, epochs and places. */
const AMOUNTS: readonly string[] = ['quanta', 'mark', 'strike', 'unitsPerQuantum'];
const WIDEST_COUNT = 64;

/**
 * Decoded values as plain objects by the names of an interface: integers of at most 64 bits as numbers unless they are amounts,
 * wider ones as bigint.
 *
 * @throws ChainAnswerError for a count beyond 2^53
 */
export function plainStruct<Shape>(inputs: readonly ParamType[], values: Result): Shape {
  return Object.freeze(Object.fromEntries(inputs.map((input, place) => [input.name, plain(input, values[place])]))) as Shape;
}

function plain(type: ParamType, value: unknown): unknown {
  if (type.baseType === 'array') return Object.freeze((value as Result).toArray().map((entry) => plain(type.arrayChildren as ParamType, entry)));
  if (type.baseType === 'tuple') return plainStruct(type.components as readonly ParamType[], value as Result);
  const bits = /^u?int(\d+)$/.exec(type.type)?.[1];
  if (bits === undefined || Number(bits) > WIDEST_COUNT || AMOUNTS.includes(type.name)) return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new ChainAnswerError(`${type.name} is ${String(value)}, which is no count or time: ask another node`, { field: type.name });
  return number;
}
