import type { MarketTable } from '../risk/market-table.js';
import type { VenueLocation } from './attestation.js';

/** What an access key gives in one epoch. Secret but for the tag, which says nothing to others. */
export interface BucketSecrets {
  /** Chooses the bucket: this number modulo the number of buckets. */
  readonly number: number;
  /** TAG_BYTES: by it the entry is found. */
  readonly tag: Uint8Array;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** A batch circuit of the epoch, as entries name it: by its place in the list. */
export interface BucketCircuit {
  readonly circuit: string;
  readonly slots: number;
}

/** What all receipts of an epoch share. Public. */
export interface ReceiptCommon {
  readonly venue: VenueLocation;
  readonly epoch: number;
  readonly depth: number;
  readonly market: MarketTable;
  readonly circuits: readonly BucketCircuit[];
  readonly attestation: { readonly sha256: string; readonly location: string };
}

/** The list of an epoch's bucket files. Public. */
export interface BucketManifest {
  readonly venue: VenueLocation;
  readonly epoch: number;
  /** SHA-256 of the attestation, hex. */
  readonly attestationSha256: string;
  /** A power of two. */
  readonly buckets: number;
  /** Accounts that the venue says are in every bucket at least, where there is more than one. */
  readonly k: number;
  readonly entryBytes: number;
  readonly entriesPerBucket: number;
  /** SHA-256 of common.json, hex. */
  readonly commonSha256: string;
  /** SHA-256 of each bucket, hex, by number. */
  readonly bucketSha256: readonly string[];
}

/** Which epoch's folder is the newest: the one file of an export that changes. */
export interface LatestBuckets {
  readonly epoch: number;
  /** SHA-256 of that epoch's manifest.json, hex. */
  readonly manifestSha256: string;
}

export const ACCESS_KEY_BYTES = 32;
export const TAG_BYTES = 16;
/** What AES-GCM adds. */
export const SEAL_BYTES = 16;
/** Accounts a bucket has at least when nothing else is said. */
export const DEFAULT_K = 256;
/** Below this many accounts a reader's program fetches no bucket unless it is told to. */
export const DEFAULT_MINIMUM_K = 64;
/** 16 million accounts of 256 a bucket. */
export const MAX_BUCKETS = 2 ** 16;
export const MAX_ENTRIES = 2 ** 20;
/** Depth 12 and 1,024 slots take less. */
export const MAX_ENTRY_BYTES = 2 ** 15;
/** One file: a browser holds it whole. */
export const MAX_BUCKET_BYTES = 2 ** 28;

export const LATEST_FILE = 'latest.json';
export const MANIFEST_FILE = 'manifest.json';
export const COMMON_FILE = 'common.json';

/** Name of a bucket's file in its epoch's folder. */
export function bucketFile(bucket: number): string {
  return `${bucket}.bucket`;
}
