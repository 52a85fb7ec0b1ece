import type { MarginExplanation } from '../margin/explain.js';
import type { VerificationStep } from './report.js';

/** Who wants to show a verification while it runs. What is told is final; what throws here ends the verification. */
export interface VerificationProgress {
  /** After every step, in order. */
  readonly step?: (step: VerificationStep) => void;
  /** As soon as the account's margin is known, which is before any proof is looked at. */
  readonly margin?: (margin: MarginExplanation) => void;
  /** After every proof of an attestation that verified: its place from 1, of all there are. */
  readonly proof?: (done: number, of: number) => void;
}
