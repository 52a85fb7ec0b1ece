import type { NamedSignals } from './named-signals.js';

/** Public signals of `solvency-batch` in order. circuits.json says the same; test/agreement compares. */
export const SOLVENCY_BATCH_SIGNALS = ['domain', 'epoch', 'accumulatorBefore', 'accumulatorAfter'] as const;

export type SolvencyBatchSignals = NamedSignals<(typeof SOLVENCY_BATCH_SIGNALS)[number]>;
