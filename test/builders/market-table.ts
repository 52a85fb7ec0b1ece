import { baseOf } from '../../src/commitment/identity.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { marketTableInput, marketTableSignals, type MarketTableShape } from '../../src/witness/market-table-input.js';
import { TEST_VENUE } from './epoch.js';

/** The smallest shapes, as circuits.json lists them. */
export const PLAIN_TABLE = { circuit: 'market-table-u16-s2', shape: { ROWS: 16, TIERS: 0, OPTIONS: 1, S: 2 } } as const;
export const TIERED_TABLE = { circuit: 'market-table-u32-s2-t', shape: { ROWS: 32, TIERS: 1, OPTIONS: 1, S: 2 } } as const;

export interface TableCircuit {
  readonly circuit: string;
  readonly shape: MarketTableShape;
}

/** Input of the proof that this table follows from what the board holds, for the test venue. */
export function tableInput(poseidon: Poseidon, table: MarketTable, { circuit, shape }: TableCircuit): CircuitInput {
  return marketTableInput(marketTableSignals(poseidon, baseOf(poseidon, TEST_VENUE), circuit, table), table, shape);
}
