import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/** Where an account stands: in an epoch's tree, or alone on the chain. */
export type AnchorSource = 'tree' | 'chain';

/** As frames code it. */
export const SOURCE_CODE: Readonly<Record<AnchorSource, number>> = { tree: 0, chain: 1 };

/** What is the same for all accounts of an epoch under a table. */
export interface FrameParts {
  readonly domain: bigint;
  readonly epoch: bigint;
  readonly source: AnchorSource;
  /** Root of the accounts tree, or the account's commitment. */
  readonly anchor: bigint;
  readonly marketCommitment: bigint;
}

/** H(tag(source), domain, epoch, anchor, market commitment): first public signal of account proofs. */
export function accountFrame(poseidon: Poseidon, { domain, epoch, source, anchor, marketCommitment }: FrameParts): bigint {
  return hashList(poseidon, tagOf('frame', SOURCE_CODE[source]), [domain, epoch, anchor, marketCommitment]);
}
