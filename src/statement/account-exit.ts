import type { NamedSignals } from './named-signals.js';

/** Public signals of `account-exit` in order. circuits.json says the same; test/agreement compares. */
export const ACCOUNT_EXIT_SIGNALS = ['frame', 'equity', 'recipient', 'nullifier'] as const;

export type AccountExitSignals = NamedSignals<(typeof ACCOUNT_EXIT_SIGNALS)[number]>;
