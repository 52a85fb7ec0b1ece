import { cellLevel } from '../tree/batch-insertion.js';
import type { BatchCircuit, CloseCircuits } from './epoch-shape.js';

/*
 * Constraints of each circuit, estimated from its shape: what the planner weighs circuits by and progress is told in.
 * Read off counts of compiled circuits with S = 2 and 16, K = 3 to 50, T = 0 to 4; within 4% of each
 * (test/proving/proof-costs.test.ts compares with what is compiled). No proof depends on them.
 */

/** Two openings of an accumulator, and the chain's link. */
const BATCH_FIXED = 2430;
const INSERTION_LEVEL = 1280;
/** Sign, magnitude and fraction of a slot; its index takes two comparisons' carries and INDEX_BITS more. */
const SLOT = 69;
const TIERED_SLOT = 86;
/** Beside its W bits: flags and weights. */
const EXCESS = 16;
const LEAF_FIXED = 240;
const LEAF_WORD = 38;
const HOLDINGS_PER_WORD = 3;
/** A node of the accounts tree takes 609 and has 16 accounts below it. */
const NODE = 38;

const CLOSE_FIXED = 3700;
const PART_FIXED = 2100;
const END = 5700;
const ROW = 372;
const ROW_SCENARIO = 42;
const ROW_TIERS = 88;

/** Estimated constraints of one batch. */
export function batchCost({ shape: { N, K, T, S, W }, indexBits }: BatchCircuit, depth: number): number {
  const leaf = LEAF_FIXED + LEAF_WORD * Math.ceil(K / HOLDINGS_PER_WORD);
  const account = K * (SLOT + indexBits) + T * TIERED_SLOT + (S + 1) * (W + EXCESS) + leaf + NODE;
  return BATCH_FIXED + INSERTION_LEVEL * (depth - cellLevel(N)) + N * account;
}

/** Estimated constraints of the proofs that close an epoch, in the order in which they are made: parts and end, or the whole close. */
export function closeCosts(close: CloseCircuits, S: number): readonly number[] {
  const row = ROW + S * ROW_SCENARIO + (close.T > 0 ? ROW_TIERS : 0);
  if (close.kind === 'whole') return [CLOSE_FIXED + close.U * row];
  return [...Array.from({ length: close.count }, () => PART_FIXED + close.rows * row), END];
}
