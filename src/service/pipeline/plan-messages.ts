import type { VenueLocation } from '../../attestation/attestation.js';
import { ClearproofError, type ErrorDetails } from '../../error/clearproof-error.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import { CircuitListError } from '../../groth16/circuit-list.js';
import type { EpochFigures } from '../../proving/epoch-attestation.js';
import { HashingProcessError } from '../../proving/hashing/hashing-messages.js';
import { PlanError, PrivatePlanError } from '../../proving/plan-checks.js';
import { PlanFileError } from '../../proving/plan-format.js';
import { ShapeMismatchError } from '../../proving/shape-mismatch-error.js';
import type { StoredPlace } from '../../store/places.js';
import type { Task } from '../../store/tasks.js';

/** What an epoch is planned from, beside the snapshot. */
export interface PlanRequest {
  readonly venue: VenueLocation;
  readonly epoch: number;
  /** A market table's text. */
  readonly market: string;
  readonly circuits: readonly CircuitDefinition[];
  /** Circuits an error may advise to take instead. */
  readonly catalogue: readonly CircuitDefinition[];
}

/** What a plan leads to; places and tasks are asked for one after another. */
export interface Derived {
  readonly figures: EpochFigures;
  readonly places: number;
  readonly tasks: number;
}

/** Questions to the planning process and the answers to them. Every question is answered before the next is asked, so no side piles up. */
export interface PlannerAnswers {
  /** A part of the snapshot (NDJSON), or of a sealed plan's places (lines, gzip). */
  accept: { readonly question: { readonly part: Uint8Array }; readonly answer: true };
  /** Plans from the parts it was given; answers the sealed header and how many parts its places take. */
  plan: { readonly question: { readonly request: PlanRequest }; readonly answer: { readonly header: string; readonly parts: number } };
  part: { readonly question: { readonly part: number }; readonly answer: Uint8Array };
  /** Takes up a sealed plan whose parts it was given. */
  unseal: { readonly question: { readonly header: string }; readonly answer: true };
  derive: { readonly question: Record<never, never>; readonly answer: Derived };
  places: { readonly question: { readonly from: number; readonly count: number }; readonly answer: readonly StoredPlace[] };
  task: { readonly question: { readonly place: number }; readonly answer: Task };
}

export type PlannerQuestion = { [Kind in keyof PlannerAnswers]: { readonly kind: Kind } & PlannerAnswers[Kind]['question'] }[keyof PlannerAnswers];

export type PlannerReply =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly details: ErrorDetails };

/** The snapshot cannot be planned, for a reason that names an account or a quantity. */
export class SnapshotRefusedError extends ClearproofError {
  readonly code = 'SNAPSHOT_REFUSED';
}

/** Planning failed in a way nobody foresaw, or its process died. */
export class PlannerError extends ClearproofError {
  readonly code = 'PLANNER';
}

/** Errors whose text holds nothing of any account. */
const PUBLIC = [PlanError, PlanFileError, ShapeMismatchError, CircuitListError, SnapshotRefusedError] as const;

/** An error as plain data that anybody may read: what names an account or a quantity is told by its class only. */
export function toPublicFailure(thrown: unknown): Extract<PlannerReply, { kind: 'failed' }> {
  if (thrown instanceof ClearproofError && !(thrown instanceof PrivatePlanError) && PUBLIC.some((known) => thrown instanceof known)) {
    return { kind: 'failed', name: thrown.name, message: thrown.message, details: thrown.details };
  }
  // Of the moment or the machine, so that it is tried again; its text may repeat what a piece of the epoch was refused for.
  if (thrown instanceof HashingProcessError) {
    return { kind: 'failed', name: PlannerError.name, message: 'a hashing process of the planning process ended early or failed: look for lack of memory', details: { reason: thrown.code } };
  }
  if (thrown instanceof ClearproofError) {
    return {
      kind: 'failed', name: SnapshotRefusedError.name, details: { reason: thrown.code },
      message: `the snapshot cannot be planned (${thrown.code}): its findings name the accounts; correct them and start the epoch with the new snapshot`,
    };
  }
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const place = thrown instanceof Error ? (/\n\s+at (.*)/.exec(thrown.stack ?? '')?.[1] ?? 'an unknown place') : 'an unknown place';
  return { kind: 'failed', name: PlannerError.name, message: `planning failed with ${name} at ${place}`, details: { name, place } };
}

export function fromPublicFailure({ name, message, details }: Extract<PlannerReply, { kind: 'failed' }>): ClearproofError {
  const Known = PUBLIC.find((known) => known.name === name) ?? PlannerError;
  return new Known(message, details);
}
