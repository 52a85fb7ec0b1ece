import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256OfText } from '../../src/attestation/canonical-json.js';
import { checksumAddress } from '../../src/attestation/checksum-address.js';
import type { AccountPart } from '../../src/attestation/receipt-bucket-entry.js';
import { parseManifest, serializeManifest } from '../../src/attestation/receipt-bucket-format.js';
import type { BucketQuestion } from '../../src/attestation/receipt-bucket-open.js';
import { bucketNumber } from '../../src/attestation/receipt-bucket-secrets.js';
import { bucketFile, COMMON_FILE, MANIFEST_FILE, type BucketManifest, type ReceiptCommon } from '../../src/attestation/receipt-bucket.js';
import { ReceiptKey } from '../../src/store/receipt-keys.js';
import type { BucketKeys, BucketSource } from '../../src/proving/receipt-buckets/export-buckets.js';
import { smallMarket } from './market.js';

const VENUE = { chainId: 31337n, registry: checksumAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3'), venueId: 7n };
export const RECEIPT_KEY = ReceiptKey.fromText('c0ffee'.padEnd(64, '0'), 'test key');
const SIBLINGS = Array.from({ length: 15 }, (_, child) => BigInt(child) * 2n ** 200n + 1n);

/** What receipts of a test's epoch share. Nothing in it is proven. */
export function commonOf(epoch = 1): ReceiptCommon {
  return {
    venue: VENUE, epoch, depth: 2, market: smallMarket(), circuits: [{ circuit: 'solvency-batch-n16-k3-s2', slots: 3 }, { circuit: 'solvency-batch-n16-k5-s2-t2', slots: 5 }],
    attestation: { sha256: sha256OfText(`attestation of epoch ${epoch}`), location: 'attestation.json' },
  };
}

/** An account's part; what it holds depends on its place. */
export function partOf(place: number, epoch = 1): AccountPart {
  return {
    circuit: place % 2 === 0 ? 'solvency-batch-n16-k3-s2' : 'solvency-batch-n16-k5-s2-t2', userId: `user-${place}`, subAccount: place % 3, owner: BigInt(place) + 1n,
    salt: BigInt(place) * 1_000n + BigInt(epoch),
    holdings: Array.from({ length: place % 4 }, (_, slot) => ({ index: slot, quantity: slot === 1 ? -(2n ** 64n) : BigInt(place) + 1n })),
    path: { position: place % 256, siblings: [SIBLINGS, SIBLINGS] },
  };
}

export function sourceOf(accounts: number, epoch = 1, parts: readonly AccountPart[] = Array.from({ length: accounts }, (_, place) => partOf(place, epoch))): BucketSource {
  return { common: commonOf(epoch), places: Math.ceil(parts.length / 16) * 16, names: () => each(parts), parts: () => each(parts) };
}

export function keysOf({ common }: BucketSource, key = RECEIPT_KEY): BucketKeys {
  return { accessKeyOf: (name) => key.accessKeyOf({ ...common.venue, ...name }), paddingKey: key.paddingKeyOf(common.attestation.sha256) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is read asynchronously
async function* each<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}

/** What a reader with this access key fetches from an epoch's folder. */
export async function questionFrom(folder: string, accessKey: Uint8Array): Promise<BucketQuestion> {
  const manifestText = await readFile(join(folder, MANIFEST_FILE), 'utf8');
  const bucket = await bucketNumber(accessKey, parseManifest(manifestText));
  return { manifestText, commonText: await readFile(join(folder, COMMON_FILE), 'utf8'), bucketBytes: await readFile(join(folder, bucketFile(bucket))), accessKey };
}

/** The question with other bucket bytes that the manifest names: what a host that forges both can do. */
export function withBucket(question: BucketQuestion, bucketBytes: Uint8Array, changes: Partial<BucketManifest> = {}): BucketQuestion {
  const manifest = parseManifest(question.manifestText);
  const sha256 = createHash('sha256').update(bucketBytes).digest('hex');
  return { ...question, bucketBytes, manifestText: serializeManifest({ ...manifest, bucketSha256: manifest.bucketSha256.map(() => sha256), ...changes }) };
}

export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-buckets-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
