import { ClearproofError } from '../error/clearproof-error.js';
import type { CircuitInput } from '../witness/circuit-input.js';
import type { Groth16Proof } from './proof.js';

/** A circuit's input signals by name. Secret. */
export type WitnessInput = CircuitInput;

/** A proof that verified, and what it proves. */
export interface ProvenStatement {
  readonly proof: Groth16Proof;
  /** In the circuit's order; canonical field elements. */
  readonly publicSignals: readonly bigint[];
}

/** Makes proofs, by circuit name. */
export interface Prover {
  /**
   * Computes the witness, proves it, and verifies the proof.
   *
   * @param signal ends the proof when it is no longer wanted; a prover in this very process may finish it all the same
   * @throws WitnessInputError, WitnessRefusedError, ProofNotVerifiedError, ProofCancelledError, errors of key loading and of the back-end
   */
  prove(circuit: string, input: WitnessInput, signal?: AbortSignal): Promise<ProvenStatement>;
  /** Lets go of keys, threads and processes. Proofs under way are finished first. */
  close(): Promise<void>;
}

/** A proof came out that does not verify. Nothing of it is kept. */
export class ProofNotVerifiedError extends ClearproofError {
  readonly code = 'PROOF_NOT_VERIFIED';
}

/** The proof was no longer wanted by who had asked for it. */
export class ProofCancelledError extends ClearproofError {
  readonly code = 'PROOF_CANCELLED';
}

/** The prover was closed and takes no more work. */
export class ProverClosedError extends ClearproofError {
  readonly code = 'PROVER_CLOSED';
}
