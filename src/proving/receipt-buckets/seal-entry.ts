import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { BUCKET_INFO, DERIVED_BYTES, splitSecrets } from '../../attestation/receipt-bucket-secrets.js';
import { SEAL_BYTES, TAG_BYTES, type BucketSecrets } from '../../attestation/receipt-bucket.js';

/** As deriveBucketSecrets, at once: a million accounts wait for no thread pool. */
export function bucketSecretsOf(accessKey: Uint8Array, attestationSha256: string): BucketSecrets {
  return splitSecrets(new Uint8Array(hkdfSync('sha256', accessKey, Buffer.from(attestationSha256, 'hex'), BUCKET_INFO, DERIVED_BYTES)));
}

/** An entry: tag, AES-256-GCM of the encoded part with the tag authenticated, and its seal. */
export function sealEntry({ tag, key, nonce }: BucketSecrets, part: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: SEAL_BYTES }).setAAD(tag);
  return Buffer.concat([tag, cipher.update(part), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Entries that are nobody's: a stream of bytes that only the holder of the key can tell from entries, and makes again. With random
 * ones instead, an epoch exported twice would show by what stayed the same which entries are accounts.
 */
export function paddingEntries(paddingKey: Uint8Array, bucket: number, count: number, entryBytes: number): Uint8Array[] {
  const key = createHmac('sha256', paddingKey).update(`bucket|${bucket}`).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(TAG_BYTES)).update(Buffer.alloc(count * entryBytes));
  return Array.from({ length: count }, (_, place) => stream.subarray(entryBytes * place, entryBytes * (place + 1)));
}
