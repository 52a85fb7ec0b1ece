import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import { ACCESS_KEY_BYTES, TAG_BYTES, type BucketManifest, type BucketSecrets } from './receipt-bucket.js';
import { AccessKeyError } from './receipt-bucket-errors.js';

/** Version 1 of the derivation. */
export const BUCKET_INFO = 'clearproof bucket 1';

const NUMBER_BYTES = 4;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
/** Bytes that are derived for an account and an epoch. */
export const DERIVED_BYTES = NUMBER_BYTES + TAG_BYTES + KEY_BYTES + NONCE_BYTES;

const ACCESS_KEY_TEXT = /^[A-Za-z0-9_-]{43}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * HKDF-SHA-256 of the access key with the attestation's SHA-256 as salt. Salted so, two epochs of one account share nothing that
 * could be seen.
 *
 * @param attestationSha256 64 hex digits
 */
export async function deriveBucketSecrets(accessKey: Uint8Array, attestationSha256: string): Promise<BucketSecrets> {
  if (accessKey.length !== ACCESS_KEY_BYTES) throw new AccessKeyError(`an access key has ${ACCESS_KEY_BYTES} bytes, this one ${accessKey.length}: copy the whole link`);
  if (!SHA256.test(attestationSha256)) throw new RangeError('the SHA-256 of an attestation has 64 lower-case hex digits');
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new Uint8Array(accessKey), 'HKDF', false, ['deriveBits']);
  const salt = new Uint8Array(hexToBytes(attestationSha256));
  const bits = await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: new Uint8Array(utf8ToBytes(BUCKET_INFO)) }, key, 8 * DERIVED_BYTES);
  return splitSecrets(new Uint8Array(bits));
}

/** The parts of DERIVED_BYTES derived bytes. */
export function splitSecrets(bytes: Uint8Array): BucketSecrets {
  const number = new DataView(bytes.buffer, bytes.byteOffset, NUMBER_BYTES).getUint32(0);
  const keyAt = NUMBER_BYTES + TAG_BYTES;
  return { number, tag: bytes.subarray(NUMBER_BYTES, keyAt), key: bytes.subarray(keyAt, keyAt + KEY_BYTES), nonce: bytes.subarray(keyAt + KEY_BYTES) };
}

/** Which bucket holds an access key's entry: 0 <= n < manifest.buckets. */
export async function bucketNumber(accessKey: Uint8Array, manifest: Pick<BucketManifest, 'attestationSha256' | 'buckets'>): Promise<number> {
  const { number } = await deriveBucketSecrets(accessKey, manifest.attestationSha256);
  return number % manifest.buckets;
}

/** Base64url without padding: 43 characters. */
export function accessKeyToText(accessKey: Uint8Array): string {
  return btoa(String.fromCharCode(...accessKey)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** The text is not shown in the error. @throws AccessKeyError */
export function accessKeyFromText(text: string): Uint8Array {
  // 43 characters carry 258 bits; the last two are 0 in what accessKeyToText writes.
  if (ACCESS_KEY_TEXT.test(text)) {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
    if (accessKeyToText(bytes) === text) return bytes;
  }
  throw new AccessKeyError('this is no access key, which has 43 characters A-Z a-z 0-9 - _: copy the whole link from the venue\'s mail');
}
