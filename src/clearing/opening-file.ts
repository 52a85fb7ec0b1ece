import type { KeyParts } from '../commitment/identity.js';
import { keyOf } from '../commitment/identity.js';
import { clearedCommitment, type ClearedOpening } from '../commitment/cleared-account.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { OpeningUnknownError } from './clearing-errors.js';
import type { HouseLocation } from './order.js';

/** All that is known of an account at the clearing house. Whoever has it sees what the account holds: files of it are secret. */
export interface ClearedAccountFile extends HouseLocation, KeyParts {
  /** 0 until it is open. */
  readonly handle: bigint;
  /** Newest last: what it is, what it may have become by a transition that was proven, and what it was. */
  readonly openings: readonly Omit<ClearedOpening, 'key'>[];
}

/** Openings that a file keeps: enough for transitions that wait side by side. */
export const KEPT_OPENINGS = 32;

/** The opening of what stands on the chain. @throws OpeningUnknownError */
export function openingOfCommitment(poseidon: Poseidon, file: ClearedAccountFile, commitment: bigint): ClearedOpening {
  const key = keyOf(poseidon, file);
  const found = [...file.openings].reverse().map((one) => ({ ...one, key })).find((one) => clearedCommitment(poseidon, one) === commitment);
  if (found !== undefined) return found;
  throw new OpeningUnknownError(
    `the account file has no opening of what handle ${file.handle} is on the chain: a transition was settled that it does not know; apply what was settled, or take the file it was written to`,
    { handle: file.handle },
  );
}

/** The file with one more opening; the oldest go. */
export function withOpening(file: ClearedAccountFile, { nonce, period, slots }: Omit<ClearedOpening, 'key'>): ClearedAccountFile {
  return { ...file, openings: [...file.openings, { nonce, period, slots }].slice(-KEPT_OPENINGS) };
}
