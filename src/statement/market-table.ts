import type { NamedSignals } from './named-signals.js';

/** Public signals of `market-table` in order. circuits.json says the same; test/agreement compares. */
export const MARKET_TABLE_SIGNALS = [
  'domain', 'marketCommitment', 'level', 'snapshotTime', 'valueScale', 'settlementAssets', 'z', 'tableValue',
] as const;

export type MarketTableSignals = NamedSignals<(typeof MARKET_TABLE_SIGNALS)[number]>;
