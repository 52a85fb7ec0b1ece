import { ClearproofError } from '../error/clearproof-error.js';
import { failed, type Finding, type Verdict } from './report.js';

/** Every step a report on a balance receipt has, with its title in plain words. Ids are stable: programs read them. */
const BALANCE_STEP_TITLES = {
  'balance-format': 'The balance receipt can be read',
  recipient: 'The receipt is for you',
  'balance-opening': 'What was signed is what the file says',
  'balance-expected': 'It promises what you expect',
  'balance-place': 'The venue answers to the contract that it is signed for',
  'balance-signature': 'The signature is the named signer\'s',
  'balance-signer': 'The venue named this signer',
  'balance-time': 'It is valid now',
} as const;

export type BalanceStepId = keyof typeof BALANCE_STEP_TITLES;

export interface BalanceStep extends Finding {
  readonly id: BalanceStepId;
  readonly title: string;
}

/** The outcome of checking a balance receipt, for people and programs. */
export interface BalanceReport {
  readonly verdict: Verdict;
  readonly summary: string;
  readonly steps: readonly BalanceStep[];
  readonly warnings: readonly string[];
}

/** Steps in the order in which they ran. */
export class BalanceStepLog {
  private readonly entries: BalanceStep[] = [];

  get steps(): readonly BalanceStep[] {
    return this.entries;
  }

  /** Runs a check; what it throws for a reason is its failure. Anything else is a fault of this program and goes up. */
  run(id: BalanceStepId, check: () => Finding): void {
    this.entries.push(Object.freeze({ id, title: BALANCE_STEP_TITLES[id], ...findingOf(check) }));
  }
}

function findingOf(check: () => Finding): Finding {
  try {
    return check();
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return failed(thrown.message, thrown.code);
  }
}
