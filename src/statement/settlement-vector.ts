import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToInteger } from '../commitment/digest.js';
import type { BookRow } from '../commitment/epoch-chain.js';
import { FIELD_MODULUS, addInField, multiplyInField, toField } from '../field/scalar-field.js';
import { isSettlementKind, type Instrument } from '../venue/instrument.js';
import { SignalsShapeError } from './named-signals.js';

/** What the point z is derived from, besides the vector. */
export interface VectorContext {
  readonly base: bigint;
  readonly epoch: bigint;
  readonly finalAccumulator: bigint;
  readonly marketCommitment: bigint;
}

const WORD_BYTES = 32;

/** Deposits and loans in quanta, A_0, L_0, A_1, L_1, …: one pair for each cash or spot row in row order. @throws SignalsShapeError for a row beyond the book */
export function settlementWords(instruments: readonly Instrument[], book: readonly BookRow[]): bigint[] {
  return instruments.flatMap((instrument) => {
    if (!isSettlementKind(instrument.kind)) return [];
    const row = book[instrument.index];
    if (row === undefined) throw new SignalsShapeError(`the book has ${book.length} rows, ${instrument.id} is row ${instrument.index}`);
    return [(row.gross + row.net) / 2n, (row.gross - row.net) / 2n];
  });
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
