import { sha512 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { toField } from '../../field/scalar-field.js';

/** The secrets of a phase-1 file. Who knows tau forges proofs for every key made from the file, whatever phase 2 adds. */
export interface PhaseOneTrapdoor {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
}

/** The secrets of a Groth16 set-up (gamma is 1, as in snarkjs). Who knows them forges proofs; here everyone does. */
export interface Trapdoor extends PhaseOneTrapdoor {
  readonly delta: bigint;
}

/** What every trapdoor of this set-up is hashed from, together with the circuit. It is public: that is what INSECURE means. */
export const DEVELOPMENT_SEED = 'clearproof INSECURE development set-up, version 1: the trapdoor of this key is public';

/** What the secrets of the test phase-1 file are hashed from: public too. */
export const DEVELOPMENT_POWERS_SEED = 'clearproof INSECURE phase-1 file, version 1: its tau, alpha and beta are public';

/**
 * The trapdoor of a circuit's development key: a function of its constraints alone, so that keys are the same bit for bit everywhere.
 *
 * @param r1csSha256 lower-case hex, 64 digits
 */
export function developmentTrapdoor(r1csSha256: string): Trapdoor {
  const seed = `${DEVELOPMENT_SEED}\n${r1csSha256}`;
  return { tau: draw(seed, 'tau'), alpha: draw(seed, 'alpha'), beta: draw(seed, 'beta'), delta: draw(seed, 'delta') };
}

/** The secrets of the INSECURE test phase-1 file, the same for every power. */
export const DEVELOPMENT_POWERS: PhaseOneTrapdoor = Object.freeze({
  tau: draw(DEVELOPMENT_POWERS_SEED, 'tau'),
  alpha: draw(DEVELOPMENT_POWERS_SEED, 'alpha'),
  beta: draw(DEVELOPMENT_POWERS_SEED, 'beta'),
});

function draw(seed: string, name: string): bigint {
  for (let attempt = 0; ; attempt++) {
    const digest = sha512(utf8ToBytes(`${seed}\n${name}\n${attempt}`));
    const element = toField(BigInt(`0x${bytesToHex(digest)}`));
    // 0 would make points vanish; delta = 1 is the key without a contribution that loading refuses.
    if (element > 1n) return element;
  }
}
