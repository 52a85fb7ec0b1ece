import { isMultipleOfGeneratorG2 } from '../curve-points.js';
import { forgeWithDelta, forgeWithPhaseOne, type KeyPoints } from '../forgery.js';
import { knownTrapdoorOf } from '../known-trapdoors.js';
import { curveGroups, GENERATOR_G1 } from '../point-sums.js';
import type { Groth16Proof } from '../proof.js';
import { DEVELOPMENT_POWERS, developmentTrapdoor } from './trapdoor.js';

/**
 * A proof of these signals made with the public secrets that a key was made from: what anybody can do with an INSECURE key, however many
 * contributed to it. Told by alpha, which contributions leave as it is, or by delta, which is enough alone; neither looks at the label, which
 * whoever copies keys can change. Undefined for a key that is not known to have public secrets.
 *
 * @param r1csSha256 of the key's circuit, where it is known: it tells development keys of circuits that are not listed
 */
export async function forgeWithKnownTrapdoor(key: KeyPoints, signals: readonly bigint[], r1csSha256?: string): Promise<Groth16Proof | undefined> {
  const known = knownTrapdoorOf(key);
  if (known !== undefined) return forgeWithPhaseOne(key, signals, known.r1csSha256 === undefined ? DEVELOPMENT_POWERS : developmentTrapdoor(known.r1csSha256));
  if (r1csSha256 === undefined) return undefined;
  const trapdoor = developmentTrapdoor(r1csSha256);
  const [x, y] = (await curveGroups()).g1.sum([[trapdoor.alpha, GENERATOR_G1]]) ?? [];
  if (key.alpha[0] === x && key.alpha[1] === y) return forgeWithPhaseOne(key, signals, trapdoor);
  return isMultipleOfGeneratorG2(key.delta, trapdoor.delta) ? forgeWithDelta(key, signals, trapdoor.delta) : undefined;
}
