import { isMultipleOfGeneratorG2 } from '../curve-points.js';
import { forgeWithPhaseOne, type KeyPoints } from '../forgery.js';
import { knownTrapdoorOf } from '../known-trapdoors.js';
import { curveGroups, GENERATOR_G1 } from '../point-sums.js';
import type { Groth16Proof } from '../proof.js';
import { DEVELOPMENT_POWERS, developmentTrapdoor, type PhaseOneTrapdoor } from './trapdoor.js';

/**
 * Whether a key's secrets are the public ones of the development set-up of these constraints. By alpha, which contributions leave
 * as it is, or by delta. Neither looks at the label, which whoever copies keys can change.
 *
 * @param r1csSha256 of the circuit, as the manifest has it
 */
export async function hasDevelopmentTrapdoor(key: KeyPoints, r1csSha256: string): Promise<boolean> {
  const trapdoor = developmentTrapdoor(r1csSha256);
  const [x, y] = (await curveGroups()).g1.sum([[trapdoor.alpha, GENERATOR_G1]]) ?? [];
  return (key.alpha[0] === x && key.alpha[1] === y) || isMultipleOfGeneratorG2(key.delta, trapdoor.delta);
}

/**
 * A proof of these signals made with the public secrets that a key was made from: what anybody can do with an INSECURE key, however many
 * contributed to it. Undefined for a key that is not known to have public secrets.
 *
 * @param r1csSha256 of the key's circuit, where it is known: it tells development keys of circuits that are not listed
 */
export async function forgeWithKnownTrapdoor(key: KeyPoints, signals: readonly bigint[], r1csSha256?: string): Promise<Groth16Proof | undefined> {
  const secrets = await publicSecretsOf(key, r1csSha256);
  return secrets && forgeWithPhaseOne(key, signals, secrets);
}

async function publicSecretsOf(key: KeyPoints, r1csSha256: string | undefined): Promise<PhaseOneTrapdoor | undefined> {
  const known = knownTrapdoorOf(key);
  if (known !== undefined) return known.r1csSha256 === undefined ? DEVELOPMENT_POWERS : developmentTrapdoor(known.r1csSha256);
  return r1csSha256 !== undefined && await hasDevelopmentTrapdoor(key, r1csSha256) ? developmentTrapdoor(r1csSha256) : undefined;
}
