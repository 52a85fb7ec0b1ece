import type { VenueLocation } from '../attestation/attestation.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import type { EpochSubmission } from '../chain/epoch-submission.js';
import type { StressSet } from '../risk/stress/stress-set.js';
import type { KnownCircuit } from '../verification/circuit-check.js';
import type { BundleText } from '../verification/evidence.js';
import type { TrustedKeyHashes } from '../verification/key-check.js';
import type { VerificationStep } from '../verification/report.js';
import type { AuditFinding } from './audit-finding.js';
import type { TableSources } from './check-market-table.js';

/** All that one epoch's verification needs: it can be done in a process of its own. */
export interface EpochJob {
  readonly epoch: number;
  readonly venue: VenueLocation;
  /** Undefined where words are known to nobody: then nothing ties proofs to the chain. */
  readonly record: OnChainRecord | undefined;
  readonly attestations: readonly BundleText[];
  readonly stress: readonly BundleText[];
  readonly stressSets: readonly StressSet[];
  /** From the transaction; looked at when no attestation is at hand. */
  readonly submission: EpochSubmission | undefined;
  /** Verification keys by circuit name, from wherever they were found: only those with the registry's hash are used. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly trustedKeyHashes: TrustedKeyHashes | undefined;
  readonly circuits: readonly KnownCircuit[];
  /** Undefined where no market board accepted the table. */
  readonly sources: TableSources | undefined;
}

/** Where the proofs that were verified came from. */
export type ProofSource = 'attestation' | 'transaction' | 'none';

/** A figure of a stress attestation that holds. */
export interface StressOutcome {
  readonly set: string;
  readonly scenario: string;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
}

export interface EpochOutcome {
  readonly epoch: number;
  readonly source: ProofSource;
  /** Proofs that hold. */
  readonly proofs: number;
  /** What was checked, step by step, of whatever held, or of the first that did not. */
  readonly steps: readonly VerificationStep[];
  readonly findings: readonly AuditFinding[];
  readonly stress: readonly StressOutcome[];
}
