import type { Challenges, WeightedRow } from '../../commitment/epoch-chain.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { BatchAddition } from '../../witness/epoch-transcript.js';
import type { PlannedBatch } from '../epoch-plan.js';
import type { HashedPiece, HashingFrame } from './hashing-work.js';

/** A piece of an epoch and what is to be done with it. Secret. */
export type HashingJob =
  | { readonly kind: 'hash'; readonly batches: readonly PlannedBatch[] }
  | { readonly kind: 'weigh'; readonly batches: readonly PlannedBatch[]; readonly power: bigint; readonly challenges: Pick<Challenges, 'alpha' | 'r'> }
  | { readonly kind: 'add'; readonly batches: readonly PlannedBatch[]; readonly power: bigint; readonly challenges: Challenges };

/** What comes of each kind of job. */
export interface HashingResults {
  readonly hash: HashedPiece;
  readonly weigh: readonly WeightedRow[];
  readonly add: readonly BatchAddition[];
}

/** What a process is sent. Secret: passes between two processes of one user, over a pipe. */
export type ToHashingProcess =
  | { readonly kind: 'frame'; readonly frame: HashingFrame; /** Path of the native program, if it hashes. */ readonly native: string | undefined }
  | { readonly kind: 'job'; readonly id: number; readonly job: HashingJob };

export type FromHashingProcess =
  | { readonly id: number; readonly result: HashingResults[keyof HashingResults] }
  | { readonly id: number; readonly failure: string };

/** A hashing process ended, or could not do its work: the epoch is stated again from its plan. */
export class HashingProcessError extends ClearproofError {
  readonly code = 'HASHING_PROCESS';
}

/** What may be said of an error: texts of unforeseen ones could hold a position. */
export function failureOf(thrown: unknown): string {
  if (thrown instanceof ClearproofError) return thrown.message;
  return thrown instanceof Error ? thrown.name : typeof thrown;
}
