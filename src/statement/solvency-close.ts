import type { NamedSignals } from './named-signals.js';

/** Public signals of `solvency-close` in order. circuits.json says the same; test/agreement compares. */
export const SOLVENCY_CLOSE_SIGNALS = [
  'domain', 'epoch', 'marketCommitment', 'genesisAccumulator', 'finalAccumulator', 'accountsRoot',
  'accountsBound', 'unhealthyBound', 'shortfall', 'z', 'settlementValue',
] as const;

export type SolvencyCloseSignals = NamedSignals<(typeof SOLVENCY_CLOSE_SIGNALS)[number]>;
