import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';

const DIGEST_BYTES = 31;

/** First 31 bytes of SHA-256 over the UTF-8 text, big-endian: a field element below 2^248. */
export function digestOf(text: string): bigint {
  return bytesToInteger(sha256(utf8ToBytes(text)).subarray(0, DIGEST_BYTES));
}

/** Identifier of a circuit: the digest of its name in circuits.json. */
export function circuitIdOf(circuitName: string): bigint {
  return digestOf(circuitName);
}

/** Big-endian bytes as an integer. */
export function bytesToInteger(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);
}
