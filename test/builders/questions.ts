import assert from 'node:assert/strict';
import { attestationSha256, attestationToJson, parseAttestation } from '../../src/attestation/attestation-format.js';
import type { JsonValue } from '../../src/attestation/canonical-json.js';
import { onChainRecordToJson, parseOnChainRecord } from '../../src/attestation/on-chain-record-format.js';
import { receiptToJson } from '../../src/attestation/receipt-format.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { RecordEvidence } from '../../src/verification/evidence.js';
import type { VerificationReport, VerificationStep } from '../../src/verification/report.js';
import { verifyAttestation, type AttestationQuestion } from '../../src/verification/verify-attestation.js';
import { verifyReceipt, type ReceiptQuestion } from '../../src/verification/verify-receipt.js';
import type { Bundles } from './attestation.js';
import { withValue, type Step } from './json-edits.js';

/** What a reader holds, as JSON documents that a test can bend. */
export interface Documents {
  readonly receipt: JsonValue;
  readonly attestation: JsonValue | undefined;
  readonly record: JsonValue | undefined;
}

export function documentsOf({ receipts, attestation, record }: Bundles, place: number): Documents {
  const receipt = receipts[place];
  assert.ok(receipt !== undefined);
  return { receipt: receiptToJson(receipt), attestation: attestationToJson(attestation), record: onChainRecordToJson(record) };
}

/** The documents with one value of one of them replaced. */
export function edit(documents: Documents, which: keyof Documents, path: readonly Step[], value: JsonValue): Documents {
  const document = documents[which];
  assert.ok(document !== undefined);
  return { ...documents, [which]: withValue(document, path, value) };
}

/** The receipt names the attestation as it is now: a venue that alters one alters the other. */
export function rehashed(documents: Documents): Documents {
  const sha256 = attestationSha256(parseAttestation(JSON.stringify(documents.attestation)));
  return edit(documents, 'receipt', ['attestation', 'sha256'], sha256);
}

type ReceiptExtras = Partial<Pick<ReceiptQuestion, 'expected' | 'venue' | 'circuits' | 'trustedKeyHashes'>>;

/** Asks about a receipt. The record counts as read from a chain where it can be read at all. */
export function askReceipt(poseidon: Poseidon, { receipt, attestation, record }: Documents, extras: ReceiptExtras = {}): Promise<VerificationReport> {
  return verifyReceipt({
    poseidon,
    receipt: { file: 'receipt.json', text: JSON.stringify(receipt) },
    ...(attestation === undefined ? {} : { attestation: { file: 'attestation.json', text: JSON.stringify(attestation) } }),
    record: evidenceOf(record),
    ...extras,
  });
}

type AttestationExtras = Partial<Pick<AttestationQuestion, 'venue' | 'circuits' | 'trustedKeyHashes'>>;

export function askAttestation(poseidon: Poseidon, { attestation, record }: Documents, extras: AttestationExtras = {}): Promise<VerificationReport> {
  return verifyAttestation({
    poseidon, attestation: { file: 'attestation.json', text: JSON.stringify(attestation) }, record: evidenceOf(record), ...extras,
  });
}

export function failedSteps(report: VerificationReport): string[] {
  return report.steps.filter((step) => step.outcome === 'failed').map((step) => step.id);
}

export function stepOf(report: VerificationReport, id: string): VerificationStep {
  const step = report.steps.find((one) => one.id === id);
  assert.ok(step !== undefined, `no step ${id}`);
  return step;
}

function evidenceOf(record: JsonValue | undefined): RecordEvidence {
  if (record === undefined) return { source: 'none', reason: 'no chain was asked' };
  return { source: 'chain', record: parseOnChainRecord(JSON.stringify(record)) };
}
