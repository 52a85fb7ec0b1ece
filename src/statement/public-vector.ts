import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToInteger } from '../commitment/digest.js';
import { FIELD_MODULUS, addInField, multiplyInField, toField } from '../field/scalar-field.js';

/*
 * How a proof speaks of many public numbers with two signals: a contract draws a point from the whole vector and from what
 * commits the prover to it, and the proof says what the vector's polynomial is there.
 */

const WORD_BYTES = 32;

/** `keccak256(abi.encode(head..., uint256[] words)) mod p`, each of `head` a uint256. */
export function pointOf(head: readonly bigint[], words: readonly bigint[]): bigint {
  const offsetOfWords = BigInt((head.length + 1) * WORD_BYTES);
  return bytesToInteger(keccak_256(encodeWords([...head, offsetOfWords, BigInt(words.length), ...words]))) % FIELD_MODULUS;
}

/** `sum_i words_i z^i mod p`, by Horner. */
export function valueAt(z: bigint, words: readonly bigint[]): bigint {
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
