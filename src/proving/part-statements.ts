import { circuitIdOf } from '../commitment/digest.js';
import type { Challenges } from '../commitment/epoch-chain.js';
import { domainOf } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import type { SolvencyCloseEndSignals } from '../statement/solvency-close-end.js';
import type { SolvencyClosePartSignals } from '../statement/solvency-close-part.js';
import type { SolvencyCloseSignals } from '../statement/solvency-close.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import { solvencyCloseEndInput, solvencyClosePartInput, type ClosingState } from '../witness/solvency-close-input.js';
import { tableStateHash, tableStates, type TableState } from '../witness/table-states.js';
import type { EpochPlan } from './epoch-plan.js';
import type { CloseCircuits } from './epoch-shape.js';

/** The statements of a close in parts: the table in pieces, and the end over all of them. */
export interface PartStatements {
  readonly signals: readonly SolvencyClosePartSignals[];
  readonly endSignals: SolvencyCloseEndSignals;
  input(place: number): CircuitInput;
  endInput(): CircuitInput;
}

/** Walks the table once and states what each part takes over and hands on. */
export function partStatements(
  poseidon: Poseidon, { partBlindings, shape: { S } }: EpochPlan, close: Extract<CloseCircuits, { kind: 'parts' }>, base: bigint,
  closeSignals: SolvencyCloseSignals, challenges: Challenges, closing: ClosingState,
): PartStatements {
  const { epoch, z } = closeSignals;
  const states = tableStates(closing.table, closing.books, challenges, z, close.rows);
  const hashes = states.map((state, place) => tableStateHash(poseidon, { S, T: close.T }, partBlindings[place] as bigint, challenges, z, state));
  const domain = domainOf(poseidon, base, circuitIdOf(close.part));
  const signals = Array.from({ length: close.count }, (_, place) => ({
    domain, epoch, tableBefore: hashes[place] as bigint, tableAfter: hashes[place + 1] as bigint,
  }));
  const endSignals = { ...closeSignals, tableStart: hashes[0] as bigint, tableEnd: hashes[close.count] as bigint };
  return {
    signals, endSignals,
    input: (place) => solvencyClosePartInput(
      signals[place] as SolvencyClosePartSignals, { before: partBlindings[place] as bigint, after: partBlindings[place + 1] as bigint },
      states[place] as TableState, close.rows, challenges, z, closing,
    ),
    endInput: () => solvencyCloseEndInput(
      poseidon, endSignals, { start: partBlindings[0] as bigint, end: partBlindings[close.count] as bigint }, states[close.count] as TableState, closing,
    ),
  };
}
