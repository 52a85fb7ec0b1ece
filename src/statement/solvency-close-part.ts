import type { NamedSignals } from './named-signals.js';

/** Public signals of `solvency-close-part` in order. circuits.json says the same; test/agreement compares. */
export const SOLVENCY_CLOSE_PART_SIGNALS = ['domain', 'epoch', 'tableBefore', 'tableAfter'] as const;

export type SolvencyClosePartSignals = NamedSignals<(typeof SOLVENCY_CLOSE_PART_SIGNALS)[number]>;
