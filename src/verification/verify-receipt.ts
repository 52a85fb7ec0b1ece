import type { VenueLocation } from '../attestation/attestation.js';
import { parseReceipt } from '../attestation/receipt-format.js';
import type { Receipt } from '../attestation/receipt.js';
import { explain, type MarginExplanation } from '../margin/explain.js';
import { checkLeaf, checkRecipient, checkRoot, checkTierSplit, type ExpectedRecipient } from './account-check.js';
import { attestedCircuits, reportOf, verifyEpochSteps, type VerificationContext } from './attestation-steps.js';
import { checkReceiptCircuit } from './circuit-check.js';
import { readEvidence, withRegistryWarning, type BundleText, type Evidence, type RecordEvidence } from './evidence.js';
import { keySecurityOf } from './key-check.js';
import { checkMarketCommitment, checkTableRange } from './market-check.js';
import { checkPlaces, placeOfAttestation, placeOfReceipt, placeOfRecord, type Placed } from './place-check.js';
import { combined, failed, passed, skipped, StepLog, type Finding, type VerificationReport } from './report.js';
import { placesOf } from './verify-attestation.js';

export interface ReceiptQuestion extends VerificationContext {
  readonly receipt: BundleText;
  readonly record: RecordEvidence;
  readonly attestation?: BundleText;
  /** Who the reader is. */
  readonly expected?: ExpectedRecipient;
  /** The venue the reader means; without it, the one the receipt names. */
  readonly venue?: VenueLocation;
}

/**
 * Checks one account's receipt against what the registry recorded and, where given, the whole attestation.
 *
 * Pure: reads nothing, sends nothing, runs in browsers. Bad input gives a failed step, never an exception. Without the
 * registry's record the verdict is `cannot-tell` at best; with it but without an attestation, the proofs are those that the
 * registry verified.
 */
export async function verifyReceipt(question: ReceiptQuestion): Promise<VerificationReport> {
  const log = new StepLog(question.progress?.step);
  let receipt: Receipt | undefined;
  await log.run('receipt-format', () => {
    receipt = parseReceipt(question.receipt.text, question.receipt.file);
    return passed(`${receipt.holdings.length} holdings of epoch ${receipt.epoch}`);
  });
  const evidence = await readEvidence(log, question.record, question.attestation);
  if (receipt === undefined) return reportOf(log, evidence, keySecurityOf(evidence, undefined), undefined);
  const margin = await verifyAccountSteps(log, question, receipt, evidence);
  log.add('attestation-hash', checkAttestationHash(receipt, evidence));
  const keySecurity = await verifyEpochSteps(log, question, evidence);
  return reportOf(log, withRegistryWarning(evidence, receipt.venue, question.venue), keySecurity, margin);
}

/** From whom the receipt is for to the account's margin. */
async function verifyAccountSteps(
  log: StepLog, question: ReceiptQuestion, receipt: Receipt, evidence: Evidence,
): Promise<MarginExplanation | undefined> {
  const { poseidon, circuits, venue, expected = {} } = question;
  const { file } = question.receipt;
  let margin: MarginExplanation | undefined;
  await log.run('recipient', () => checkRecipient(receipt, expected));
  await log.run('place', () => checkPlaces(poseidon, placesOf(venue, placesIn(receipt, evidence)), evidence.record));
  await log.run('circuit', () => combined([checkReceiptCircuit(receipt, evidence, circuits), attestedCircuits(evidence, question)]));
  await log.run('market-range', () => checkTableRange(receipt.market, receipt.holdings, receipt.epoch, file));
  await log.run('market', () => checkMarkets(question, receipt, evidence));
  await log.run('tiers', () => checkTierSplit(receipt));
  await log.run('leaf', () => checkLeaf(poseidon, receipt));
  await log.run('root', () => checkRoot(poseidon, receipt, evidence));
  await log.run('margin', () => {
    margin = explain(receipt.market, receipt.holdings);
    question.progress?.margin?.(margin);
    const { equity, requirement, healthy } = margin.margin;
    return passed(`equity ${equity}, requirement ${requirement} value units: ${healthy ? 'healthy' : 'NOT healthy'}`);
  });
  return margin;
}

function placesIn(receipt: Receipt, { record, attestation }: Evidence): readonly Placed[] {
  return [
    placeOfReceipt(receipt),
    ...(attestation === undefined ? [] : [placeOfAttestation(attestation)]),
    ...(record === undefined ? [] : [placeOfRecord(record)]),
  ];
}

/** The user's table and the attested one. */
function checkMarkets({ poseidon }: ReceiptQuestion, receipt: Receipt, evidence: Evidence): Finding {
  const { attestation } = evidence;
  return combined([
    checkMarketCommitment(poseidon, receipt.market, 'the receipt', evidence),
    ...(attestation === undefined ? [] : [checkMarketCommitment(poseidon, attestation.market, 'the attestation', evidence)]),
  ]);
}

function checkAttestationHash(receipt: Receipt, { attestationSha256 }: Evidence): Finding {
  const named = receipt.attestation.sha256;
  if (attestationSha256 === undefined) return skipped(`the receipt names attestation ${named}; none is at hand`);
  if (attestationSha256 === named) return passed(`SHA-256 ${named}`);
  return failed(`the receipt names attestation ${named}, the one given has SHA-256 ${attestationSha256}`, 'ATTESTATION_HASH');
}
