import type { Attestation } from '../../attestation/attestation.js';
import type { StressAttestation } from '../../attestation/stress-attestation.js';
import type { Verdict } from '../../verification/report.js';

/** A file that a reader gives to the board: an attestation or a stress attestation. */
export interface BoardDocument {
  readonly file: string;
  readonly text: string;
}

interface Checked {
  readonly file: string;
  readonly epoch: number | undefined;
  readonly verdict: Verdict;
  /** What the verification says, in one sentence. */
  readonly words: string;
}

/** What verification found about a file. Content is there where it could be read, whatever the verdict. */
export type CheckedDocument =
  | (Checked & { readonly kind: 'attestation'; readonly attestation: Attestation | undefined })
  | (Checked & { readonly kind: 'stress attestation'; readonly stress: StressAttestation | undefined })
  | (Checked & { readonly kind: 'unknown' });

/** The verdict on an epoch's attestation: of several the best. Undefined where none was given. */
export function attestationVerdict(documents: readonly CheckedDocument[], epoch: number): Verdict | undefined {
  const verdicts = documents.flatMap((one) => (one.kind === 'attestation' && one.epoch === epoch ? [one.verdict] : []));
  return (['verified', 'cannot-tell', 'not-verified'] as const).find((verdict) => verdicts.includes(verdict));
}
