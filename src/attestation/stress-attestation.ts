import type { Attestation } from './attestation.js';

/**
 * Proof of how the accounts of a published epoch would stand after a public shock: the statement of an epoch under the stressed
 * table. A file of its own kind, so that no program takes it for the epoch's attestation.
 */
export interface StressAttestation {
  readonly stress: {
    /** Name and version of the public set, and the scenario in it. */
    readonly set: string;
    readonly setVersion: string;
    readonly scenario: string;
  };
  /** SHA-256 of the epoch's attestation, whose accounts these are. */
  readonly epochAttestation: string;
  /** Venue and epoch as there; table, challenges, figures and proofs under stress. */
  readonly statement: Attestation;
}
