import { ClearproofError, type ErrorDetails } from '../error/clearproof-error.js';
import { ExternalProverError } from './external-prover.js';
import { KeyManifestError } from './key-manifest-format.js';
import { KeyHashError, KeyMissingError } from './key-manifest.js';
import { NativeProgramDiedError, NativeProgramError, NativeRefusal } from '../native/program.js';
import { KeyMalformedError } from './proving-key.js';
import { ProofNotVerifiedError, type ProvenStatement, type WitnessInput } from './prover.js';
import type { ProverConfig } from './prover-config.js';
import { KeyWithoutContributionError, VerificationKeyError } from './verification-key.js';
import { WitnessInputError, WitnessRefusedError } from './witness-calculator.js';

/** What the pool sends to a worker process. The witness input passes between two processes of one user, over a pipe. */
export type ToWorker =
  | { readonly kind: 'start'; readonly config: ProverConfig; readonly oneThread: boolean }
  | { readonly kind: 'prove'; readonly id: number; readonly circuit: string; readonly input: WitnessInput };

/** What a worker answers. */
export type FromWorker =
  | { readonly kind: 'proven'; readonly id: number; readonly statement: ProvenStatement }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: ErrorMessage };

export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** A worker process failed in a way nobody foresaw. */
export class ProverWorkerError extends ClearproofError {
  readonly code = 'PROVER_WORKER';
}

/** Errors that keep their class on the way from a worker. */
const KNOWN = [
  ...[ExternalProverError, KeyHashError, KeyMalformedError, KeyManifestError, KeyMissingError, KeyWithoutContributionError],
  ...[NativeProgramDiedError, NativeProgramError, NativeRefusal],
  ...[ProofNotVerifiedError, VerificationKeyError, WitnessInputError, WitnessRefusedError],
];

/** An error as plain data. Of unforeseen ones only class and place are told: their text could hold a value of the witness. */
export function toErrorMessage(thrown: unknown): ErrorMessage {
  if (thrown instanceof ClearproofError) return { name: thrown.name, message: thrown.message, details: thrown.details };
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const place = thrown instanceof Error ? (/\n\s+at (.*)/.exec(thrown.stack ?? '')?.[1] ?? 'an unknown place') : 'an unknown place';
  return { name: ProverWorkerError.name, message: `a prover process failed with ${name} at ${place}`, details: { name, place } };
}

export function fromErrorMessage({ name, message, details }: ErrorMessage): ClearproofError {
  const Known = KNOWN.find((candidate) => candidate.name === name) ?? ProverWorkerError;
  return new Known(message, details);
}
