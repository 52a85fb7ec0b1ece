import { randomBytes, randomInt } from 'node:crypto';
import { bytesToInteger } from '../commitment/digest.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';

/** What one call of the system's generator gives: an epoch takes millions of elements. */
const POOL_BYTES = 8192;
const ELEMENT_BYTES = 32;
let pool = Buffer.alloc(0);

function nextBytes(): Uint8Array {
  if (pool.length < ELEMENT_BYTES) pool = randomBytes(POOL_BYTES);
  const taken = Uint8Array.from(pool.subarray(0, ELEMENT_BYTES));
  // What was given out is a secret of its taker alone.
  pool.fill(0, 0, ELEMENT_BYTES);
  pool = pool.subarray(ELEMENT_BYTES);
  return taken;
}

/** A uniform field element from the system's generator, by rejection (a residue would be biased). */
export function randomFieldElement(): bigint {
  for (;;) {
    const candidate = bytesToInteger(nextBytes()) & ((1n << 254n) - 1n);
    if (candidate < FIELD_MODULUS) return candidate;
  }
}

/** The same items in a uniform random order (Fisher-Yates with the system's generator). */
export function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = randomInt(last + 1);
    [order[last], order[chosen]] = [order[chosen] as Item, order[last] as Item];
  }
  return order;
}
