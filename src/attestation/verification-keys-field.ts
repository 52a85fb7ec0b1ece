import type { JsonNode } from '../venue/json-node.js';
import type { JsonObjectValue, JsonValue } from './canonical-json.js';

/**
 * The keys of exactly the circuits in use, each an object. What is inside a key, groth16/verification-key.ts reads and validates.
 *
 * @param raw the same value as `node`, as parsed
 * @throws JsonShapeError for a circuit without a key, or a key without a circuit
 */
export function readVerificationKeys(node: JsonNode, raw: JsonValue | undefined, circuits: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  const members = new Map(node.members());
  for (const [name, key] of members) {
    if (!circuits.has(name)) throw key.refuse('is a key of a circuit that proves nothing here: remove it');
    if (!key.isObject()) throw key.refuse('is not a verification key: give the object that the set-up wrote');
  }
  const missing = [...circuits].find((name) => !members.has(name));
  if (missing !== undefined) throw node.refuse('is missing: add the key this circuit\'s proofs verify under', missing);
  return Object.freeze({ ...(raw as JsonObjectValue) });
}
