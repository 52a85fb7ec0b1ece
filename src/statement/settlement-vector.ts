import type { BookRow } from '../commitment/epoch-chain.js';
import type { MarketRow } from '../risk/market-table.js';
import { isSettlementKind } from '../venue/instrument.js';
import { SignalsShapeError } from './named-signals.js';
import { pointOf, valueAt } from './public-vector.js';

/** What the point z is derived from, besides the vector. */
export interface VectorContext {
  readonly base: bigint;
  readonly epoch: bigint;
  readonly finalAccumulator: bigint;
  readonly marketCommitment: bigint;
}

/**
 * Deposits and loans in quanta, A_0, L_0, A_1, L_1, …: one pair for each group of cash or spot rows in row order; the rows of
 * a group are the tiers of one asset. @throws SignalsShapeError for a row beyond the book
 */
export function settlementWords(rows: readonly MarketRow[], book: readonly BookRow[]): bigint[] {
  const words: bigint[] = [];
  for (const { kind, id, index, predecessor } of rows) {
    if (!isSettlementKind(kind)) continue;
    const row = book[index];
    if (row === undefined) throw new SignalsShapeError(`the book has ${book.length} rows, ${id} is row ${index}`);
    if (predecessor === 0) words.push(0n, 0n);
    const last = words.length - 1;
    words[last - 1] = (words[last - 1] as bigint) + (row.gross + row.net) / 2n;
    words[last] = (words[last] as bigint) + (row.gross - row.net) / 2n;
  }
  return words;
}

/** `keccak256(abi.encode(base, epoch, finalAccumulator, marketCommitment, words)) mod p`, as the registry computes it. */
export function settlementPoint(context: VectorContext, words: readonly bigint[]): bigint {
  return pointOf([context.base, context.epoch, context.finalAccumulator, context.marketCommitment], words);
}

/** `sum_i words_i z^i mod p`. */
export function settlementValue(words: readonly bigint[], z: bigint): bigint {
  return valueAt(z, words);
}
