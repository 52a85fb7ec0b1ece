import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** What an account is known by. */
export interface NullifierParts {
  /** Key of the account. */
  readonly key: bigint;
  /** Venue on its chain, without a circuit: proofs of every circuit name an account alike. */
  readonly base: bigint;
  readonly epoch: bigint;
  /** 0 for everything that takes value; else 80 bits that keep the consumers of proofs apart. */
  readonly scope: bigint;
}

/** H(tag, key, base, epoch, scope): one name of an account in an epoch, which says nothing about it to those who do not know the key. */
export function nullifierOf(poseidon: Poseidon, { key, base, epoch, scope }: NullifierParts): bigint {
  return hashList(poseidon, tagOf('nullifier'), [key, base, epoch, scope]);
}
