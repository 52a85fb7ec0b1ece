import { claimsHash, type BookRow, type Challenges, type WeightedRow } from '../../commitment/epoch-chain.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { packElements } from '../../field/element-bytes.js';
import type { MarketTable } from '../../risk/market-table.js';
import { subtreeLevels } from '../../tree/batch-insertion.js';
import {
  additionOf, bookOf, inversesAt, weightsOf, type BatchAddition, type BatchOfAccounts, type CommittedAccount,
} from '../../witness/epoch-transcript.js';
import type { PlannedBatch } from '../epoch-plan.js';
import { batchNamed, type EpochShape } from '../epoch-shape.js';
import { claimsOf, commit } from '../epoch-statements.js';

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
  /** Packed nodes of the batch's subtrees, from the leaves up to its cells. */
  readonly levels: readonly Uint8Array[];
  /** Packed. */
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
export function hashPiece(poseidon: Poseidon, { market, shape }: HashingFrame, batches: readonly PlannedBatch[]): HashedPiece {
  const committed = batches.map(({ circuit, places }): BatchOfAccounts => {
    const batch = batchNamed(shape, circuit).shape;
    return { shape: batch, accounts: places.map((place) => commit(poseidon, market, batch, place)) };
  });
  return { batches: committed.map((batch) => hashBatch(poseidon, batch)), book: bookOf(committed, shape.close.U) };
}

function hashBatch(poseidon: Poseidon, { shape, accounts }: BatchOfAccounts): HashedBatch {
  return {
    levels: subtreeLevels(poseidon, accounts.map(({ leaf }) => leaf)).map(packElements),
    keys: packElements(accounts.map(({ key }) => key)),
    claims: claimsHash(poseidon, shape, accounts.flatMap(({ excess }) => excess), accounts.flatMap(({ headrooms }) => headrooms)),
  };
}

/** The weighted book of a piece, rows 0..U+T-1. @param power alpha to the piece's first position */
export function weighPiece(
  { market, shape }: HashingFrame, batches: readonly PlannedBatch[], power: bigint, { alpha, r }: Pick<Challenges, 'alpha' | 'r'>,
): readonly WeightedRow[] {
  return weightsOf(claimedBatches(market, shape, batches), shape.close.U + shape.close.T, power, alpha, r);
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
  return batches.map(({ circuit, places }) => {
    const batch = batchNamed(shape, circuit).shape;
    return { shape: batch, accounts: places.map((place): CommittedAccount => ({ key: 0n, leaf: 0n, salt: place.salt, ...claimsOf(market, batch, place) })) };
  });
}
