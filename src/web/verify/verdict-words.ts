import type { VerificationReport, VerificationStep, Verdict } from '../../verification/report.js';
import { CODE_WORDS } from './code-words.js';
import { STEP_WORDS } from './step-words.js';

/** What is said about a report. Every part is plain text. */
export interface VerdictWords {
  readonly headline: string;
  readonly sentence: string;
  /** What a failed or missing step means; undefined when verified. */
  readonly meaning: string | undefined;
  readonly whatToDo: string | undefined;
  /** What the verdict does not rest on, a sentence each. */
  readonly notChecked: readonly string[];
}

export const HEADLINES: Readonly<Record<Verdict, string>> = {
  verified: 'Verified',
  'not-verified': 'NOT verified',
  'cannot-tell': 'Cannot tell',
};

const CHAIN_MISSING = {
  meaning: 'Nothing wrong was found, but what the registry recorded on the chain is not at hand. Files alone could be made up: they agree with one another, and nobody knows whether they agree with the chain.',
  whatToDo: 'Name an RPC end point of the chain above, or give a saved record, and verify again. If you did: check that the end point is of the right chain, that it is reachable from this device, and that it allows requests from web pages.',
};

/** @param about whether a receipt was checked or an attestation alone */
export function verdictWords(report: VerificationReport, about: 'receipt' | 'attestation'): VerdictWords {
  const failure = report.steps.find(({ outcome }) => outcome === 'failed');
  const notChecked = report.steps.filter(({ outcome, id }) => outcome === 'skipped' && !(id === 'attestation-hash' && missing(report, 'attestation-format'))).map(({ id }) => STEP_WORDS[id].open);
  const base = { headline: HEADLINES[report.verdict], notChecked };
  switch (report.verdict) {
    case 'verified':
      return { ...base, sentence: verifiedSentence(report, about), meaning: undefined, whatToDo: undefined };
    case 'cannot-tell':
      return { ...base, sentence: 'The files agree with one another, but nothing ties them to the chain.', ...CHAIN_MISSING };
    case 'not-verified':
      return { ...base, sentence: failure === undefined ? report.summary : `This step failed: “${failure.title}”.`, ...failureWords(failure) };
  }
}

function verifiedSentence({ steps }: VerificationReport, about: 'receipt' | 'attestation'): string {
  const proofs = steps.find(({ id }) => id === 'close-proof')?.outcome === 'passed' ? ' Every proof of the epoch was checked on this device.' : '';
  return about === 'receipt'
    ? `This account is among those that the venue's proof counted, with these very holdings, as the registry recorded it.${proofs}`
    : `The attestation is the one that the registry recorded.${proofs} Whether your own account is in it, only your receipt tells.`;
}

function failureWords(failure: VerificationStep | undefined): { readonly meaning: string; readonly whatToDo: string } {
  if (failure === undefined) return { meaning: 'Something failed that this page has no words for.', whatToDo: 'Save the report and ask the venue.' };
  const { meaning, whatToDo } = STEP_WORDS[failure.id];
  const found = failure.code !== undefined && Object.hasOwn(CODE_WORDS, failure.code) ? `${CODE_WORDS[failure.code]} ` : '';
  return { meaning: `${found}${meaning}`, whatToDo };
}

function missing({ steps }: VerificationReport, id: string): boolean {
  return steps.find((step) => step.id === id)?.outcome === 'skipped';
}
