import { packHoldings } from '../../commitment/account-leaf.js';
import { digestOf } from '../../commitment/digest.js';
import { packExcesses, packHeadrooms, type BatchShape } from '../../commitment/epoch-chain.js';
import { ARITY } from '../../commitment/merkle-tree-16.js';
import { hashLists, hashListsOf, type PoseidonMany } from '../../commitment/poseidon-many.js';
import { tagOf } from '../../commitment/tags.js';
import { ELEMENT_BYTES } from '../../field/element-bytes.js';
import { ElementWriter } from '../../field/little-endian-elements.js';
import { cellLevel } from '../../tree/batch-insertion.js';
import type { PackedSubtree } from '../../tree/filled-tree.js';
import type { BatchOfAccounts } from '../../witness/epoch-transcript.js';
import type { PlannedBatch } from '../epoch-plan.js';

/*
 * What `keyOf`, `accountLeaf`, `subtreeLevels` and `claimsHash` hash one by one, for many batches at once. All lists are packed
 * little-endian, for each batch one piece of bytes.
 */

/** Keys under which the places of each batch stand. */
export async function hashKeys(many: PoseidonMany, batches: readonly PlannedBatch[]): Promise<Uint8Array[]> {
  const places = batches.flatMap((batch) => batch.places);
  // Padding has its key already.
  const users = places.filter((place) => place.kind !== 'padding');
  const parts = new ElementWriter(3 * users.length);
  for (const { owner, userId, subAccount } of users) {
    parts.write(owner);
    parts.write(digestOf(userId));
    parts.write(BigInt(subAccount));
  }
  const hashed = await hashLists(many, tagOf('key'), 3, parts.bytes);
  const keys = new ElementWriter(places.length);
  let next = 0;
  for (const place of places) {
    if (place.kind === 'padding') keys.write(place.key);
    else keys.copy(hashed.subarray(next, next += ELEMENT_BYTES));
  }
  return split(keys.bytes, batches.map((batch) => batch.places.length));
}

/** Leaves of each batch's accounts. @param keys of each batch */
export function hashLeaves(many: PoseidonMany, batches: readonly BatchOfAccounts[], keys: readonly Uint8Array[]): Promise<Uint8Array[]> {
  return inGroups(batches, ({ shape: { K } }) => K, async (group, places) => {
    const { K } = (group[0] as BatchOfAccounts).shape;
    const words = packHoldings((group[0] as BatchOfAccounts).accounts[0]?.slots ?? []).length;
    const lists = new ElementWriter(group.reduce((sum, { accounts }) => sum + accounts.length, 0) * (2 + words));
    group.forEach(({ accounts }, at) => {
      const own = keys[places[at] as number] as Uint8Array;
      accounts.forEach(({ salt, slots }, number) => {
        lists.copy(own.subarray(ELEMENT_BYTES * number, ELEMENT_BYTES * (number + 1)));
        lists.write(salt);
        for (const word of packHoldings(slots)) lists.write(word);
      });
    });
    return split(await hashLists(many, tagOf('leaf', K), 2 + words, lists.bytes), group.map(({ accounts }) => accounts.length));
  });
}

/** Subtrees over each batch's leaves. */
export function hashSubtrees(many: PoseidonMany, leaves: readonly Uint8Array[]): Promise<PackedSubtree[]> {
  return inGroups(leaves, (own) => cellLevel(own.length / ELEMENT_BYTES), async (group) => {
    const levels: Uint8Array[][] = [[...group]];
    for (let level = cellLevel((group[0] as Uint8Array).length / ELEMENT_BYTES); level > 0; level -= 1) {
      const below = levels.at(-1) as Uint8Array[];
      levels.push(split(await many.hashMany(ARITY, joined(below)), below.map((nodes) => nodes.length / ELEMENT_BYTES / ARITY)));
    }
    return group.map((_, at) => levels.map((nodes) => nodes[at] as Uint8Array));
  });
}

/** Hash of all claims of each batch. */
export function hashClaims(many: PoseidonMany, batches: readonly BatchOfAccounts[]): Promise<bigint[]> {
  return inGroups(batches, ({ shape }) => nameOf(shape), (group) => {
    const { K, N, S, W, T } = (group[0] as BatchOfAccounts).shape;
    const lists = group.map(({ accounts }) => [
      ...packExcesses(accounts.flatMap(({ excess }) => excess), W), ...packHeadrooms(accounts.flatMap(({ headrooms }) => headrooms)),
    ]);
    return hashListsOf(many, tagOf('claims', K, N, S, W, T), lists);
  });
}

function nameOf({ K, N, S, W, T }: BatchShape): string {
  return [K, N, S, W, T].join();
}

/** Does work on items that are alike all at once, and gives the results in the items' order. */
async function inGroups<Item, Result>(
  items: readonly Item[], alike: (item: Item) => unknown, work: (group: readonly Item[], places: readonly number[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const groups = new Map<unknown, number[]>();
  items.forEach((item, place) => {
    const name = alike(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [place]);
    else group.push(place);
  });
  const results = new Array<Result>(items.length);
  for (const places of groups.values()) {
    const group = await work(places.map((place) => items[place] as Item), places);
    places.forEach((place, at) => (results[place] = group[at] as Result));
  }
  return results;
}

/** Packed elements in pieces of so many each. */
function split(elements: Uint8Array, counts: readonly number[]): Uint8Array[] {
  let at = 0;
  return counts.map((count) => {
    const piece = elements.slice(at, at + ELEMENT_BYTES * count);
    at += ELEMENT_BYTES * count;
    return piece;
  });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const writer = new ElementWriter(pieces.reduce((sum, { length }) => sum + length, 0) / ELEMENT_BYTES);
  for (const piece of pieces) writer.copy(piece);
  return writer.bytes;
}
