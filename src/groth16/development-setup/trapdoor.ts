import { sha512 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { toField } from '../../field/scalar-field.js';

/** The secrets of a Groth16 set-up (gamma is 1, as in snarkjs). Who knows them forges proofs; here everyone does. */
export interface Trapdoor {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
  readonly delta: bigint;
}

/** What every trapdoor of this set-up is hashed from, together with the circuit. It is public: that is what INSECURE means. */
export const DEVELOPMENT_SEED = 'clearproof INSECURE development set-up, version 1: the trapdoor of this key is public';

/**
 * The trapdoor of a circuit's development key: a function of its constraints alone, so that keys are the same bit for bit everywhere.
 *
 * @param r1csSha256 lower-case hex, 64 digits
 */
export function developmentTrapdoor(r1csSha256: string): Trapdoor {
  const draw = (name: string): bigint => {
    for (let attempt = 0; ; attempt++) {
      const digest = sha512(utf8ToBytes(`${DEVELOPMENT_SEED}\n${r1csSha256}\n${name}\n${attempt}`));
      const element = toField(BigInt(`0x${bytesToHex(digest)}`));
      // 0 would make points vanish; delta = 1 is the key without a contribution that loading refuses.
      if (element > 1n) return element;
    }
  };
  return { tau: draw('tau'), alpha: draw('alpha'), beta: draw('beta'), delta: draw('delta') };
}
