import type { BucketKeys, BucketSource } from '../../proving/receipt-buckets/export-buckets.js';
import type { ReceiptKey } from '../../store/receipt-keys.js';

/** Keys of a venue's accounts, and of one epoch's padding, as an export takes them. */
export function bucketKeysOf(key: ReceiptKey, { common: { venue, attestation } }: BucketSource): BucketKeys {
  return {
    accessKeyOf: ({ userId, subAccount }) => key.accessKeyOf({ ...venue, userId, subAccount }),
    paddingKey: key.paddingKeyOf(attestation.sha256),
  };
}
