import type { NamedSignals } from './named-signals.js';

/** Public signals of `account-transition` in order. circuits.json says the same; test/agreement compares. */
export const ACCOUNT_TRANSITION_SIGNALS = ['frame', 'oldCommitment', 'newCommitment', 'terms', 'delta'] as const;

export type AccountTransitionSignals = NamedSignals<(typeof ACCOUNT_TRANSITION_SIGNALS)[number]>;
