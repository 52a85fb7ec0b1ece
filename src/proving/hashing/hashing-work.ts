import type { BatchShape, BookRow, Challenges, WeightedRow } from '../../commitment/epoch-chain.js';
import type { PoseidonMany } from '../../commitment/poseidon-many.js';
import type { MarketTable } from '../../risk/market-table.js';
import type { PackedSubtree } from '../../tree/filled-tree.js';
import {
  additionOf, bookOf, inversesAt, weightsOf, type BatchAddition, type BatchOfAccounts, type CommittedAccount,
} from '../../witness/epoch-transcript.js';
import type { PlannedAccount, PlannedBatch } from '../epoch-plan.js';
import { batchNamed, type EpochShape } from '../epoch-shape.js';
import { claimsOf, slotsOfPlace } from '../epoch-statements.js';
import { hashClaims, hashKeys, hashLeaves, hashSubtrees } from './bulk-hashes.js';

/*
 * What needs no batch but its own, in pieces of some batches that follow each other. Each piece is worked on alone, so any
 * process can take any piece; what goes back is as small as what the chain and the sums need.
 */

/** What all pieces of an epoch share. */
export interface HashingFrame {
  readonly market: MarketTable;
  readonly shape: EpochShape;
}

/** A batch after its accounts were hashed. */
export interface HashedBatch {
  readonly levels: PackedSubtree;
  /** Packed little-endian. */
  readonly keys: Uint8Array;
  readonly claims: bigint;
}

/** A piece after pass 1. */
export interface HashedPiece {
  readonly batches: readonly HashedBatch[];
  /** B and O over its accounts, rows 0..U-1. */
  readonly book: readonly BookRow[];
}

/** Pass 1: leaves, subtrees, claims and book. */
export async function hashPiece(many: PoseidonMany, { market, shape }: HashingFrame, batches: readonly PlannedBatch[]): Promise<HashedPiece> {
  const claimed = claimedBatches(market, shape, batches);
  const keys = await hashKeys(many, batches);
  const leaves = await hashLeaves(many, claimed, keys);
  const [levels, claims] = await Promise.all([hashSubtrees(many, leaves), hashClaims(many, claimed)]);
  return {
    batches: keys.map((own, place) => ({ levels: levels[place] as PackedSubtree, keys: own, claims: claims[place] as bigint })),
    book: bookOf(claimed, shape.close.U),
  };
}

/** The weighted book of a piece, rows 0..U+T-1. @param power alpha to the piece's first position */
export function weighPiece(
  { market, shape }: HashingFrame, batches: readonly PlannedBatch[], power: bigint, { alpha, r }: Pick<Challenges, 'alpha' | 'r'>,
): readonly WeightedRow[] {
  const placed = accountsOf(batches, shape, (batch, place) => ({ slots: slotsOfPlace(market, batch, place), headrooms: [], excess: [] }));
  return weightsOf(placed, shape.close.U + shape.close.T, power, alpha, r);
}

/** Pass 2: what each batch of a piece adds to the sums. @param power alpha to the piece's first position */
export function addPiece(
  { market, shape }: HashingFrame, batches: readonly PlannedBatch[], power: bigint, challenges: Challenges,
): readonly BatchAddition[] {
  const inverseAt = inversesAt(challenges.beta);
  return claimedBatches(market, shape, batches).map((batch) => {
    const addition = additionOf(batch, power, challenges, inverseAt);
    power = addition.powerAfter;
    return addition;
  });
}

/** Accounts with all they claim; the sums look at nothing that is hashed. */
function claimedBatches(market: MarketTable, shape: EpochShape, batches: readonly PlannedBatch[]): BatchOfAccounts[] {
  return accountsOf(batches, shape, (batch, place) => claimsOf(market, batch, place));
}

function accountsOf(
  batches: readonly PlannedBatch[], shape: EpochShape, claims: (batch: BatchShape, place: PlannedAccount) => ReturnType<typeof claimsOf>,
): BatchOfAccounts[] {
  return batches.map(({ circuit, places }) => {
    const batch = batchNamed(shape, circuit).shape;
    return { shape: batch, accounts: places.map((place): CommittedAccount => ({ key: 0n, leaf: 0n, salt: place.salt, ...claims(batch, place) })) };
  });
}
