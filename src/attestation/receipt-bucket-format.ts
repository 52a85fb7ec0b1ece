import { marketTableFromJson, marketTableToJson } from '../risk/market-table-json.js';
import type { JsonNode } from '../venue/json-node.js';
import { FORMAT_VERSION } from './attestation.js';
import { canonicalText, type JsonObjectValue } from './canonical-json.js';
import { openEnvelope, readCircuitName, readDepth, readEpoch, readVenue, venueToJson } from './format-fields.js';
import {
  MAX_BUCKET_BYTES, MAX_BUCKETS, MAX_ENTRIES, MAX_ENTRY_BYTES, SEAL_BYTES, TAG_BYTES, type BucketManifest, type LatestBuckets, type ReceiptCommon,
} from './receipt-bucket.js';

const MANIFEST_FORMAT = 'clearproof-receipt-buckets';
const COMMON_FORMAT = 'clearproof-receipt-common';
const LATEST_FORMAT = 'clearproof-receipt-latest';

const MANIFEST_FIELDS = ['venue', 'epoch', 'attestationSha256', 'buckets', 'k', 'entryBytes', 'entriesPerBucket', 'commonSha256', 'bucketSha256'];
const COMMON_FIELDS = ['venue', 'epoch', 'depth', 'market', 'circuits', 'attestation'];
const LATEST_FIELDS = ['epoch', 'manifestSha256'];
/** 2^16 hashes of 67 characters, and a head. */
export const MAX_MANIFEST_LENGTH = 2 ** 23;
/** As a receipt, which has the same market table. */
export const MAX_COMMON_LENGTH = 2 ** 24;
export const MAX_LATEST_LENGTH = 2 ** 10;
const MAX_SLOTS = 1024;
/** A byte names one. */
const MAX_CIRCUITS = 2 ** 8;
const SHA256 = /^[0-9a-f]{64}$/;
const SHA256_RULE = '64 lower-case hex digits';
const LOCATION = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{0,1024}$/u;

/** Canonical text. @throws NotCanonicalError, AddressChecksumError */
export function serializeManifest(manifest: BucketManifest): string {
  return canonicalText({
    format: MANIFEST_FORMAT, version: FORMAT_VERSION, venue: venueToJson(manifest.venue, { file: 'manifest' }), epoch: manifest.epoch.toString(),
    attestationSha256: manifest.attestationSha256, buckets: manifest.buckets.toString(), k: manifest.k.toString(), entryBytes: manifest.entryBytes.toString(),
    entriesPerBucket: manifest.entriesPerBucket.toString(), commonSha256: manifest.commonSha256, bucketSha256: manifest.bucketSha256,
  }, { file: 'manifest' });
}

/**
 * Reads a manifest strictly, as receipts are read. Browser-safe.
 *
 * @throws WrongFormatError, FormatVersionError, JsonSizeError, JsonSyntaxError, JsonShapeError, AddressChecksumError
 */
export function parseManifest(text: string, file = 'manifest'): BucketManifest {
  const { fields } = openEnvelope(text, { file }, MANIFEST_FORMAT, MANIFEST_FIELDS, MAX_MANIFEST_LENGTH);
  const buckets = fields.field('buckets').integer(1, MAX_BUCKETS);
  if ((buckets & (buckets - 1)) !== 0) throw fields.field('buckets').refuse(`${buckets} is no power of two`);
  const hashes = fields.field('bucketSha256').list({ atLeast: buckets, atMost: buckets });
  const entryBytes = fields.field('entryBytes').integer(TAG_BYTES + SEAL_BYTES + 1, MAX_ENTRY_BYTES);
  const entriesPerBucket = fields.field('entriesPerBucket').integer(1, MAX_ENTRIES);
  if (entryBytes * entriesPerBucket > MAX_BUCKET_BYTES) throw fields.field('entriesPerBucket').refuse(`makes buckets of more than ${MAX_BUCKET_BYTES} bytes`);
  return Object.freeze({
    venue: readVenue(fields.field('venue')),
    epoch: readEpoch(fields.field('epoch')),
    attestationSha256: readSha256(fields.field('attestationSha256')),
    buckets,
    k: fields.field('k').integer(1, MAX_ENTRIES),
    entryBytes,
    entriesPerBucket,
    commonSha256: readSha256(fields.field('commonSha256')),
    bucketSha256: Object.freeze(hashes.map(readSha256)),
  });
}

/** Canonical text. @throws NotCanonicalError, AddressChecksumError */
export function serializeCommon(common: ReceiptCommon): string {
  const { sha256, location } = common.attestation;
  return canonicalText({
    format: COMMON_FORMAT, version: FORMAT_VERSION, venue: venueToJson(common.venue, { file: 'common' }), epoch: common.epoch.toString(),
    depth: common.depth.toString(), market: { ...marketTableToJson(common.market) } as unknown as JsonObjectValue,
    circuits: common.circuits.map(({ circuit, slots }) => ({ circuit, slots: slots.toString() })), attestation: { sha256, location },
  }, { file: 'common' });
}

/** Reads what all receipts of an epoch share, strictly. Browser-safe. @throws as parseManifest, and the errors of risk/market-errors.ts */
export function parseCommon(text: string, file = 'common'): ReceiptCommon {
  const { fields, raw } = openEnvelope(text, { file }, COMMON_FORMAT, COMMON_FIELDS, MAX_COMMON_LENGTH);
  const market = fields.field('market');
  const circuits = fields.field('circuits').list({ atLeast: 1, atMost: MAX_CIRCUITS }).map(readCircuit);
  const attestation = fields.field('attestation').object(['sha256', 'location']);
  return Object.freeze({
    venue: readVenue(fields.field('venue')),
    epoch: readEpoch(fields.field('epoch')),
    depth: readDepth(fields.field('depth')),
    market: marketTableFromJson(raw['market'], market.place),
    circuits: Object.freeze(circuits),
    attestation: Object.freeze({
      sha256: readSha256(attestation.field('sha256')),
      location: attestation.field('location').textLike(LOCATION, 'at most 1024 characters without control characters'),
    }),
  });
}

/** Canonical text. */
export function serializeLatest({ epoch, manifestSha256 }: LatestBuckets): string {
  return canonicalText({ format: LATEST_FORMAT, version: FORMAT_VERSION, epoch: epoch.toString(), manifestSha256 });
}

/** Reads the pointer strictly. Browser-safe. @throws as parseManifest */
export function parseLatest(text: string, file = 'latest'): LatestBuckets {
  const { fields } = openEnvelope(text, { file }, LATEST_FORMAT, LATEST_FIELDS, MAX_LATEST_LENGTH);
  return Object.freeze({ epoch: readEpoch(fields.field('epoch')), manifestSha256: readSha256(fields.field('manifestSha256')) });
}

function readCircuit(node: JsonNode): ReceiptCommon['circuits'][number] {
  const fields = node.object(['circuit', 'slots']);
  return Object.freeze({ circuit: readCircuitName(fields.field('circuit')), slots: fields.field('slots').integer(1, MAX_SLOTS) });
}

function readSha256(node: JsonNode): string {
  return node.textLike(SHA256, SHA256_RULE);
}
