import { ClearproofError } from '../error/clearproof-error.js';
import type { MarginExplanation } from '../margin/explain.js';
import { STEP_TITLES, type StepId } from './steps.js';

/** `cannot-tell`: nothing is wrong, but what the registry recorded is not at hand, so nothing ties the bundle to a chain. */
export type Verdict = 'verified' | 'not-verified' | 'cannot-tell';

export type Outcome = 'passed' | 'failed' | 'skipped';

/** What one check found. `code` is the code of the error behind a failure, if there was one. */
export interface Finding {
  readonly outcome: Outcome;
  readonly detail: string;
  readonly code?: string;
}

export interface VerificationStep extends Finding {
  readonly id: StepId;
  /** What is checked, in plain words. */
  readonly title: string;
}

/** Whether anyone can forge proofs under the keys in use: said by the registry or by the keys themselves. */
export type KeySecurity = 'insecure' | 'not-flagged' | 'unknown';

/** The outcome of a verification, for people and programs. */
export interface VerificationReport {
  readonly verdict: Verdict;
  /** One sentence, with the warning about insecure keys in it. */
  readonly summary: string;
  readonly steps: readonly VerificationStep[];
  readonly keySecurity: KeySecurity;
  /** What the verdict does not say by itself: insecure keys, a record from a file, an epoch that was not covered. */
  readonly warnings: readonly string[];
  /** The account's margin line by line; only for receipts, and only when account and table could be read. */
  readonly margin: MarginExplanation | undefined;
}

/** Exit code of a program that ran a verification. */
export const EXIT_CODES: Readonly<Record<Verdict, 0 | 1 | 2>> = { verified: 0, 'not-verified': 1, 'cannot-tell': 2 };

export function exitCodeOf(verdict: Verdict): 0 | 1 | 2 {
  return EXIT_CODES[verdict];
}

/** Any failed step refuses; without the registry's record nobody can tell. */
export function verdictOf(steps: readonly Finding[], recordAtHand: boolean): Verdict {
  if (steps.some((step) => step.outcome === 'failed')) return 'not-verified';
  return recordAtHand ? 'verified' : 'cannot-tell';
}

export function passed(detail: string): Finding {
  return { outcome: 'passed', detail };
}

export function failed(detail: string, code?: string): Finding {
  return { outcome: 'failed', detail, ...(code === undefined ? {} : { code }) };
}

export function skipped(detail: string): Finding {
  return { outcome: 'skipped', detail };
}

/** The first failure among several findings, or all details of those that passed. */
export function combined(findings: readonly Finding[]): Finding {
  const failure = findings.find((finding) => finding.outcome === 'failed');
  if (failure !== undefined) return failure;
  const counted = findings.filter((finding) => finding.outcome === 'passed');
  const shown = counted.length === 0 ? findings : counted;
  return { outcome: counted.length === 0 ? 'skipped' : 'passed', detail: shown.map((finding) => finding.detail).join('; ') };
}

/** Steps in the order in which they ran. */
export class StepLog {
  private readonly entries: VerificationStep[] = [];

  /** @param tell hears of every step once it is done */
  constructor(private readonly tell: (step: VerificationStep) => void = () => {}) {}

  get steps(): readonly VerificationStep[] {
    return this.entries;
  }

  add(id: StepId, finding: Finding): void {
    const step = Object.freeze({ id, title: STEP_TITLES[id], ...finding });
    this.entries.push(step);
    this.tell(step);
  }

  /** Runs a check; what it throws for a reason is its failure. Anything else is a fault of this program and goes up. */
  async run(id: StepId, check: () => Finding | Promise<Finding>): Promise<void> {
    try {
      this.add(id, await check());
    } catch (thrown) {
      if (!(thrown instanceof ClearproofError)) throw thrown;
      this.add(id, failed(thrown.message, thrown.code));
    }
  }
}
