import type { NamedSignals } from './named-signals.js';
import { SOLVENCY_CLOSE_SIGNALS } from './solvency-close.js';

/** Public signals of `solvency-close-end` in order: those of `solvency-close`, then the ends of the chain of parts. */
export const SOLVENCY_CLOSE_END_SIGNALS = [...SOLVENCY_CLOSE_SIGNALS, 'tableStart', 'tableEnd'] as const;

export type SolvencyCloseEndSignals = NamedSignals<(typeof SOLVENCY_CLOSE_END_SIGNALS)[number]>;
