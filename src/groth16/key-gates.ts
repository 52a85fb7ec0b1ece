import { ClearproofError } from '../error/clearproof-error.js';
import { equalG2, GENERATOR_G2 } from './curve-points.js';
import {
  attemptedSignals, forgeByRelation, deltaWithRelation, relationOfDelta, WITHOUT_CONTRIBUTION, type DeltaRelation, type KeyPoints,
} from './forgery.js';
import { knownTrapdoorOf } from './known-trapdoors.js';
import type { Groth16Proof } from './proof.js';
import { isOverPublishedPowers } from './published-powers.js';
import { isLabelledInsecure, KeyWithoutContributionError, requireContribution, type VerificationKey } from './verification-key.js';
import { verifyProof } from './verify.js';

/** A key's gamma is not the generator of G2: no tool of this project or of snarkjs makes such a key. */
export class KeyGammaError extends ClearproofError {
  readonly code = 'KEY_GAMMA';
}

/** Two signals of a key can be traded for each other, or signals weigh nothing. */
export class KeyInputsError extends ClearproofError {
  readonly code = 'KEY_INPUTS';
}

/** A key whose secrets are public does not say so. */
export class KnownTrapdoorError extends ClearproofError {
  readonly code = 'KNOWN_TRAPDOOR';
}

/** A key over a phase 1 of somebody's own does not say so. */
export class KeyPhaseOneError extends ClearproofError {
  readonly code = 'KEY_PHASE_ONE';
}

/** A verifier took a proof that nobody has a witness for. */
export class ForgeryTakenError extends ClearproofError {
  readonly code = 'FORGERY_TAKEN';
}

/** A forgery was refused by the very key it is made for: that others refuse it says nothing. */
export class ForgeryControlError extends ClearproofError {
  readonly code = 'FORGERY_CONTROL';
}

/** What forgeries are tried on: a key, and something that verifies proofs under it. */
export interface ForgeryTarget {
  /** "snarkjs", "the verifier at 0x…". */
  readonly name: string;
  takes(signals: readonly bigint[], proof: Groth16Proof): Promise<boolean>;
  /** The same verifier over a key that is made to have this weakness and is the same otherwise. */
  takesWeakened(relation: DeltaRelation, signals: readonly bigint[], proof: Groth16Proof): Promise<boolean>;
}

/** What came of attempts: how many forgeries were refused, each of which was taken under a key that has its weakness. */
export interface ForgeryAttempts {
  readonly target: string;
  readonly refused: number;
  readonly controls: number;
}

/**
 * Everything that a verification key alone allows to be held against it. Two pairing checks with the usual single attempt: 20 to 30 ms.
 * Runs in a browser. Points, subgroup and distinct IC are parseVerificationKey's.
 *
 * @param what what the key is called in errors
 * @param relations forgeries to try live
 * @throws KeyGammaError, KeyInputsError, KeyWithoutContributionError, KnownTrapdoorError, KeyPhaseOneError, ForgeryTakenError, ForgeryControlError
 */
export async function passKeyGates(key: VerificationKey, what: string, relations: readonly DeltaRelation[] = [WITHOUT_CONTRIBUTION]): Promise<ForgeryAttempts> {
  await requireSoundPoints(key, what);
  requireHonestLabel(key, what);
  return attemptForgeries(snarkjsTarget(key), key, what, relations);
}

/** Throws for a gamma that is not the generator, for IC points that are each other's negatives, and for a delta that small factors make of beta and gamma. */
export async function requireSoundPoints(key: KeyPoints, what: string): Promise<void> {
  requireContribution(key, what);
  if (!equalG2(key.gamma, GENERATOR_G2)) {
    throw new KeyGammaError(`the key ${what} has a gamma that is not the generator of G2: take a key of a ceremony, or run "make keys" for development`, { key: what });
  }
  if (new Set(key.ic.map(([x]) => x)).size !== key.ic.length) {
    throw new KeyInputsError(`the key ${what} has a point of IC and its negative: two public signals could be raised together`, { key: what });
  }
  const relation = await relationOfDelta(key);
  if (relation === undefined) return;
  throw new KeyWithoutContributionError(
    `the key ${what} has delta equal to ${relation.ofBeta} * beta + ${relation.ofGamma} * gamma: anyone can forge with it; run a ceremony, or "make keys" for development`,
    { key: what, ...relation },
  );
}

/**
 * Throws for a key under another label than INSECURE that was not made from the published phase 1: KnownTrapdoorError where its secrets are public,
 * KeyPhaseOneError where whoever made its alpha and beta may have kept theirs. The label was cut off, or contributions made up for nothing.
 */
export function requireHonestLabel(key: VerificationKey, what: string): void {
  if (isLabelledInsecure(key)) return;
  const says = `the key ${what} calls itself ${JSON.stringify(key.security.slice(0, 80))}, but`;
  const known = knownTrapdoorOf(key);
  if (known !== undefined) {
    throw new KnownTrapdoorError(`${says} was made from the secrets of ${known.name}, which are public: anyone can forge with it, whoever contributed`, { key: what, trapdoor: known.name });
  }
  if (isOverPublishedPowers(key)) return;
  throw new KeyPhaseOneError(`${says} its alpha and beta are not those of the published phase 1: whoever made them can forge with it, whoever contributed; do not use this key`, { key: what });
}

/**
 * Makes each forgery, has the target refuse it, and then take it under a key of the same circuit that has the weakness.
 *
 * @throws ForgeryTakenError, ForgeryControlError, KeyInputsError
 */
export async function attemptForgeries(target: ForgeryTarget, key: KeyPoints, what: string, relations: readonly DeltaRelation[]): Promise<ForgeryAttempts> {
  const signals = attemptedSignals(key);
  for (const relation of relations) {
    const proof = await forgeByRelation(key, signals, relation);
    if (proof === undefined) throw new KeyInputsError(`the key ${what} has points of IC that cancel out: its public signals can be chosen freely`, { key: what });
    const how = `delta = ${relation.ofBeta} * beta + ${relation.ofGamma} * gamma`;
    if (await target.takes(signals, proof)) {
      throw new ForgeryTakenError(`${target.name} takes a forged proof for the key ${what} (${how}): anyone can forge; use neither key nor verifier`, { key: what, target: target.name });
    }
    if (!(await target.takesWeakened(relation, signals, proof))) {
      throw new ForgeryControlError(
        `${target.name} refuses the forged proof under a key made for it too (${what}, ${how}): that it refuses it under the right key shows nothing`, { key: what, target: target.name },
      );
    }
  }
  return { target: target.name, refused: relations.length, controls: relations.length };
}

/** The verifier of snarkjs, over this key. */
export function snarkjsTarget(key: VerificationKey): ForgeryTarget {
  return {
    name: 'snarkjs',
    takes: (signals, proof) => verifyProof(key, signals, proof),
    takesWeakened: async (relation, signals, proof) => verifyProof({ ...key, delta: await deltaWithRelation(key, relation) }, signals, proof),
  };
}
