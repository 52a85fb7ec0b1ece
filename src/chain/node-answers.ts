import { ClearproofError } from '../error/clearproof-error.js';

/** A node answered, with something that the question has no such answer to. `details.method`. Proxies of failing nodes do this. */
export class ChainAnswerError extends ClearproofError {
  readonly code = 'CHAIN_ANSWER';
}

/** The node's answer as an object, or undefined for null: what it does not know. */
export function objectOrNull(method: string, answer: unknown): Readonly<Record<string, unknown>> | undefined {
  if (answer === null) return undefined;
  if (typeof answer === 'object' && !Array.isArray(answer)) return answer as Record<string, unknown>;
  throw wrongAnswer(method, 'an object');
}

/** A hex quantity of at most 256 bits. */
export function quantity(method: string, answer: unknown): bigint {
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(answer)) throw wrongAnswer(method, 'a quantity');
  return BigInt(answer);
}

/** A quantity that counts something: blocks, transactions, seconds. */
export function count(method: string, answer: unknown): number {
  const value = quantity(method, answer);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw wrongAnswer(method, 'a count');
  return Number(value);
}

/** 32 bytes, lower case. */
export function hash(method: string, answer: unknown): string {
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{64}$/i.test(answer)) throw wrongAnswer(method, 'a hash');
  return answer.toLowerCase();
}

/** Bytes in hex. */
export function bytes(method: string, answer: unknown): string {
  if (typeof answer !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(answer)) throw wrongAnswer(method, 'bytes');
  return answer;
}

function wrongAnswer(method: string, expected: string): ChainAnswerError {
  return new ChainAnswerError(`the node's answer to ${method} is not ${expected}: ask another node, or what stands between`, { method });
}
