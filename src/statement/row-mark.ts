import type { NamedSignals } from './named-signals.js';

/** Public signals of `row-mark` in order. circuits.json says the same; test/agreement compares. */
export const ROW_MARK_SIGNALS = ['domain', 'marketCommitment', 'row', 'mark'] as const;

export type RowMarkSignals = NamedSignals<(typeof ROW_MARK_SIGNALS)[number]>;
