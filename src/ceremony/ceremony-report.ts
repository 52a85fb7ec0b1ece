import { ClearproofError } from '../error/clearproof-error.js';
import { CeremonyIncompleteError } from './ceremony-folder.js';

/** What was asked for is missing here: not the ceremony's fault, but nothing can be said. */
export class CannotTellError extends ClearproofError {
  readonly code = 'CANNOT_TELL';
}

/** Two things of a ceremony that must agree do not. */
export class CeremonyMismatchError extends ClearproofError {
  readonly code = 'CEREMONY_MISMATCH';
}

/** What is asked of a ceremony, in the order in which it is asked. */
export type CeremonyQuestionName =
  | 'records' | 'phase-1 file' | 'phase-1 ceremony' | 'signature' | 'minimum' | 'beacon' | 'block' | 'announcement'
  | 'circuit' | 'initial key' | 'older keys' | 'key' | 'contributions' | 'lineage' | 'verification key' | 'transcript';

export type StepOutcome = 'passed' | 'failed' | 'unknown';

/** One answer. */
export interface CeremonyStep {
  readonly question: CeremonyQuestionName;
  /** Circuit or contribution asked about; absent for the ceremony as a whole. */
  readonly subject?: string;
  readonly outcome: StepOutcome;
  /** A sentence for people. */
  readonly says: string;
  /** Code of the error behind an outcome that is not `passed`. */
  readonly code?: string;
}

/** Every step passed; one failed; or none failed and something could not be asked. */
export type CeremonyOutcome = 'holds' | 'fails' | 'cannot tell';

/** Collects steps: a refusal becomes an answer, and what is no refusal of this project is thrown on. */
export class StepList {
  private readonly list: CeremonyStep[] = [];

  /** @returns what `ask` found, or undefined where it did not pass. `ask` returns its sentence and the value that later steps need. */
  async ask<Value>(question: CeremonyQuestionName, subject: string | undefined, ask: () => Promise<Answer<Value>> | Answer<Value>): Promise<Value | undefined> {
    const about = subject === undefined ? { question } : { question, subject };
    try {
      const { says, value } = await ask();
      this.list.push({ ...about, outcome: 'passed', says });
      return value;
    } catch (thrown) {
      if (!(thrown instanceof ClearproofError)) throw thrown;
      this.list.push({ ...about, outcome: cannotTell(thrown) ? 'unknown' : 'failed', says: thrown.message, code: thrown.code });
      return undefined;
    }
  }

  get steps(): readonly CeremonyStep[] {
    return Object.freeze([...this.list]);
  }

  get outcome(): CeremonyOutcome {
    if (this.list.some(({ outcome }) => outcome === 'failed')) return 'fails';
    return this.list.some(({ outcome }) => outcome === 'unknown') ? 'cannot tell' : 'holds';
  }
}

/** A passed step's sentence, and what it found. */
export interface Answer<Value> {
  readonly says: string;
  readonly value: Value;
}

/** Something is missing here, or the system would not read or write: says nothing against the ceremony. */
function cannotTell(error: ClearproofError): boolean {
  if (error instanceof CannotTellError || error instanceof CeremonyIncompleteError) return true;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('syscall' in cause) return true;
  }
  return false;
}
