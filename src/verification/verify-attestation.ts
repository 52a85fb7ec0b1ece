import type { VenueLocation } from '../attestation/attestation.js';
import { attestedCircuits, reportOf, verifyEpochSteps, type VerificationContext } from './attestation-steps.js';
import { readEvidence, withRegistryWarning, type BundleText, type Evidence, type RecordEvidence } from './evidence.js';
import { keySecurityOf } from './key-check.js';
import { checkMarketCommitment, checkTableRange } from './market-check.js';
import { checkPlaces, placeOfAttestation, placeOfRecord, type Placed } from './place-check.js';
import { StepLog, type KeySecurity, type VerificationReport } from './report.js';

export interface AttestationQuestion extends VerificationContext {
  readonly attestation: BundleText;
  readonly record: RecordEvidence;
  /** The venue the reader means; without it, the one the bundles name. */
  readonly venue?: VenueLocation;
}

/**
 * Checks everything public about one epoch: figures against the registry's record, keys, and every proof with public signals
 * rebuilt here. Pure: reads nothing, sends nothing, runs in browsers. Bad input gives a failed step, never an exception.
 */
export async function verifyAttestation(question: AttestationQuestion): Promise<VerificationReport> {
  const log = new StepLog(question.progress?.step);
  const { evidence, keySecurity } = await verifyEpoch(log, question);
  return reportOf(log, evidence, keySecurity, undefined);
}

/** All steps of an attestation. */
export async function verifyEpoch(log: StepLog, question: AttestationQuestion): Promise<{ readonly evidence: Evidence; readonly keySecurity: KeySecurity }> {
  const { poseidon } = question;
  const evidence = await readEvidence(log, question.record, question.attestation);
  const { attestation, record } = evidence;
  if (attestation === undefined) return { evidence, keySecurity: keySecurityOf(evidence, undefined) };
  await log.run('place', () => checkPlaces(poseidon, placesOf(question.venue, [
    placeOfAttestation(attestation), ...(record === undefined ? [] : [placeOfRecord(record)]),
  ]), record));
  await log.run('circuit', () => attestedCircuits(evidence, question));
  await log.run('market-range', () => checkTableRange(attestation.market, [], attestation.epoch, question.attestation.file));
  await log.run('market', () => checkMarketCommitment(poseidon, attestation.market, 'the attestation', evidence));
  const keySecurity = await verifyEpochSteps(log, question, evidence);
  return { evidence: withRegistryWarning(evidence, attestation.venue, question.venue), keySecurity };
}

/** The reader's own choice of venue first, if there is one. */
export function placesOf(venue: VenueLocation | undefined, places: readonly Placed[]): readonly Placed[] {
  return venue === undefined ? places : [{ name: 'the venue you asked for', venue, epoch: undefined }, ...places];
}
