import type { VenueLocation } from '../attestation/attestation.js';
import { baseOfVenue } from '../attestation/venue-base.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { CircuitDefinition } from '../groth16/circuit-list.js';
import type { Groth16Proof } from '../groth16/proof.js';
import type { Prover } from '../groth16/prover.js';
import type { MarketTable } from '../risk/market-table.js';
import type { MarketTableSignals } from '../statement/market-table.js';
import { marketTableInput, marketTableSignals } from '../witness/market-table-input.js';
import { parameterOf } from './circuit-advice.js';

/** A table with the proof that it follows from what a board holds, if the board holds what the table says. */
export interface ProvenTable {
  readonly circuit: string;
  readonly signals: MarketTableSignals;
  readonly proof: Groth16Proof;
}

/**
 * Proves a table that a parameter set made, in a `market-table` circuit.
 *
 * @throws TableShapeError for a circuit of another shape, SignalsShapeError for a table without terms, and the prover's errors
 */
export async function proveMarketTable(
  prover: Prover, poseidon: Poseidon, venue: VenueLocation, circuit: CircuitDefinition, table: MarketTable,
): Promise<ProvenTable> {
  const base = baseOfVenue(poseidon, venue);
  const signals = marketTableSignals(poseidon, base, circuit.name, table);
  const [ROWS, TIERS, OPTIONS, S] = ['ROWS', 'TIERS', 'OPTIONS', 'S'].map((name) => parameterOf(circuit, name)) as [number, number, number, number];
  const { proof } = await prover.prove(circuit.name, marketTableInput(signals, table, { ROWS, TIERS, OPTIONS, S }));
  return { circuit: circuit.name, signals, proof };
}
