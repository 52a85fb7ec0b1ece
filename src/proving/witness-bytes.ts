import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import type { CircuitInput, InputValue } from '../witness/circuit-input.js';

type JsonInput = string | readonly JsonInput[];

/** A witness input as bytes to store or send: gzip of JSON with integers as text. Secret. */
export function witnessToBytes(input: CircuitInput): Uint8Array {
  const text = JSON.stringify(input, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  // Field elements are random: trying hard gains nothing.
  return gzipSync(text, { level: constants.Z_BEST_SPEED });
}

/** The bytes' digest has been compared before: an error of the parser would quote the witness. */
export function witnessFromBytes(bytes: Uint8Array): CircuitInput {
  const json = JSON.parse(gunzipSync(bytes).toString('utf8')) as Readonly<Record<string, JsonInput>>;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, valueOf(value)]));
}

/** Binds a stored witness to what it proves: circuit and public signals. */
export function witnessDigest(circuit: string, signals: readonly bigint[], witness: Uint8Array): string {
  return createHash('sha256').update(`${circuit}\n${signals.join(',')}\n`).update(witness).digest('hex');
}

function valueOf(value: JsonInput): InputValue {
  return typeof value === 'string' ? BigInt(value) : value.map(valueOf);
}
