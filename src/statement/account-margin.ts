import type { NamedSignals } from './named-signals.js';

/** Public signals of `account-margin` in order. circuits.json says the same; test/agreement compares. */
export const ACCOUNT_MARGIN_SIGNALS = ['frame', 'terms', 'nullifier', 'nullifierNext'] as const;

export type AccountMarginSignals = NamedSignals<(typeof ACCOUNT_MARGIN_SIGNALS)[number]>;
