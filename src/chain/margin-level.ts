import type { MarginLevel } from '../risk/market-table.js';

/** Codes of MarginLevel in contracts; 0 is none. */
export const LEVEL_CODES: Readonly<Record<MarginLevel, number>> = { maintenance: 1, initial: 2 };
