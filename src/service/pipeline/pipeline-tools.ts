import type { Attestation } from '../../attestation/attestation.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import type { Groth16Proof } from '../../groth16/proof.js';
import type { Prover } from '../../groth16/prover.js';
import type { Database, Sql } from '../../store/database.js';
import type { EpochSource } from '../../store/epoch-source.js';
import type { StepKind } from '../../store/job-queue.js';
import type { StepLease } from '../../store/steps.js';
import type { Log } from '../log.js';
import type { Planning } from './planning-child.js';

/** An attestation that is to be published. */
export interface SubmissionRequest {
  readonly epoch: bigint;
  readonly source: EpochSource;
  readonly attestation: Attestation;
}

/** A step under way. */
export interface StepWork {
  readonly lease: StepLease;
  readonly worker: string;
  /** Aborted when the result is no longer wanted: the lease was lost, or the worker stops. */
  readonly signal: AbortSignal;
}

/** What a step did, stored by the transaction that ends it: nothing of it is stored when the lease was lost. */
export type StepResult = (sql: Sql) => Promise<void>;

export type StepHandler = (work: StepWork) => Promise<StepResult>;

/** Who inserts steps. */
export interface StepAdder {
  add(sql: Sql, steps: readonly { readonly epoch: bigint; readonly name: string; readonly kind: StepKind; readonly cost?: number }[]): Promise<number>;
}

/** What the steps of an epoch need from outside. */
export interface PipelineTools {
  readonly database: Database;
  readonly steps: StepAdder;
  /** All circuits there are. */
  readonly catalogue: readonly CircuitDefinition[];
  readonly prover: Prover;
  /** True when the proof is valid for these signals. */
  readonly verify: (circuit: string, publicSignals: readonly bigint[], proof: Groth16Proof) => Promise<boolean>;
  /** Verification key by circuit name, for the attestation. */
  readonly verificationKey: (circuit: string) => Promise<unknown>;
  /** Puts the publication of an attestation into the outbox, in the transaction that stores it. */
  readonly enqueueSubmission: (sql: Sql, submission: SubmissionRequest) => Promise<void>;
  /** Makes an epoch's receipts ready; what it returns is stored in the transaction that ends the step. */
  readonly exportReceipts: (work: StepWork) => Promise<StepResult>;
  /** Drops what a final epoch needs no more, in the transaction that ends the step. */
  readonly retireEpoch: (sql: Sql, epoch: bigint) => Promise<void>;
  readonly log: Log;
  /** Starts planning: a PlanningChild, since plans take a processor for minutes. */
  readonly startPlanning: (signal: AbortSignal) => Planning;
}
