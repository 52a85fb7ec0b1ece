import { setImmediate } from 'node:timers/promises';
import { ARITY, emptyNodes, MerkleTree16 } from '../../commitment/merkle-tree-16.js';
import type { Poseidon } from '../../commitment/poseidon.js';

/** Hashes between two pauses: some hundredths of a second, so that heartbeats and requests come through meanwhile. */
const HASHES_AT_ONCE = 64;

/** `MerkleTree16.ofLeaves` for a process that has other things to do: a million leaves take most of a minute. */
export async function treeOfLeaves(poseidon: Poseidon, depth: number, leaves: readonly bigint[]): Promise<MerkleTree16> {
  const empty = emptyNodes(poseidon, depth);
  const levels: (readonly bigint[])[] = [leaves];
  for (let level = 0; level < depth; level += 1) {
    const children = levels[level] as readonly bigint[];
    const parents: bigint[] = [];
    for (let first = 0; first < children.length; first += ARITY) {
      const group = children.slice(first, first + ARITY);
      while (group.length < ARITY) group.push(empty[level] as bigint);
      parents.push(poseidon.hash(group));
      if (parents.length % HASHES_AT_ONCE === 0) await setImmediate();
    }
    levels.push(parents);
  }
  return MerkleTree16.ofLevels(poseidon, levels);
}
