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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  let place = 0;
  for (; place + 8 <= bytes.length; place += 8) value = (value << 64n) | view.getBigUint64(place);
  for (; place < bytes.length; place += 1) value = (value << 8n) | BigInt(view.getUint8(place));
  return value;
}
