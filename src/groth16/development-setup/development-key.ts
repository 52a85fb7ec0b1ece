import { isMultipleOfGeneratorG2 } from '../curve-points.js';
import { isInsecure, type VerificationKey } from '../verification-key.js';
import { developmentTrapdoor } from './trapdoor.js';

/**
 * Whether anyone can forge with a key, because its trapdoor is the public one of this circuit's development set-up. Looks at
 * the key itself too: its label is a text that whoever copies keys can change.
 *
 * @param r1csSha256 of the circuit, as the manifest has it
 */
export function isDevelopmentKey(key: VerificationKey, r1csSha256: string): boolean {
  return isInsecure(key) || isMultipleOfGeneratorG2(key.delta, developmentTrapdoor(r1csSha256).delta);
}
