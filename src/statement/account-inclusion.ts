import type { NamedSignals } from './named-signals.js';

/** Public signals of `account-inclusion` in order. circuits.json says the same; test/agreement compares. */
export const ACCOUNT_INCLUSION_SIGNALS = ['domain', 'accountsRoot', 'balance'] as const;

export type AccountInclusionSignals = NamedSignals<(typeof ACCOUNT_INCLUSION_SIGNALS)[number]>;
