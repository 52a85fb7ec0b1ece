import { randomBytes, randomInt } from 'node:crypto';
import { bytesToInteger } from '../commitment/digest.js';
import { FIELD_MODULUS } from '../field/scalar-field.js';

/** A uniform field element from the system's generator, by rejection (a residue would be biased). */
export function randomFieldElement(): bigint {
  for (;;) {
    const candidate = bytesToInteger(randomBytes(32)) & ((1n << 254n) - 1n);
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
