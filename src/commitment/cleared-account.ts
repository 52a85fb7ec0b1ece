import type { Holding } from '../venue/account.js';
import { accountLeaf } from './account-leaf.js';
import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** An account at the clearing house, as it is committed on chain. Holds what nobody else may know: never logged. */
export interface ClearedOpening {
  readonly key: bigint;
  /** Random, below p. */
  readonly nonce: bigint;
  /** Funding period up to which its perpetuals are settled, below 2^32. */
  readonly period: number;
  /** All slots, unused ones too, indices ascending. */
  readonly slots: readonly Holding[];
}

/** Salt of the leaf: H(tag, nonce, period). */
export function clearedSalt(poseidon: Poseidon, nonce: bigint, period: number): bigint {
  return hashList(poseidon, tagOf('clearedSalt'), [nonce, BigInt(period)]);
}

/** Nonce after a transition without the owner: H(tag, nonce, delta). The owner, who knows both, can open the account. */
export function derivedNonce(poseidon: Poseidon, nonce: bigint, delta: bigint): bigint {
  return hashList(poseidon, tagOf('derivedNonce'), [nonce, delta]);
}

/** What stands on chain under the account's handle. */
export function clearedCommitment(poseidon: Poseidon, { key, nonce, period, slots }: ClearedOpening): bigint {
  return accountLeaf(poseidon, key, clearedSalt(poseidon, nonce, period), slots);
}
