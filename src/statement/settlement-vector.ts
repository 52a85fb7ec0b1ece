import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToInteger } from '../commitment/digest.js';
import type { BookRow } from '../commitment/epoch-chain.js';
import { FIELD_MODULUS, addInField, multiplyInField, toField } from '../field/scalar-field.js';
import type { MarketRow } from '../risk/market-table.js';
import { isSettlementKind } from '../venue/instrument.js';
import { SignalsShapeError } from './named-signals.js';

/** What the point z is derived from, besides the vector. */
export interface VectorContext {
  readonly base: bigint;
  readonly epoch: bigint;
  readonly finalAccumulator: bigint;
  readonly marketCommitment: bigint;
}

const WORD_BYTES = 32;

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
  const head = [context.base, context.epoch, context.finalAccumulator, context.marketCommitment];
  const offsetOfWords = BigInt((head.length + 1) * WORD_BYTES);
  const encoded = encodeWords([...head, offsetOfWords, BigInt(words.length), ...words]);
  return bytesToInteger(keccak_256(encoded)) % FIELD_MODULUS;
}

/** `sum_i words_i z^i mod p`, by Horner. */
export function settlementValue(words: readonly bigint[], z: bigint): bigint {
  return words.reduceRight((value, word) => addInField(multiplyInField(value, z), toField(word)), 0n);
}

function encodeWords(words: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(words.length * WORD_BYTES);
  words.forEach((word, place) => {
    for (let byte = WORD_BYTES - 1, rest = word; byte >= 0; byte -= 1, rest >>= 8n) {
      bytes[place * WORD_BYTES + byte] = Number(rest & 0xffn);
    }
  });
  return bytes;
}
